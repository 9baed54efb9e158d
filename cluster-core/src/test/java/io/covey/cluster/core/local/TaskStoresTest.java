package io.covey.cluster.core.local;

import static io.covey.cluster.core.local.QueueFixture.QUEUE;
import static io.covey.cluster.core.local.QueueFixture.on;
import static io.covey.cluster.core.local.QueueFixture.task;
import static io.covey.cluster.core.local.QueueFixture.types;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.spi.ScheduleStore;
import io.covey.cluster.spi.ScheduleStore.Due;
import io.covey.cluster.spi.ScheduleStore.Schedule;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Result;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskNotes;
import io.covey.cluster.spi.WorkerRegistry;
import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Notes, recurring tasks and the registry of workers. */
final class TaskStoresTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final byte[] NOTE = "{\"a\":1}".getBytes(UTF_8);
    private static final byte[] DAILY = "daily".getBytes(UTF_8);
    private final QueueFixture queue = new QueueFixture();
    private final TaskNotes notes = queue.broker.notes().orElseThrow();
    private final ScheduleStore schedules = queue.broker.schedules().orElseThrow();

    @Test
    void aNoteIsKeptForItsTimeAndTheNewestOfANameCounts() {
        queue.enqueue("a");
        Lease lease = queue.claim("ada", 1).get(0);
        assertThat(on(notes.put(lease.held(), "id", "n", new byte[0], HOUR))).isTrue();
        assertThat(on(notes.put(lease.held(), "id", "n", NOTE, HOUR))).isTrue();
        assertThat(note("n")).contains(NOTE);
        assertThat(note("m")).isEmpty();
        queue.clock.advance(HOUR);
        assertThat(note("n")).isEmpty();
    }

    @Test
    void aNoteOfALostLeaseIsRefused() {
        queue.enqueue("a");
        Lease lost = queue.claim("ada", 1).get(0);
        queue.allDie();
        assertThat(on(notes.put(lost.held(), "id", "n", NOTE, HOUR)))
                .as("nobody else has it")
                .isTrue();
        Lease newer = queue.claim("bob", 1).get(0);
        assertThat(on(notes.put(lost.held(), "id", "n", new byte[0], HOUR))).isFalse();
        assertThat(note("n")).contains(NOTE);
        queue.settle(newer, new Outcome.Done());
        assertThat(on(notes.put(newer.held(), "id", "n", new byte[0], HOUR))).isFalse();
    }

    @Test
    void aResultIsKeptIfItsSettlementIsAccepted() {
        queue.enqueue("a");
        Lease lost = queue.claim("ada", 1).get(0);
        queue.allDie();
        Lease lease = queue.claim("bob", 1).get(0);
        assertThat(queue.settle(lost, new Outcome.Done(Optional.of(new Result("id", new byte[0], HOUR)))))
                .isEqualTo(Settled.FENCED);
        assertThat(note(TaskNotes.RESULT)).isEmpty();
        queue.settle(lease, new Outcome.Done(Optional.of(new Result("id", NOTE, HOUR))));
        assertThat(note(TaskNotes.RESULT)).contains(NOTE);
    }

    @Test
    void aNoteThatIsTooLargeIsRefusedWithItsName() {
        queue.enqueue("a");
        Lease lease = queue.claim("ada", 1).get(0);
        byte[] large = new byte[(1 << 20) + 1];
        assertThatThrownBy(() -> on(notes.put(lease.held(), "id", "big", large, HOUR)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("big")
                .hasMessageContaining("1048576");
        assertThatThrownBy(() -> queue.settle(lease, new Outcome.Done(Optional.of(new Result("id", large, HOUR)))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRecurringTaskIsTickedOnceForEachTimeItIsDue() {
        Instant start = queue.clock.instant();
        assertThat(put(start.plus(HOUR))).isTrue();
        assertThat(due().schedules()).isEmpty();
        queue.clock.advance(HOUR);
        Due due = due();
        assertThat(due.now()).isEqualTo(start.plus(HOUR));
        Schedule schedule = due.schedules().get(0);
        Optional<Instant> next = Optional.of(start.plus(HOUR).plus(HOUR));
        assertThat(on(schedules.tick(schedule, next, List.of(task("a"))))).isTrue();
        assertThat(on(schedules.tick(schedule, next, List.of(task("a"))))).isFalse();
        assertThat(types(queue.claim("ada", 5))).containsExactly("a");
        assertThat(due().schedules()).isEmpty();
        assertThat(on(schedules.list(Set.of(QUEUE))).get(0).next()).isEqualTo(next.get());
    }

    @Test
    void theSameDefinitionChangesNothingAndAnotherReplacesIt() {
        Instant start = queue.clock.instant();
        put(start);
        assertThat(put(start.plus(HOUR))).isFalse();
        Schedule schedule = due().schedules().get(0);
        assertThat(schedule.next()).isEqualTo(start);
        assertThat(on(schedules.put(QUEUE, "report", NOTE, start.plus(HOUR)))).isTrue();
        assertThat(on(schedules.tick(schedule, Optional.of(start), List.of(task("a")))))
                .isFalse();
        assertThat(due().schedules()).isEmpty();
    }

    @Test
    void aRecurringTaskThatWasEndedIsNotTicked() {
        put(queue.clock.instant());
        Schedule schedule = due().schedules().get(0);
        assertThat(on(schedules.remove(QUEUE, "report"))).isTrue();
        assertThat(on(schedules.remove(QUEUE, "report"))).isFalse();
        assertThat(on(schedules.tick(schedule, Optional.empty(), List.of(task("a")))))
                .isFalse();
        put(queue.clock.instant());
        assertThat(on(schedules.tick(schedule, Optional.empty(), List.of(task("a")))))
                .isTrue();
        assertThat(on(schedules.list(Set.of(QUEUE)))).isEmpty();
    }

    @Test
    void aWorkerIsListedUntilItIsRetiredOrSilentForMinutes() {
        WorkerRegistry workers = queue.broker.workers().orElseThrow();
        on(workers.report(worker("bob")));
        on(workers.report(worker("ada")));
        assertThat(on(workers.list())).extracting(WorkerInfo::owner).containsExactly("ada", "bob");
        assertThat(on(workers.list()).get(0).seen()).isEqualTo(queue.clock.instant());
        on(workers.retire("bob"));
        queue.clock.advance(Duration.ofMinutes(4));
        assertThat(on(workers.list())).extracting(WorkerInfo::owner).containsExactly("ada");
        queue.clock.advance(Duration.ofMinutes(2));
        assertThat(on(workers.list())).isEmpty();
    }

    private static WorkerInfo worker(String owner) {
        return new WorkerInfo(owner, "host", 1, List.of(QUEUE), Instant.EPOCH, Instant.EPOCH, 0, 0, 1, List.of());
    }

    private boolean put(Instant next) {
        return on(schedules.put(QUEUE, "report", DAILY, next));
    }

    private Due due() {
        return on(schedules.due(Set.of(QUEUE)));
    }

    private Optional<byte[]> note(String name) {
        return on(notes.get(QUEUE, "id", name));
    }
}
