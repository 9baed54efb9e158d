package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** What watching and inspecting queues promises. */
abstract class QueueContract extends LeaseContract {

    @Test
    final void anEnqueueIsHintedToThoseWhoWatchTheQueue() {
        Queue<String> hints = new ConcurrentLinkedQueue<>();
        Registration watching = elsewhere.watch(Set.of("one", "two"), hints::add);
        for (String queue : List.of("two", "one", "two")) {
            // A watch may become live only after its return, and is of one shot: a worker claims and looks again.
            eventually().until(() -> {
                producer.enqueue(queue, "t");
                bob.claim(queue, 200);
                return hints.remove(queue);
            });
        }
        watching.close();
        watching.close();
        assertThat(hints).allMatch(Set.of("one", "two")::contains);
    }

    @Test
    final void whoEndedTheWatchHearsNoMoreThoughOthersDo() {
        Queue<String> ended = new ConcurrentLinkedQueue<>();
        Queue<String> watching = new ConcurrentLinkedQueue<>();
        Registration first = elsewhere.watch(Set.of(Q), ended::add);
        Registration second = elsewhere.watch(Set.of(Q), watching::add);
        eventually().until(() -> {
            producer.enqueue(Q, "t");
            bob.claim(Q, 200);
            return !ended.isEmpty() && !watching.isEmpty();
        });
        first.close();
        int most = ended.size() + 1;
        watching.clear();
        eventually().until(() -> {
            producer.enqueue(Q, "t");
            bob.claim(Q, 200);
            return watching.size() > 3;
        });
        assertThat(ended).hasSizeLessThanOrEqualTo(most);
        second.close();
    }

    @Test
    final void theInspectorCountsWhatIsInEachQueue() {
        producer.enqueue("one", "a", "b", "c", "d", "e");
        producer.enqueue("two", "f");
        List<Lease> leases = ada.claim("one", 4);
        ada.settle(leases.get(0), RETRY_MUCH_LATER);
        ada.settle(leases.get(1), RELEASE);
        ada.settle(leases.get(2), DONE);
        assertThat(info("one")).isEqualTo(new QueueInfo("one", 2, 1, 1));
        assertThat(info("two")).isEqualTo(new QueueInfo("two", 1, 0, 0));
        assertThat(info("three")).isEqualTo(new QueueInfo("three", 0, 0, 0));
        assertThat(on(broker.inspector().totals())).containsEntry("delayed", 0L).containsEntry("failed", 0L);
    }

    @Test
    final void inspectingChangesNothing() {
        producer.enqueue(Q, "a", "b");
        Lease lease = ada.claimOne(Q);
        for (int i = 0; i < 10; i++) {
            on(broker.inspector().queues());
            on(broker.inspector().totals());
            on(broker.inspector().failed(0, 10));
        }
        assertThat(ada.settle(lease, DONE)).isEqualTo(Settled.DONE);
        assertThat(types(bob.claim(Q, 5))).containsExactly("b");
    }
}
