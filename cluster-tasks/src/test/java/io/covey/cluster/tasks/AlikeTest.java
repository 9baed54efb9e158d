package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.RefusedException;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlikeTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    record Report(String tenant, int month) {}

    private static final TaskType<Report> REPORT =
            TaskType.of("report", Report.class).on("reports");

    private final Fleet fleet = new Fleet();
    private final Cluster node = fleet.join();
    private final TaskQueue tasks = TaskQueue.on(node);

    @AfterEach
    void close() {
        fleet.close();
    }

    private long waiting() {
        return tasks.inspect().queue("reports").map(QueueInfo::waiting).orElse(0L);
    }

    @Test
    void aSecondOfTheSameArgumentsIsADuplicateAndIsNotAdded() {
        TaskType<Report> unique = REPORT.uniqueUntilDone(MINUTE);
        assertThat(tasks.enqueue(unique, new Report("ada", 1)).duplicate()).isFalse();
        assertThat(tasks.enqueue(unique, new Report("ada", 1)).duplicate()).isTrue();
        assertThat(tasks.enqueue(unique, new Report("ada", 2)).duplicate()).isFalse();
        assertThat(waiting()).isEqualTo(2);
    }

    @Test
    void whatIsAlikeCanBeAPartOfThePayload() {
        TaskType<Report> unique = REPORT.uniqueUntilDone(Report::tenant, MINUTE);
        assertThat(tasks.enqueue(unique, new Report("ada", 1)).duplicate()).isFalse();
        assertThat(tasks.enqueue(unique, new Report("ada", 2)).duplicate()).isTrue();
        assertThat(tasks.enqueue(unique, new Report("bob", 1)).duplicate()).isFalse();
    }

    @Test
    void aThrottledTypeIsAddedOnceInATime() {
        TaskType<Report> throttled = REPORT.throttle(Report::tenant, MINUTE);
        assertThat(tasks.enqueue(throttled, new Report("ada", 1)).accepted()).isTrue();
        assertThat(tasks.enqueue(throttled, new Report("ada", 2)).accepted()).isFalse();
        fleet.elapse(MINUTE.plusSeconds(2));
        assertThat(tasks.enqueue(throttled, new Report("ada", 3)).accepted()).isTrue();
    }

    @Test
    void headersAndKeysNeedAQueueThatHasRoomForThem() {
        TaskType<Report> keyed = REPORT.key(Report::tenant);
        assertThatThrownBy(() -> tasks.enqueue(keyed, new Report("ada", 1)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("OWN");
        assertThat(waiting()).isZero();
        tasks.queue("reports").change(now -> now.withKind(Kind.OWN));
        EnqueueOptions traced = EnqueueOptions.none().withHeader("traceparent", "00-1-2-01");
        assertThat(tasks.enqueue(keyed, new Report("ada", 1), traced).accepted())
                .isTrue();
        assertThat(waiting()).isEqualTo(1);
    }
}
