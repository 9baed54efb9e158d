package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.ScheduleStore;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchedulesTest {
    private static final TaskType<String> SWEEP =
            TaskType.of("sweep", String.class).on("cleaning");
    private static final Recurrence EVERY_MINUTE = Recurrence.every(Duration.ofMinutes(1));

    private final Fleet fleet = new Fleet();
    private final Cluster node = fleet.join();
    private final TaskQueue tasks = TaskQueue.on(node);

    @AfterEach
    void close() {
        fleet.close();
    }

    private long waiting() {
        return tasks.inspect().queue("cleaning").map(QueueInfo::waiting).orElse(0L);
    }

    private RecurringTask only(Cluster cluster) {
        return Schedules.on(cluster).list(Set.of("cleaning")).get(0);
    }

    private void awaitNext(Instant next) {
        await().atMost(Duration.ofSeconds(60)).until(() -> only(node).next().equals(next));
    }

    @Test
    void theSameDeclarationChangesNothingAndAnotherIsPlannedAnew() {
        Schedules schedules = Schedules.on(node);
        Instant start = fleet.now();
        assertThat(schedules.declare("sweep", EVERY_MINUTE, SWEEP, "hall")).isTrue();
        fleet.elapse(Duration.ofSeconds(20));
        assertThat(schedules.declare("sweep", EVERY_MINUTE, SWEEP, "hall")).isFalse();
        assertThat(Schedules.on(fleet.join()).declare("sweep", EVERY_MINUTE, SWEEP, "hall"))
                .isFalse();
        assertThat(only(node).next()).isEqualTo(start.plusSeconds(60));
        assertThat(schedules.declare("sweep", EVERY_MINUTE, SWEEP, "stairs")).isTrue();
        assertThat(only(node)).satisfies(task -> {
            assertThat(task.next()).isEqualTo(start.plusSeconds(80));
            assertThat(task.args()).isEqualTo("[\"stairs\"]");
            assertThat(task.recurrence()).isEqualTo("every PT1M");
        });
    }

    @Test
    void aRecurringTaskThatIsRunNowKeepsItsTimes() {
        Schedules schedules = Schedules.on(node);
        Instant start = fleet.now();
        schedules.declare("sweep", EVERY_MINUTE, SWEEP, "hall");
        assertThat(schedules.runNow("cleaning", "sweep")).isTrue();
        assertThat(schedules.runNow("cleaning", "sweep")).isTrue();
        assertThat(schedules.runNow("cleaning", "mop")).isFalse();
        assertThat(waiting()).isEqualTo(2);
        assertThat(only(node).next()).isEqualTo(start.plusSeconds(60));
    }

    @Test
    void eachDueTimeIsServedOnceHoweverManyNodesLook() {
        Instant start = fleet.now();
        for (int i = 0; i < 5; i++) {
            Schedules.on(fleet.join()).declare("sweep", EVERY_MINUTE, SWEEP, "hall");
        }
        for (int minute = 1; minute <= 3; minute++) {
            fleet.elapse(Duration.ofMinutes(1));
            awaitNext(start.plus(Duration.ofMinutes(minute + 1)));
        }
        assertThat(waiting()).isEqualTo(3);
    }

    @Test
    void thoseThatAnotherVersionDeclaredHoldUpNoOtherHoweverMany() {
        Instant start = fleet.now();
        ScheduleStore store = node.transport().tasks().orElseThrow().schedules().orElseThrow();
        for (int i = 0; i < 230; i++) {
            store.put("cleaning", "unknown" + i, "{}".getBytes(StandardCharsets.UTF_8), start.minusSeconds(1));
        }
        Schedules.on(node).declare("sweep", EVERY_MINUTE, SWEEP, "hall");
        fleet.elapse(Duration.ofMinutes(1));
        await().atMost(Duration.ofSeconds(60)).until(() -> waiting() == 1);
    }

    @Test
    void aNodeThatDeclaredAndLeftDoesNotStopIt() {
        Cluster gone = fleet.join();
        Instant start = fleet.now();
        Schedules.on(gone).declare("sweep", EVERY_MINUTE, SWEEP, "hall");
        gone.close(Duration.ZERO);
        Worker worker = Worker.on(node)
                .queues("cleaning")
                .handlers(handlers -> handlers.handle(SWEEP, (room, task) -> {}))
                .start();
        fleet.elapse(Duration.ofMinutes(1));
        awaitNext(start.plusSeconds(120));
        await().atMost(Duration.ofSeconds(60)).until(() -> worker.stats().processed() == 1);
    }

    @Test
    void aWorkerWithoutSchedulerLeavesItToOthers() {
        Cluster gone = fleet.join();
        Schedules.on(gone).declare("sweep", EVERY_MINUTE, SWEEP, "hall");
        gone.close(Duration.ZERO);
        Instant next = only(node).next();
        AtomicInteger upkeeps = new AtomicInteger();
        Worker.on(node)
                .queues("cleaning")
                .withoutScheduler()
                .listener(event -> upkeeps.incrementAndGet())
                .handlers(handlers -> handlers.handle(SWEEP, (room, task) -> {}))
                .start();
        fleet.elapse(Duration.ofMinutes(1));
        // Events of its upkeep show that it had the time to look.
        for (int i = 1; i <= 3; i++) {
            int seen = upkeeps.get();
            tasks.enqueueAt(SWEEP, "later", fleet.now().plusMillis(1));
            fleet.elapse(Duration.ofMillis(2));
            await().atMost(Duration.ofSeconds(60)).until(() -> upkeeps.get() > seen);
        }
        assertThat(only(node).next()).isEqualTo(next);
    }

    @Test
    void aStopEndsItInTheWholeCluster() {
        Cluster other = fleet.join();
        Schedules.on(other).declare("sweep", EVERY_MINUTE, SWEEP, "hall");
        Schedules.on(other).declare("mop", EVERY_MINUTE, SWEEP, "hall");
        Instant start = fleet.now();
        assertThat(Schedules.on(node).stop("cleaning", "sweep")).isTrue();
        assertThat(Schedules.on(node).stop("cleaning", "sweep")).isFalse();
        fleet.elapse(Duration.ofMinutes(1));
        awaitNext(start.plusSeconds(120));
        assertThat(waiting()).isEqualTo(1);
    }

    @Test
    void missedTimesAreMadeUpForAsThePolicySays() {
        Instant start = fleet.now();
        Schedules schedules = Schedules.on(node);
        schedules.declare("all", EVERY_MINUTE, Misfire.all(4), NewTask.of(SWEEP, "all"));
        schedules.declare("once", EVERY_MINUTE, Misfire.once(), NewTask.of(SWEEP, "once"));
        schedules.declare("skip", Recurrence.every(Duration.ofMinutes(3)), Misfire.skip(), NewTask.of(SWEEP, "skip"));
        fleet.elapse(Duration.ofMinutes(5).plusSeconds(30));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> schedules.list(Set.of("cleaning")).stream()
                        .allMatch(task -> task.next().equals(start.plus(Duration.ofMinutes(6)))));
        NamedQueue queue = tasks.queue("cleaning");
        assertThat(queue.remove(SWEEP, "all")).isEqualTo(4);
        assertThat(queue.remove(SWEEP, "once")).isEqualTo(1);
        assertThat(queue.remove(SWEEP, "skip")).isZero();
    }

    @Test
    void itGoesToQueuesOfBothKindsWithWhatItsTypeSays() {
        tasks.queue("cleaning").change(now -> now.withKind(Kind.OWN));
        Schedules.on(node)
                .declare(
                        "sweep",
                        Recurrence.cron("* * * * *", ZoneId.of("Europe/Berlin")),
                        Misfire.all(100),
                        new NewTask<>(
                                SWEEP.key(room -> room).uniqueUntilDone(Duration.ofHours(1)),
                                "hall",
                                EnqueueOptions.none().withHeader("by", "the clock")));
        fleet.elapse(Duration.ofMinutes(10));
        awaitNext(fleet.now().plusSeconds(60));
        assertThat(waiting()).isEqualTo(1);
    }

    @Test
    void anIdOrATimeIsRefused() {
        Schedules schedules = Schedules.on(node);
        assertThatThrownBy(() -> schedules.declare(
                        "sweep",
                        EVERY_MINUTE,
                        Misfire.once(),
                        new NewTask<>(SWEEP, "x", EnqueueOptions.none().withId("1"))))
                .hasMessageContaining("sweep");
        assertThatThrownBy(() -> schedules.declare("a b", EVERY_MINUTE, SWEEP, "x"))
                .hasMessageContaining("name of a recurring task");
        assertThat(schedules.list()).isEmpty();
    }
}
