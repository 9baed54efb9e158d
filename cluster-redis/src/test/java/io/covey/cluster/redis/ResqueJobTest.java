package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskBroker.Content.Unreadable;
import io.covey.cluster.spi.TaskBroker.Dedupe.Unique;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResqueJobTest {
    private static final String AT = "2026-11-22T00:46:37.123Z";

    @Test
    void aTaskIsWrittenAsNodeResqueWritesIt() {
        byte[] job =
                ResqueJob.write("math", "add", "[ \"\\u00e9\\/\\u2028\", 1.50, {\"b\":1,\"a\":[]} ]".getBytes(UTF_8));
        assertThat(new String(job, UTF_8))
                .isEqualTo("{\"class\":\"add\",\"queue\":\"math\",\"args\":[\"é/\u2028\",1.5,{\"b\":1,\"a\":[]}]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"class\":\"add\",\"queue\":\"math\",\"args\":[1,2]}|[1,2]",
                "{\"class\":\"add\",\"args\":[1.0]}|[1.0]",
                "{\"args\":[12345678901234567890],\"queue\":\"q\",\"class\":\"add\"}|[12345678901234567890]",
                "{\"class\":\"add\",\"args\":null,\"vars\":null}|[]",
                "{\"class\":\"add\",\"args\":[\"x\"],\"vars\":null}|[\"x\"]",
                "{\"class\":\"add\",\"queue\":\"math\",\"args\":{}}|[]",
                "{\"class\":\"add\"}|[]",
                "{\"class\":\"add\",\"args\":[[]],\"id\":\"7\",\"headers\":{\"a\":1}}|[[]]"
            })
    void aTaskOfAnyFleetIsRead(String raw, String args) {
        assertThat(ResqueJob.read(raw.getBytes(UTF_8)).content()).isInstanceOfSatisfying(Readable.class, content -> {
            assertThat(content.type()).isEqualTo("add");
            assertThat(new String(content.args(), UTF_8)).isEqualTo(args);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "[]",
                "{\"args\":[]}",
                "{\"class\":7}",
                "{\"class\":\"\"}",
                "{\"class\":\"a\",\"args\":1}",
                "{\"class\":\"a\",\"args\":null,\"vars\":{\"n\":1}}"
            })
    void whatIsNoTaskKeepsItsBytesAndSaysWhy(String raw) {
        assertThat(ResqueJob.read(raw.getBytes(UTF_8)).content()).isInstanceOfSatisfying(Unreadable.class, content -> {
            assertThat(new String(content.raw(), UTF_8)).isEqualTo(raw);
            assertThat(content.reason()).isNotBlank();
        });
    }

    @Test
    void aTaskOfAQueueOfOursHasAnIdAndHeadersBehindWhatNodeResqueWrites() {
        SortedMap<String, String> headers = Headers.of(
                Map.of("traceparent", "00-1", "é", "\"/"),
                Optional.of("tenant"),
                Optional.of(new Unique(Optional.of("k"), Until.STARTED, Duration.ofMinutes(2))));
        byte[] job = ResqueJob.write("math", "add", "[1.0]".getBytes(UTF_8), "lane.1.1", headers);
        assertThat(new String(job, UTF_8))
                .isEqualTo("{\"class\":\"add\",\"queue\":\"math\",\"args\":[1],\"id\":\"lane.1.1\",\"headers\":{"
                        + "\"covey.key\":\"tenant\",\"covey.unique\":\"STARTED 120000\",\"covey.unique.key\":\"k\","
                        + "\"traceparent\":\"00-1\",\"é\":\"\\\"/\"}}");
        assertThat(ResqueJob.read(job).content()).isInstanceOfSatisfying(Readable.class, content -> {
            assertThat(content.id()).contains("lane.1.1");
            assertThat(content.headers()).containsOnlyKeys("traceparent", "é");
            assertThat(content.key()).contains("tenant");
            assertThat(content.unique()).contains(new Unique(Optional.of("k"), Until.STARTED, Duration.ofMinutes(2)));
            assertThat(JsonWriter.canonical(ResqueJob.payload("math", content))).isEqualTo(job);
            assertThat(ResqueJob.shared(content)).isInstanceOfSatisfying(Readable.class, shared -> {
                assertThat(shared.id()).isEmpty();
                assertThat(shared.headers()).isEmpty();
            });
        });
        byte[] plain = ResqueJob.write("math", "add", "[]".getBytes(UTF_8), "x", new TreeMap<>());
        assertThat(new String(plain, UTF_8))
                .isEqualTo("{\"class\":\"add\",\"queue\":\"math\",\"args\":[],\"id\":\"x\"}");
    }

    @Test
    void headersOfOursAreNotForUsers() {
        assertThatThrownBy(() -> Headers.of(Map.of("covey.key", "x"), Optional.empty(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The name of a header must not begin with covey., was \"covey.key\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"class\":\"a\",\"id\":\"7\",\"headers\":[1]}",
                "{\"class\":\"a\",\"id\":\"7\",\"headers\":{\"covey.unique\":\"EVER 1\"}}",
                "{\"class\":\"a\",\"id\":\"7\",\"headers\":{\"covey.unique\":\"DONE x\",\"n\":1}}"
            })
    void headersOfAnotherMakeDoNoHarm(String raw) {
        assertThat(ResqueJob.read(raw.getBytes(UTF_8)).content()).isInstanceOfSatisfying(Readable.class, content -> {
            assertThat(content.id()).contains("7");
            assertThat(content.headers()).isEmpty();
            assertThat(content.unique()).isEmpty();
        });
    }

    @Test
    void argumentsThatAreNoArrayAreRefused() {
        assertThatThrownBy(() -> ResqueJob.write("q", "t", "{}".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The arguments of task t for queue q must be a JSON array");
        assertThatThrownBy(() -> ResqueJob.write("q", "t", "[1".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFailureIsWrittenInTheOrderOfNodeResque() {
        Failure failure = failure(new Readable("add", "[1]".getBytes(UTF_8)));
        assertThat(new String(FailedEntry.write("math", failure), UTF_8))
                .isEqualTo("{\"worker\":\"covey.host:1\",\"queue\":\"math\","
                        + "\"payload\":{\"class\":\"add\",\"queue\":\"math\",\"args\":[1]},\"exception\":\"Error\","
                        + "\"error\":\"é\",\"backtrace\":[\"    at x\",\"y\"],\"failed_at\":\"" + AT + "\"}");
        assertThat(FailedEntry.read(FailedEntry.write("math", failure)).queue()).isEqualTo("math");
    }

    @Test
    void aFailureWithoutATaskKeepsItsBytes() {
        byte[] raw = {0, (byte) 0xff, '"'};
        FailedTask read = FailedEntry.read(FailedEntry.write("q", failure(new Unreadable(raw, "why"))));
        assertThat(read.failure().content()).isInstanceOfSatisfying(Unreadable.class, content -> {
            assertThat(content.raw()).isEqualTo(raw);
            assertThat(content.reason()).isEqualTo("why");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sun Nov 22 2026 00:46:37 GMT+0000 (Coordinated Universal Time)|2026-11-22T00:46:37Z",
                "Sun Nov 22 2026 02:46:37 GMT+0200 (Eastern European Standard Time)|2026-11-22T00:46:37Z",
                "2026/11/22 01:14:35 UTC|2026-11-22T01:14:35Z",
                "2026-11-22 01:14:33 +0000|2026-11-22T01:14:33Z",
                "2026-11-22T01:16:29.404+0000|2026-11-22T01:16:29.404Z",
                "2026-11-22T01:14:33Z|2026-11-22T01:14:33Z",
                "yesterday|1970-01-01T00:00:00Z"
            })
    void theDatesOfAllFleetsAreRead(String text, Instant expected) {
        assertThat(ForeignDate.parse(text)).isEqualTo(expected);
    }

    @Test
    void aFailureOfRubyIsRead() {
        String entry = "{\"failed_at\":\"2026/11/22 01:14:35 UTC\",\"payload\":{\"class\":\"Add\",\"args\":[1]},"
                + "\"exception\":\"StandardError\",\"error\":\"no\",\"backtrace\":[\"a\"],"
                + "\"worker\":\"host:7:math\",\"queue\":\"math\"}";
        FailedTask read = FailedEntry.read(entry.getBytes(UTF_8));
        assertThat(read.queue()).isEqualTo("math");
        assertThat(read.failure().exception()).isEqualTo("StandardError");
        assertThat(read.failure().content())
                .isInstanceOfSatisfying(
                        Readable.class, content -> assertThat(content.type()).isEqualTo("Add"));
    }

    private static Failure failure(Content content) {
        return new Failure(content, "Error", "é", List.of("    at x", "y"), "covey.host:1", Instant.parse(AT));
    }
}
