package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.RefusedException;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts of the optional parts of a task broker share: a queue {@link #OWN} of kind OWN beside the shared {@link #Q}. */
abstract class FeatureContract extends TaskContract {
    static final String OWN = "own";
    static final Duration LONG = Duration.ofHours(1);
    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final int MOMENTS = 200;

    QueueControl control;
    private int lanes;

    @BeforeEach
    final void declareQueues() {
        control = broker.control().orElseThrow();
        change(OWN, settings -> settings.withKind(Kind.OWN));
    }

    final QueueSettings change(String queue, UnaryOperator<QueueSettings> change) {
        return on(control.change(queue, change));
    }

    /** A lane that nobody used before, at its first step. */
    final Call newLane() {
        return new Call("fresh" + (++lanes), 1);
    }

    final Enqueued add(String queue, Draft... drafts) {
        return producer.enqueue(queue, Draft.tasks(drafts));
    }

    /** Adds one task, which must be accepted. */
    final String receipt(String queue, Draft draft) {
        Enqueued answer = add(queue, draft);
        assertThat(answer.accepted()).containsExactly(true);
        return answer.receipts().get(0);
    }

    final boolean accepted(String queue, Draft draft) {
        return add(queue, draft).accepted().get(0);
    }

    final void addMany(String queue, List<NewTask> tasks) {
        for (int from = 0; from < tasks.size(); from += 200) {
            assertThat(producer.enqueue(queue, tasks.subList(from, Math.min(tasks.size(), from + 200)))
                            .accepted())
                    .doesNotContain(false);
        }
    }

    final void done(Worker worker, List<Lease> leases) {
        if (!leases.isEmpty()) {
            assertThat(worker.settle(leases.get(0).queue(), SettleContract.settle(leases, DONE)))
                    .containsOnly(Settled.DONE);
        }
    }

    /** Claims and finishes in batches until nothing comes any more, with upkeep. */
    final List<Lease> workOff(Worker worker, String queue, int batch) {
        List<Lease> all = new ArrayList<>();
        for (int idle = 0; idle < 2; ) {
            upkeep(queue);
            List<Lease> leases = worker.claim(queue, batch);
            done(worker, leases);
            all.addAll(leases);
            idle = leases.isEmpty() ? idle + 1 : 0;
        }
        return all;
    }

    /** Lets time go by in moments until something holds. */
    final void elapseUntil(BooleanSupplier holds) {
        boolean held = holds.getAsBoolean();
        for (int i = 0; i < MOMENTS && !held; i++) {
            backend().elapse(MOMENT);
            held = holds.getAsBoolean();
        }
        assertThat(held).isTrue();
    }

    /** Lets time go by in moments until one task could be claimed. */
    final Lease elapseUntilClaimed(Worker worker, String queue) {
        List<Lease> leases = new ArrayList<>();
        elapseUntil(() -> {
            upkeep(queue);
            leases.addAll(worker.claim(queue, 1));
            return !leases.isEmpty();
        });
        return leases.get(0);
    }

    /** All tasks that wait for their time, whether they are counted by queue or not. */
    final long delayed() {
        long byQueue = on(broker.inspector().queues()).stream()
                .mapToLong(QueueInfo::delayed)
                .sum();
        return byQueue + on(broker.inspector().totals()).get("delayed");
    }

    static Readable readable(Lease lease) {
        return (Readable) lease.content();
    }

    /** The id by which beats and notes know a task: its producer's, else its lease's. */
    static String publicId(Lease lease) {
        return readable(lease).id().orElse(lease.id());
    }

    static Optional<String> key(Lease lease) {
        return readable(lease).key();
    }

    /** The call is refused, and the message has every one of these words. */
    static void refused(Supplier<? extends CompletionStage<?>> call, String... words) {
        assertThatThrownBy(() -> on(call.get()))
                .isInstanceOf(RefusedException.class)
                .satisfies(thrown -> assertThat(thrown.getMessage()).contains(words));
    }

    /** The call is wrong whatever the backend holds. */
    static void illegal(Supplier<? extends CompletionStage<?>> call) {
        assertThatThrownBy(() -> on(call.get())).isInstanceOf(IllegalArgumentException.class);
    }
}
