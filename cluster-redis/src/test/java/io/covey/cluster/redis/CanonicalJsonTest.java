package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.TaskBroker.Content;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CanonicalJsonTest {
    private static final int ROUNDS = 20_000;
    private static final String[] PIECES = {
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "\"",
        "\\",
        "\"a\"",
        "\"b\":",
        "\"a\":1",
        "\\n",
        "\\u0041",
        "\\/",
        " ",
        "0",
        "-0",
        "-1",
        "1",
        "1.5",
        "1.50",
        "1e21",
        "1e+21",
        "1E2",
        "12345678901234567890",
        "9007199254740993",
        "true",
        "false",
        "null",
        "nul",
        "\"1\":",
        "é",
        "\uD83D\uDE00",
        "\u007F",
        "\u0001",
        "[]",
        "{}",
        "\"\""
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[1,-2,0,1.5,1e+21,\"a\",true,false,null]",
                "[{\"file\":\"cat.png\",\"width\":200,\"tags\":[\"a\",\"b\"],\"more\":{}}]",
                "[\"\\\"\\\\\\b\\f\\n\\r\\t\"]",
                "[\"é\u2028\uD83D\uDE00\"]",
                "[12345678901234567890]"
            })
    void theUsualIsSeen(String json) {
        assertThat(CanonicalJson.isArray(json.getBytes(UTF_8))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "{}",
                "[ ]",
                "[1 ]",
                "[1]x",
                "[01]",
                "[1.0]",
                "[1.]",
                "[.5]",
                "[1e]",
                "[1e21]",
                "[+1]",
                "[-]",
                "[nul]",
                "[\"\\u0041\"]",
                "[\"\\/\"]",
                "[\"a]",
                "[\"\u0001\"]",
                "[{\"a\":1,\"a\":2}]",
                "[{\"b\":1,\"1\":2}]",
                "[{a:1}]",
                "[{\"a\"}]",
                "[1,]",
                "[,1]"
            })
    void whatIsNotCanonicalIsNot(String json) {
        assertThat(CanonicalJson.isArray(json.getBytes(UTF_8))).isFalse();
    }

    @Test
    void bytesThatAreNoUtf8AreNot() {
        int[][] wrong = {
            {0x80},
            {0xC1, 0x81},
            {0xC3},
            {0xE0, 0x80, 0x80},
            {0xED, 0xA0, 0x80},
            {0xF0, 0x80, 0x80, 0x80},
            {0xF4, 0x90, 0x80, 0x80},
            {0xFF},
            {0xE2, 0x82},
            {0xE2, 0x28, 0xA1}
        };
        for (int[] bytes : wrong) {
            byte[] json = new byte[bytes.length + 4];
            json[0] = '[';
            json[1] = '"';
            for (int i = 0; i < bytes.length; i++) {
                json[2 + i] = (byte) bytes[i];
            }
            json[json.length - 2] = '"';
            json[json.length - 1] = ']';
            assertThat(CanonicalJson.isArray(json)).as(Arrays.toString(bytes)).isFalse();
        }
    }

    /** Texts put together at random, and their bytes with one changed: whatever passes is what the writer would write. */
    @Test
    void whatPassesIsWhatTheWriterWrites() throws Exception {
        SplittableRandom random = new SplittableRandom(20260101);
        int passed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] json = text(random).getBytes(UTF_8);
            if (random.nextInt(4) == 0) {
                json[random.nextInt(json.length)] = (byte) random.nextInt(256);
            }
            if (CanonicalJson.isArray(json)) {
                passed++;
                assertThat(JsonWriter.canonical(Json.read(json)))
                        .as(new String(json, UTF_8))
                        .isEqualTo(json);
            }
        }
        assertThat(passed).isGreaterThan(ROUNDS / 100);
    }

    @Test
    void aTaskIsReadAlikeWithAndWithoutATree() throws Exception {
        SplittableRandom random = new SplittableRandom(20260102);
        for (int round = 0; round < ROUNDS; round++) {
            String raw = "{\"class\":\"" + word(random) + "\",\"queue\":\"" + word(random) + "\",\"args\":"
                    + text(random) + (random.nextBoolean() ? ",\"id\":\"" + word(random) + "\"" : "") + "}";
            byte[] bytes = raw.getBytes(UTF_8);
            ResqueJob read = ResqueJob.read(bytes);
            ResqueJob byTree;
            try {
                byTree = ResqueJob.of(Json.read(bytes), bytes);
            } catch (Json.MalformedException e) {
                assertThat(read.toString()).contains("Unreadable");
                continue;
            }
            assertThat(read.queue()).as(raw).isEqualTo(byTree.queue());
            assertThat(words(read.content())).as(raw).isEqualTo(words(byTree.content()));
        }
    }

    private static String words(Content content) {
        return content instanceof Content.Readable task
                ? task.type() + new String(task.args(), UTF_8) + task.id() + task.headers() + task.key() + task.unique()
                : content.getClass().getName();
    }

    private static String word(SplittableRandom random) {
        String[] words = {"", "resize", "a\\nb", "é", "a.b:c-d", "x\"y"};
        return words[random.nextInt(words.length)];
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder("[");
        for (int n = random.nextInt(8); n > 0; n--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
            if (random.nextBoolean()) {
                text.append(',');
            }
        }
        if (random.nextBoolean() && text.charAt(text.length() - 1) == ',') {
            text.setLength(text.length() - 1);
        }
        return text.append(']').toString();
    }
}
