package io.covey.cluster.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.CodecException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCheckTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                " [ 1 , -0.5e-3 , \"a\\u00e9\\n\" , true , false , null , {} , { \"a\" : [ {} ] } ] \n",
                "[9007199254740993, 123456789012345678901234567890, 1e308]",
                "[\"\ud83d\ude00\", \"\\uD83D\\uDE00\", \"\\\\ud83d\"]",
            })
    void whatJsonAllowsIsTaken(String json) {
        assertThatCode(() -> JsonCheck.array(json)).doesNotThrowAnyException();
        assertThatCode(() -> JsonCheck.array(json.getBytes(UTF_8))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{} | must be a JSON array",
                "1 | must be a JSON array",
                "[NaN] | no value: NaN]",
                "[Infinity] | no value: Infinity]",
                "[-Infinity] | a number without digits, Infinity]",
                "[1e309] | at character 6 is a number beyond 1.8e308, 1e309]",
                "[01] | leading zero, 01",
                "[1.] | without digits",
                "[1e] | without digits",
                "[+1] | no value",
                "[1,] | no value",
                "[1 2] | no ,",
                "[1]] | after the end",
                "[1 | the end",
                "[\"\\q\"] | an escape",
                "[\"\\u12g4\"] | four hex digits",
                "[{\"a\"}] | no :",
                "[{1:2}] | no \" but 1:2}]",
            })
    void whatItDoesNotIsRefusedWithTheReason(String json, String reason) {
        assertThatThrownBy(() -> JsonCheck.array(json))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void halfASurrogatePairIsRefused() {
        for (String half :
                List.of("a\ud83d", "\\ud83d", "\\uDE00", "\\ud83d\\n", "\\ud83d\\ud83d\\ude00", "\\ude00\\ud83d")) {
            assertThatThrownBy(() -> JsonCheck.array("[\"" + half + "\"]"))
                    .hasMessageMatching(".*half a surrogate pair, .u(d83d|de00).*");
        }
        assertThatThrownBy(() -> JsonCheck.text("\ude00")).hasMessageContaining("half a surrogate pair");
    }

    @Test
    void aThousandLevelsAreTakenAndOneMoreIsNot() {
        assertThatCode(() -> JsonCheck.array("[".repeat(1000) + "]".repeat(1000)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> JsonCheck.array("[".repeat(1001) + "]".repeat(1001)))
                .hasMessageContaining("the limit is 1000 levels");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1e309]",
                "[-1.5E999]",
                "[\"a\", {\"b\": \"\\ud83d\"}]",
                "[\"\\\\\\ud83d\"]",
            })
    void whatNotEverybodyCanReadIsSeenInItsBytes(String json) {
        assertThatThrownBy(() -> JsonCheck.array(json.getBytes(UTF_8))).isInstanceOf(CodecException.class);
    }

    @Test
    void whatIsTooDeepOrTooLargeIsSeenInItsBytes() {
        for (String json : List.of(
                "[".repeat(1001) + "]".repeat(1001),
                "[".repeat(1001) + "\"]\"" + "]".repeat(1001),
                "[" + "9".repeat(310) + "]",
                "[-" + "9".repeat(310) + ".5]")) {
            assertThatThrownBy(() -> JsonCheck.array(json.getBytes(UTF_8))).isInstanceOf(CodecException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[{\"a\":[1,-2.5,true,false,null]},\"1e999 \\\\ \\\" [[[ \"]",
                "[9007199254740993]",
            })
    void usualArgumentsNeedNoSecondLook(String json) {
        assertThat(PlainJson.test(json.getBytes(UTF_8))).isTrue();
    }

    @Test
    void aThousandLevelsNeedNoLargeStack() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Runnable check = () -> JsonCheck.array("[{\"a\":".repeat(500) + "1" + "}]".repeat(500));
        Thread small = new Thread(null, check, "small", 64 << 10);
        small.setUncaughtExceptionHandler((thread, e) -> thrown.set(e));
        small.start();
        small.join();
        assertThat(thrown).hasNullValue();
    }
}
