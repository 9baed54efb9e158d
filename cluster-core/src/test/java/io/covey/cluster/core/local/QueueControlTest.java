package io.covey.cluster.core.local;

import static io.covey.cluster.core.local.QueueFixture.LEASE;
import static io.covey.cluster.core.local.QueueFixture.QUEUE;
import static io.covey.cluster.core.local.QueueFixture.on;
import static io.covey.cluster.core.local.QueueFixture.task;
import static io.covey.cluster.core.local.QueueFixture.types;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.RefusedException;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueControl.Cancelled;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.TaskBroker.Batch;
import io.covey.cluster.spi.TaskBroker.BeatAnswer;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class QueueControlTest {
    private static final byte[] NO_ARGS = "[]".getBytes(UTF_8);
    private final QueueFixture queue = new QueueFixture();
    private final QueueControl control = queue.broker.control().orElseThrow();

    @Test
    void aSharedQueueRefusesHeadersAndKeysAndNamesTheSetting() {
        for (NewTask task : List.of(with(Map.of("a", "b"), Optional.empty()), with(Map.of(), Optional.of("k")))) {
            assertThatThrownBy(() -> queue.enqueue(new Call("refused", 1), List.of(task)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(QUEUE)
                    .hasMessageContaining("OWN");
        }
        assertThat(queue.enqueue(new Call("refused", 1), List.of(task("a"))).status())
                .as("what was refused was not counted")
                .isEqualTo(Status.OK);
        assertThat(queue.claim("ada", 5)).hasSize(1);
    }

    @Test
    void anOwnQueueKeepsIdHeadersAndKey() {
        own();
        NewTask task = with(Map.of("traceparent", "00-1"), Optional.of("k"));
        String receipt =
                queue.enqueue(queue.nextCall(), List.of(task)).receipts().get(0);
        Readable content = (Readable) queue.claim("ada", 1).get(0).content();
        assertThat(content.id()).contains(receipt);
        assertThat(content.headers()).isEqualTo(task.headers());
        assertThat(content.key()).contains("k");
    }

    @Test
    void theKindOfAQueueChangesOnlyWhileItHasNoTasks() {
        queue.enqueue("a");
        assertThatThrownBy(this::own).isInstanceOf(RefusedException.class).hasMessageContaining(QUEUE);
        Lease lease = queue.claim("ada", 1).get(0);
        assertThatThrownBy(this::own).isInstanceOf(RefusedException.class);
        queue.settle(lease, new Outcome.Done());
        own();
        assertThat(on(control.settings(QUEUE)).kind()).isEqualTo(QueueSettings.Kind.OWN);
    }

    @Test
    void aTaskThatNobodyRunsIsCancelledForGoodByItsId() {
        own();
        List<String> ids = queue.enqueue(queue.nextCall(), List.of(task("a"), task("b"), delayed("c")))
                .receipts();
        assertThat(on(control.cancel(QUEUE, ids.get(0)))).isEqualTo(Cancelled.REMOVED);
        assertThat(on(control.cancel(QUEUE, ids.get(2)))).isEqualTo(Cancelled.REMOVED);
        Lease lease = queue.claim("ada", 5).get(0);
        assertThat(types(List.of(lease))).containsExactly("b");
        queue.settle(lease, new Outcome.Retry(Duration.ofHours(1)));
        assertThat(on(control.cancel(QUEUE, lease.id()))).isEqualTo(Cancelled.REMOVED);
        assertThat(info()).isEqualTo(new QueueInfo(QUEUE, 0, 0, 0));
    }

    @Test
    void everyBeatNamesARunningTaskThatIsCancelledUntilItIsDone() {
        own();
        String id =
                queue.enqueue(queue.nextCall(), List.of(task("a"))).receipts().get(0);
        Lease lease = queue.claim("ada", 1).get(0);
        assertThat(on(control.cancel(QUEUE, id))).isEqualTo(Cancelled.TOLD);
        assertThat(queue.turn(queue.nextCall(), "bob", 0, false, List.of())
                        .state()
                        .cancelling())
                .isTrue();
        for (int i = 0; i < 2; i++) {
            assertThat(beat(lease).cancelled()).containsExactly(id);
        }
        queue.settle(lease, new Outcome.Done());
        assertThat(queue.turn(queue.nextCall(), "bob", 0, false, List.of())
                        .state()
                        .cancelling())
                .isFalse();
    }

    @Test
    void aSharedTaskIsCancelledByItsLeaseAndAWishIsForgottenInADay() {
        queue.enqueue("a");
        Lease lease = queue.claim("ada", 1).get(0);
        assertThat(on(control.cancel(QUEUE, "other"))).isEqualTo(Cancelled.UNKNOWN);
        assertThat(on(control.cancel(QUEUE, lease.id()))).isEqualTo(Cancelled.TOLD);
        assertThat(beat(lease).cancelled()).containsExactly(lease.id());
        queue.clock.advance(Duration.ofDays(1));
        assertThat(beat(lease).cancelled()).isEmpty();
    }

    @Test
    void waitingAndDelayedTasksAreRemovedByContent() {
        queue.enqueue("a", "b", "a");
        queue.enqueue(queue.nextCall(), List.of(delayed("a")));
        assertThat(on(control.delayedAt(QUEUE, "a", " [ ] ".getBytes(UTF_8)))).containsExactly(tomorrow());
        assertThat(on(control.remove(QUEUE, "a", NO_ARGS))).isEqualTo(2);
        assertThat(on(control.remove(QUEUE, "b", "[1]".getBytes(UTF_8)))).isZero();
        assertThat(on(control.removeDelayed(QUEUE, "a", NO_ARGS))).isEqualTo(1);
        assertThat(on(control.removeType(QUEUE, "b"))).isEqualTo(1);
        assertThat(info()).isEqualTo(new QueueInfo(QUEUE, 0, 0, 0));
    }

    @Test
    void whatWaitsToRunAgainIsGivenBackAsIfItWasNew() {
        queue.enqueue("a", "b", "c");
        List<Lease> leases = queue.claim("ada", 3);
        queue.settle(leases.get(0), new Outcome.Retry(Duration.ofHours(1)));
        queue.settle(leases.get(1), new Outcome.Done());
        queue.allDie();
        assertThat(on(control.giveBack(QUEUE))).isEqualTo(2);
        assertThat(on(control.giveBack(QUEUE))).isZero();
        assertThat(queue.settle(leases.get(2), new Outcome.Done())).isNotEqualTo(Settled.DONE);
        List<Lease> again = queue.claim("bob", 5);
        assertThat(types(again)).containsExactlyInAnyOrder("a", "c");
        assertThat(again).allSatisfy(lease -> assertThat(lease.attempt()).isEqualTo(1));
    }

    @Test
    void aFailedTaskIsRetriedOrDroppedOnce() {
        queue.enqueue("a", "b");
        for (Lease lease : queue.claim("ada", 2)) {
            queue.settle(
                    lease,
                    new Outcome.Fail(new Failure(lease.content(), "E", "m", List.of(), "w", queue.clock.instant())));
        }
        List<FailedTask> failed = on(queue.broker.inspector().failed(0, 5));
        assertThat(on(control.drop(failed.get(0)))).isTrue();
        assertThat(on(control.drop(failed.get(0)))).isFalse();
        assertThat(on(control.retry(failed.get(0)))).isFalse();
        assertThat(on(control.retry(failed.get(1)))).isTrue();
        assertThat(on(control.retry(failed.get(1)))).isFalse();
        assertThat(on(queue.broker.inspector().failed(0, 5))).isEmpty();
        assertThat(queue.claim("ada", 5)).singleElement().satisfies(lease -> {
            assertThat(types(List.of(lease))).containsExactly("b");
            assertThat(lease.attempt()).isEqualTo(1);
        });
    }

    @Test
    void tasksForSeveralQueuesAreAddedTogetherOrNotAtAll() {
        Batch one = new Batch("one", List.of(task("a")));
        Batch refused = new Batch(QUEUE, List.of(with(Map.of("a", "b"), Optional.empty())));
        assertThatThrownBy(() -> on(queue.broker.enqueueAll(new Call("all", 1), List.of(one, refused))))
                .isInstanceOf(RefusedException.class);
        assertThat(on(queue.broker.inspector().queues())).isEmpty();
        Batch two = new Batch(QUEUE, List.of(task("b"), task("c")));
        List<Enqueued> first = on(queue.broker.enqueueAll(new Call("all", 1), List.of(one, two)));
        List<Enqueued> again = on(queue.broker.enqueueAll(new Call("all", 1), List.of(one, two)));
        assertThat(first).extracting(Enqueued::status).containsOnly(Status.OK);
        assertThat(again).extracting(Enqueued::status).containsOnly(Status.REPLAY);
        assertThat(again.get(1).receipts()).isEqualTo(first.get(1).receipts()).hasSize(2);
        assertThat(types(queue.claim("ada", 5))).containsExactly("b", "c");
        assertThat(on(queue.broker.inspector().names())).containsExactlyInAnyOrder("one", QUEUE);
    }

    private void own() {
        on(control.change(QUEUE, settings -> settings.withKind(QueueSettings.Kind.OWN)));
    }

    private BeatAnswer beat(Lease lease) {
        return on(queue.broker.beat("ada", LEASE, List.of(lease.held())));
    }

    private QueueInfo info() {
        return on(queue.broker.inspector().queues()).get(0);
    }

    private Instant tomorrow() {
        return queue.clock.instant().plus(Duration.ofDays(1));
    }

    private NewTask delayed(String type) {
        return new NewTask(type, NO_ARGS, Optional.empty(), Optional.of(tomorrow()));
    }

    private static NewTask with(Map<String, String> headers, Optional<String> key) {
        return new NewTask("t", NO_ARGS, Optional.empty(), Optional.empty(), headers, key, Optional.empty());
    }
}
