package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.QueueControl.Cancelled;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskInspector.QueueFlow;
import io.covey.cluster.spi.TaskInspector.State;
import io.covey.cluster.spi.TaskInspector.StoredTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What listing tasks promises, and counting what went through a queue. */
public abstract class InspectionContract extends FeatureContract {
    private static final Duration MOMENT = Duration.ofMillis(50);

    private List<StoredTask> list(String queue, State state, int limit) {
        return Page.stream(cursor -> on(elsewhere.inspector().tasks(queue, state, cursor, limit)))
                .toList();
    }

    private static List<String> typesOf(List<StoredTask> tasks) {
        return tasks.stream().map(task -> ((Readable) task.content()).type()).toList();
    }

    @Test
    final void tasksThatWaitAreListedInTheirOrderPageByPage() {
        for (String queue : List.of(Q, OWN)) {
            producer.enqueue(queue, "a", "b", "c", "d", "e");
            assertThat(typesOf(list(queue, State.WAITING, 2))).as(queue).containsExactly("a", "b", "c", "d", "e");
            assertThat(typesOf(list(queue, State.WAITING, 500))).as(queue).containsExactly("a", "b", "c", "d", "e");
            Lease first = ada.claimOne(queue);
            ada.settle(first, RELEASE);
            assertThat(typesOf(list(queue, State.WAITING, 3))).as(queue).containsExactly("a", "b", "c", "d", "e");
            assertThat(list(queue, State.RETRY, 10)).isEmpty();
            assertThat(list(queue, State.DELAYED, 10)).isEmpty();
        }
        assertThat(list("nobody-knows", State.WAITING, 10)).isEmpty();
    }

    @Test
    final void aTaskThatIsListedHasItsContentAndTheIdByWhichItIsCancelled() {
        add(
                OWN,
                Draft.of("a").args("[1,\"two\"]").id("mine"),
                Draft.of("b").key("k"),
                Draft.of("c").due(on(transport.time()).plus(LONG)));
        List<StoredTask> tasks = list(OWN, State.WAITING, 10);
        assertThat(typesOf(tasks)).containsExactlyInAnyOrder("a", "b");
        StoredTask mine = tasks.stream()
                .filter(task -> task.id().equals("mine"))
                .findFirst()
                .orElseThrow();
        assertThat(new String(((Readable) mine.content()).args(), UTF_8)).isEqualTo("[1,\"two\"]");
        assertThat(mine.due()).isEmpty();
        List<StoredTask> all = new ArrayList<>(tasks);
        all.addAll(list(OWN, State.DELAYED, 10));
        assertThat(all)
                .hasSize(3)
                .allSatisfy(
                        task -> assertThat(on(control.cancel(OWN, task.id()))).isEqualTo(Cancelled.REMOVED));
        assertThat(list(OWN, State.WAITING, 10)).isEmpty();
        assertThat(list(OWN, State.DELAYED, 10)).isEmpty();
    }

    @Test
    final void tasksOfLaterAreListedWithTheirTime() {
        Instant now = on(transport.time());
        for (String queue : List.of(Q, OWN)) {
            add(
                    queue,
                    Draft.of("second").due(now.plusSeconds(2000)),
                    Draft.of("first").due(now.plusSeconds(1000)),
                    Draft.of("third").due(now.plusSeconds(3000)),
                    Draft.of("third").args("[2]").due(now.plusSeconds(3000)));
        }
        add("other", Draft.of("x").due(now.plusSeconds(1000)));
        for (String queue : List.of(Q, OWN)) {
            for (int limit : List.of(1, 3, 100)) {
                List<StoredTask> tasks = list(queue, State.DELAYED, limit);
                assertThat(typesOf(tasks)).as(queue + limit).containsExactly("first", "second", "third", "third");
                // Backends may round up to a second.
                assertThat(tasks.get(0).due().orElseThrow()).isBetween(now.plusSeconds(999), now.plusSeconds(1002));
            }
        }
    }

    @Test
    final void tasksThatFailedAreListedWithTheTimeOfTheirRetry() {
        for (String queue : List.of(Q, OWN)) {
            producer.enqueue(queue, "a", "b");
            ada.settle(ada.claimOne(queue), RETRY_MUCH_LATER);
            List<StoredTask> tasks = list(queue, State.RETRY, 10);
            assertThat(typesOf(tasks)).as(queue).containsExactly("a");
            assertThat(tasks.get(0).due().orElseThrow())
                    .isAfter(on(transport.time()).plus(Duration.ofMinutes(55)));
            assertThat(typesOf(list(queue, State.WAITING, 10))).containsExactly("b");
        }
    }

    @Test
    final void whatIsDoneAndWhatHasFailedIsCountedForEachQueue() {
        producer.enqueue("one", "a", "b", "c", "d");
        producer.enqueue("two", "e");
        List<Lease> leases = ada.claim("one", 4);
        ada.settle(leases.get(0), DONE);
        ada.settle(leases.get(1), DONE);
        ada.settle(leases.get(2), fail(leases.get(2), "no"));
        ada.settle(leases.get(3), RETRY_NOW);
        assertThat(flow("one").done()).isEqualTo(2);
        assertThat(flow("one").failed()).isEqualTo(1);
        upkeep("one", "two");
        ada.settle(claimEventually(ada, "one"), DONE);
        upkeep("one", "two");
        assertThat(flow("one").done()).isEqualTo(3);
        assertThat(flow("one").failed()).isEqualTo(1);
        assertThat(flow("two").done()).isZero();
        assertThat(flow("two").failed()).isZero();
    }

    @Test
    final void sinceWhenTheOldestHasWaitedIsKnownWhereUpkeepComesBy() {
        assertThat(flowOf(Q).flatMap(QueueFlow::oldest)).isEmpty();
        Instant begun = on(transport.time());
        producer.enqueue(Q, "a");
        upkeep(Q);
        Instant first = on(transport.time());
        backend().elapse(MOMENT);
        upkeep(Q);
        Instant between = on(transport.time());
        backend().elapse(MOMENT);
        producer.enqueue(Q, "b", "c");
        upkeep(Q);
        Instant second = on(transport.time());
        upkeep(Q);
        assertThat(oldest()).isBetween(floor(begun), first);
        ada.settle(ada.claimOne(Q), DONE);
        assertThat(oldest()).isBetween(floor(between), second);
        upkeep(Q);
        assertThat(oldest()).isBetween(floor(between), second);
        ada.claim(Q, 2);
        assertThat(flowOf(Q).flatMap(QueueFlow::oldest)).isEmpty();
        upkeep(Q);
        backend().elapse(MOMENT);
        Instant third = on(transport.time());
        producer.enqueue(Q, "d");
        upkeep(Q);
        assertThat(oldest()).isBetween(floor(third), on(transport.time()));
    }

    /** Backends may know milliseconds only. */
    private static Instant floor(Instant time) {
        return Instant.ofEpochMilli(time.toEpochMilli());
    }

    private Instant oldest() {
        return flowOf(Q).flatMap(QueueFlow::oldest).orElseThrow();
    }

    private Optional<QueueFlow> flowOf(String queue) {
        return on(elsewhere.inspector().flows()).stream()
                .filter(flow -> flow.queue().equals(queue))
                .findFirst();
    }

    private QueueFlow flow(String queue) {
        return flowOf(queue).orElseThrow();
    }
}
