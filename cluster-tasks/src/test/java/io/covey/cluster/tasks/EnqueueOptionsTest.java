package io.covey.cluster.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.CodecException;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Dedupe;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnqueueOptionsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    record Report(String tenant, int month) {}

    private static final TaskType<Report> REPORT = TaskType.of("report", Report.class);

    private final Fleet fleet = new Fleet();
    private final Cluster node = fleet.join();
    private final Writing writing = new Writing(node);

    @AfterEach
    void close() {
        fleet.close();
    }

    private TaskBroker.NewTask written(TaskType<Report> type, EnqueueOptions options) {
        return writing.task(new NewTask<>(type, new Report("ada", 7), options));
    }

    @Test
    void whatATypeSaysOfItsTasksTravelsWithEach() {
        TaskType<Report> type = REPORT.key(Report::tenant).uniqueUntilDone(Report::tenant, HOUR);
        TaskBroker.NewTask task = written(type, EnqueueOptions.none());
        assertThat(task.key()).contains("ada");
        assertThat(task.dedupe()).contains(new Dedupe.Unique(Optional.of("ada"), Until.DONE, HOUR));
    }

    @Test
    void optionsComeBeforeTheType() {
        TaskType<Report> type = REPORT.key(Report::tenant).uniqueUntilDone(HOUR);
        EnqueueOptions options = EnqueueOptions.none()
                .withKey("bob")
                .withHeader("traceparent", "00-1-2-01")
                .debounce(Duration.ofSeconds(2));
        TaskBroker.NewTask task = written(type, options);
        assertThat(task.key()).contains("bob");
        assertThat(task.headers()).isEqualTo(Map.of("traceparent", "00-1-2-01"));
        assertThat(task.dedupe()).contains(new Dedupe.Debounce(Optional.empty(), Duration.ofSeconds(2)));
    }

    @Test
    void theLastRuleForTasksAlikeCounts() {
        assertThat(List.of(
                        REPORT.uniqueUntilDone(HOUR),
                        REPORT.debounce(HOUR).uniqueUntilStarted(HOUR),
                        REPORT.uniqueUntilDone(HOUR).throttle(Report::tenant, HOUR),
                        REPORT.throttle(HOUR).debounce(Report::tenant, HOUR)))
                .extracting(
                        type -> written(type, EnqueueOptions.none()).dedupe().orElseThrow())
                .containsExactly(
                        new Dedupe.Unique(Optional.empty(), Until.DONE, HOUR),
                        new Dedupe.Unique(Optional.empty(), Until.STARTED, HOUR),
                        new Dedupe.Unique(Optional.of("ada"), Until.EXPIRY, HOUR),
                        new Dedupe.Debounce(Optional.of("ada"), HOUR));
        assertThat(List.of(
                        EnqueueOptions.none().uniqueUntilDone("x", HOUR),
                        EnqueueOptions.none().uniqueUntilStarted("x", HOUR),
                        EnqueueOptions.none().throttle("x", HOUR)))
                .extracting(options -> options.dedupe().orElseThrow())
                .containsExactly(
                        new Dedupe.Unique(Optional.of("x"), Until.DONE, HOUR),
                        new Dedupe.Unique(Optional.of("x"), Until.STARTED, HOUR),
                        new Dedupe.Unique(Optional.of("x"), Until.EXPIRY, HOUR));
    }

    @ParameterizedTest
    @ValueSource(strings = {"covey.key", "a b", "", "é"})
    void aHeaderThatIsOursOrUnprintableIsRefused(String name) {
        assertThatThrownBy(() -> EnqueueOptions.none().withHeader(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name of a header");
    }

    @Test
    void namesAndSizesBeyondTheirLimitsAreRefusedWithTheLimit() {
        assertThatThrownBy(() -> EnqueueOptions.none().withHeader("a", "x".repeat(20_000)))
                .hasMessageContaining("16384")
                .hasMessageContaining("20001");
        assertThatThrownBy(() -> EnqueueOptions.none().withKey("x".repeat(201))).hasMessageContaining("200");
        assertThatThrownBy(() -> EnqueueOptions.none().withKey("a\u0000b")).hasMessageContaining("control");
        assertThatThrownBy(() -> REPORT.debounce(Duration.ZERO)).hasMessageContaining("at least 1ms");
        assertThatThrownBy(() -> REPORT.throttle(Duration.ZERO)).hasMessageContaining("at least 1ms");
        assertThatThrownBy(() -> written(TaskType.of("App\\Jobs\\Report", Report.class), EnqueueOptions.none()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("task type", "{1,128}", "App\\Jobs\\Report");
        assertThatThrownBy(() -> writing.args(TaskType.of("big", String.class), "x".repeat(1 << 20)))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("big", "1048576", "1048580");
        assertThatThrownBy(() -> writing.args(TaskType.of("say", String.class), "\ud800"))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("half a surrogate pair");
    }

    record Reading(
            double value,
            float[] more,
            @Nullable BigDecimal exact,
            @Nullable String text) {}

    private static final TaskType<Reading> READ =
            TaskType.of("read", Reading.class).on("readings");

    @Test
    void whatOtherFleetsCouldNotReadIsRefusedWithTheValueAndTheName() {
        assertThat(written(new Reading(1e300, new float[] {1.5f}, new BigDecimal("1e30"), "\ud83d\ude00")))
                .startsWith("[{\"value\":1.0E300");
        assertRefused(new Reading(Double.NaN, new float[0], null, null), "read on readings", "NaN");
        assertRefused(
                new Reading(0, new float[] {1, Float.NEGATIVE_INFINITY}, null, null), "read on readings", "-Infinity");
        assertRefused(
                new Reading(0, new float[0], new BigDecimal("1e400"), null), "read on readings", "1E+400", "1.8e308");
        assertRefused(new Reading(0, new float[0], null, "\ud83d!"), "read on readings", "half a surrogate pair");
        assertThatThrownBy(() -> writing.args(TaskType.of("one", Double.class), Double.POSITIVE_INFINITY))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("one", "Infinity");
        assertThatThrownBy(() -> writing.args(TaskType.of("many", double[].class), new double[] {1, Double.NaN}))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("many", "NaN");
    }

    private void assertRefused(Reading reading, CharSequence... parts) {
        assertThatThrownBy(() -> writing.args(READ, reading))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll(parts);
    }

    private String written(Reading reading) {
        return new String(writing.args(READ, reading), UTF_8);
    }

    @Test
    void aTypeMayHaveALimitOfItsOwn() {
        TaskType<String> large = TaskType.raw("large").payloadAtMost(2 << 20);
        String payload = "[\"" + "x".repeat(3 << 19) + "\"]";
        assertThat(writing.args(large, payload)).hasSize((3 << 19) + 4);
        assertThat(large.on("other").retry(RetryPolicy.never()).payloadAtMost()).isEqualTo(2 << 20);
        assertThatThrownBy(() -> writing.args(large.payloadAtMost(1000), payload))
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll("large", "1000", "1572868");
        for (int none : new int[] {0, 4_000_001}) {
            assertThatThrownBy(() -> large.payloadAtMost(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("large", "4000000", Integer.toString(none));
        }
    }
}
