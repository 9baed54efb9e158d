package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes that JSON.stringify(JSON.parse(x)) gives, as node prints them. */
final class JsonWriterTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[ 1 , 2 ]|[1,2]",
                "[1.0]|[1]",
                "[1e-7]|[1e-7]",
                "[0.0000001]|[1e-7]",
                "[0.000001]|[0.000001]",
                "[1E2]|[100]",
                "[1e20]|[100000000000000000000]",
                "[1e21]|[1e+21]",
                "[123456789012345680000]|[123456789012345680000]",
                "[1.5e300]|[1.5e+300]",
                "[5e-324]|[5e-324]",
                "[-1.50]|[-1.5]",
                "[9007199254740991]|[9007199254740991]",
                "{\"b\":1,\"a\":2}|{\"b\":1,\"a\":2}",
                "{\"b\":1,\"10\":2,\"2\":3,\"a\":4}|{\"2\":3,\"10\":2,\"b\":1,\"a\":4}",
                "{\"01\":1,\"0\":2,\"4294967295\":3,\"4294967294\":4}|{\"0\":2,\"4294967294\":4,\"01\":1,\"4294967295\":3}",
                "{\"a\":1,\"b\":2,\"a\":3}|{\"a\":3,\"b\":2}",
                "{\"b\":1,\"a\":[]}|{\"b\":1,\"a\":[]}",
                "[{},[],[[]],null,true,false]|[{},[],[[]],null,true,false]",
            })
    void isWhatJavaScriptWrites(String json, String expected) throws Exception {
        assertThat(canonical(json)).isEqualTo(expected);
    }

    @Test
    void textIsEscapedAsLittleAsJavaScriptDoes() throws Exception {
        assertThat(canonical("[\"\\u00e9\\/<>&\\u2028\\u2029\\u007f\"]")).isEqualTo("[\"é/<>&\u2028\u2029\u007f\"]");
        assertThat(canonical("[\"\\u0000\\u001F\\b\\f\\n\\r\\t\\\"\\\\\"]"))
                .isEqualTo("[\"\\u0000\\u001f\\b\\f\\n\\r\\t\\\"\\\\\"]");
        assertThat(canonical("[\"\\uD83D\\uDCBE\"]")).isEqualTo("[\"💾\"]");
        assertThat(canonical("[\"\\uD800\",\"\\uDCBEx\"]")).isEqualTo("[\"\\ud800\",\"\\udcbex\"]");
    }

    @ParameterizedTest
    @CsvSource({
        "1.0, 1",
        "-0, 0",
        "-0.0, 0",
        "1e21, 1e+21",
        "1e20, 100000000000000000000",
        "12345678901234567890, 12345678901234567000",
        "9007199254740993, 9007199254740992",
        "1e400, null",
        "-1e400, null",
        "5.684341886080802e-14, 5.684341886080802e-14",
        "2e-3, 0.002",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "2.2250738585072014e-308, 2.2250738585072014e-308",
        "4.9e-324, 5e-324",
        "2e23, 2e+23",
        "0.1, 0.1",
        "100.25, 100.25",
        "9.5e-7, 9.5e-7",
        "123456.789e3, 123456789"
    })
    void aNumberHasTheFewestDigitsThatReadBackAsTheSame(String json, String expected) {
        assertThat(EcmaNumber.canonical(json)).isEqualTo(expected);
    }

    @Test
    void anyDoubleReadsBackAsItselfAndNotOneDigitCanGo() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                String printed = EcmaNumber.print(value);
                assertThat(Double.parseDouble(printed)).isEqualTo(value);
                assertThat(digits(printed)).isLessThanOrEqualTo(digits(Double.toString(value)));
            }
        }
    }

    private static int digits(String number) {
        return number.replaceAll("[eE].*", "")
                .replaceAll("[^0-9]", "")
                .replaceAll("^0+", "")
                .replaceAll("0+$", "")
                .length();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9007199254740993",
                "12345678901234567890",
                "-0",
                "1e400",
                "1e99999999999",
                "1e-400",
                "1e-99999999999",
                "0.10000000000000000001"
            })
    void aNumberThatADoubleCannotHoldStaysAsItIs(String number) throws Exception {
        assertThat(canonical("[" + number + "]")).isEqualTo("[" + number + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0", "0e7", "0E99999999999", "0.00e-99999999999"})
    void zeroHasOneForm(String number) throws Exception {
        assertThat(canonical("[" + number + "]")).isEqualTo("[0]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[", "[1,]", "{\"a\"}", "[NaN]", "[01]", "['a']", "[1]2", "\u0000", "[\"\n\"]"})
    void whatIsNoJsonIsRefusedWithAReasonInOneLine(String text) {
        assertThatThrownBy(() -> Json.read(text.getBytes(UTF_8)))
                .isInstanceOf(Json.MalformedException.class)
                .satisfies(
                        thrown -> assertThat(thrown.getMessage()).isNotBlank().doesNotContain("\n"));
    }

    @Test
    void whatIsTooDeepTooLongOrNoUtf8IsRefused() {
        String deep = "[".repeat(1001) + "]".repeat(1001);
        assertThatThrownBy(() -> Json.read(deep.getBytes(UTF_8))).isInstanceOf(Json.MalformedException.class);
        assertThatThrownBy(() -> Json.read(new byte[Json.MOST_BYTES + 1])).hasMessageContaining("limit is 4194304");
        assertThatThrownBy(() -> Json.read(new byte[] {'[', '"', (byte) 0xff, '"', ']'}))
                .hasMessageContaining("not UTF-8");
    }

    @Test
    void aThousandLevelsNeedNoLargeStack() throws InterruptedException {
        String deep = "[{\"a\":".repeat(500) + "1" + "}]".repeat(500);
        List<Object> came = new ArrayList<>();
        Runnable write = () -> {
            try {
                came.add(canonical(deep));
            } catch (Json.MalformedException | StackOverflowError e) {
                came.add(e);
            }
        };
        Thread small = new Thread(null, write, "small", 64 << 10);
        small.start();
        small.join();
        assertThat(came).containsExactly(deep);
    }

    private static String canonical(String json) throws Json.MalformedException {
        return new String(JsonWriter.canonical(Json.read(json.getBytes(UTF_8))), UTF_8);
    }
}
