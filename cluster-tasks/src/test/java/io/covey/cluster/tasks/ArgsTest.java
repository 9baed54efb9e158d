package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.CodecException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgsTest {
    record Resize(String file, int width) {}

    private final Fleet fleet = new Fleet();
    private final Cluster node = fleet.join();

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void aPayloadIsTheOneElementOfAList() {
        Args<Resize> args = TaskType.of("resize", Resize.class).args(node);
        Resize resize = new Resize("a,\"]b\\.png", 3);
        byte[] list = args.encode(resize);
        assertThat(text(list)).isEqualTo("[{\"file\":\"a,\\\"]b\\\\.png\",\"width\":3}]");
        assertThat(args.decode(list)).isEqualTo(resize);
        assertThat(args.decode(bytes(" [ {\"file\":\"x\", \"width\":1} ]\n"))).isEqualTo(new Resize("x", 1));
    }

    @Test
    void textIsAJsonString() {
        Args<String> args = TaskType.of("say", String.class).args(node);
        String said = "é \"quoted\" \\ \n \u0001 \u2028 \ud83d\ude00";
        byte[] list = args.encode(said);
        assertThat(text(list)).isEqualTo("[\"é \\\"quoted\\\" \\\\ \\n \\u0001 \u2028 \ud83d\ude00\"]");
        assertThat(args.decode(list)).isEqualTo(said);
        assertThat(args.decode(bytes("[\"\\u00e9\\/\"]"))).isEqualTo("é/");
    }

    @Test
    void otherFormatsAreBase64() {
        Args<byte[]> args = TaskType.of("store", byte[].class).args(node);
        byte[] list = args.encode(new byte[] {0, -1, 7});
        assertThat(text(list)).isEqualTo("[\"AP8H\"]");
        assertThat(args.decode(list)).containsExactly(0, -1, 7);
        assertThatThrownBy(() -> args.decode(bytes("[\"*\"]"))).isInstanceOf(CodecException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", " [ ] ", "{ }", "[{}]"})
    void nothingIsReadAsAnEmptyObject(String list) {
        record Sweep() {}
        assertThat(TaskType.of("sweep", Sweep.class).args(node).decode(bytes(list)))
                .isEqualTo(new Sweep());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "[1] | 1",
                "[1,2] | 2",
                "[\"a,b\",[1,[2]],{\"k\":[3,4]}] | 3",
                "[\"\\\"]\" , null] | 2",
                "{} | 0",
            })
    void elementsAreFoundByTheirBrackets(String list, int count) {
        assertThat(JsonArray.elements(bytes(list))).hasSize(count);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "]",
                "1",
                "{\"a\":1}",
                "[1",
                "[1 2]",
                "[,]",
                "[1,]",
                "[\"a]",
                "[[1]",
                "[1]]",
                "[}]",
                "\"\\"
            })
    void whatIsNoListIsRefused(String list) {
        assertThatThrownBy(() -> JsonArray.elements(bytes(list)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("JSON array");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "[\"\\q\"]", "[\"\\u12\"]", "[\"\\u12zz\"]"})
    void whatIsNoStringIsRefused(String list) {
        assertThatThrownBy(() -> TaskType.of("say", String.class).args(node).decode(bytes(list)))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void aRawPayloadIsTheWholeList() {
        Args<String> args = TaskType.raw("any").args(node);
        assertThat(List.of(text(args.encode("[1, 2]")), args.decode(bytes("{}"))))
                .containsExactly("[1, 2]", "{}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
