package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.CodecException;
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
                "[\"\ud83d\ude00\"]",
            })
    void whatJsonAllowsIsTaken(String json) {
        assertThatCode(() -> JsonCheck.array(json)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{} | must be a JSON array",
                "1 | must be a JSON array",
                "[NaN] | no value",
                "[Infinity] | no value",
                "[-Infinity] | a number without digits",
                "[1e309] | beyond 1.8e308",
                "[01] | leading zero",
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
                "[{1:2}] | no \"",
            })
    void whatItDoesNotIsRefusedWithTheReason(String json, String reason) {
        assertThatThrownBy(() -> JsonCheck.array(json))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void halfASurrogatePairIsRefused() {
        assertThatThrownBy(() -> JsonCheck.array("[\"a\ud83d\"]")).hasMessageContaining("half a surrogate pair");
        assertThatThrownBy(() -> JsonCheck.text("\ude00")).hasMessageContaining("half a surrogate pair");
    }

    @Test
    void aThousandLevelsAreTakenAndOneMoreIsNot() {
        assertThatCode(() -> JsonCheck.array("[".repeat(1000) + "]".repeat(1000)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> JsonCheck.array("[".repeat(1001) + "]".repeat(1001)))
                .hasMessageContaining("deeper than 1000");
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
