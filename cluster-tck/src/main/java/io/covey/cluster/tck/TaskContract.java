package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;

/** What the parts of the {@link TaskBrokerContract} share. */
abstract class TaskContract extends TransportContract {
    static final String Q = "q";
    static final Outcome DONE = new Outcome.Done();
    static final Outcome RELEASE = new Outcome.Release();
    static final Outcome RETRY_NOW = new Outcome.Retry(Duration.ZERO);
    static final Outcome RETRY_MUCH_LATER = new Outcome.Retry(Duration.ofHours(1));
    static final Duration LONGER_THAN_LEASE = Worker.LEASE.plusSeconds(1);

    Transport transport;
    TaskBroker broker;
    TaskBroker elsewhere;
    Producer producer;
    Worker ada;
    Worker bob;

    @BeforeEach
    final void openBrokers() {
        transport = open();
        broker = transport.tasks().orElseThrow();
        elsewhere = open().tasks().orElseThrow();
        producer = new Producer(broker, "producer");
        ada = new Worker(broker, "ada");
        bob = new Worker(elsewhere, "bob");
    }

    final List<TaskEvent> upkeep(String... queues) {
        return on(elsewhere.upkeep(
                queues.length == 0 ? Set.of(Q) : Set.of(queues), Worker.LEASE, Worker.MOST_DELIVERIES));
    }

    /** Everybody who holds something in the queue was silent for longer than its lease. */
    final List<TaskEvent> everybodyDies() {
        backend().pass(LONGER_THAN_LEASE, Q);
        return upkeep();
    }

    final Outcome fail(Lease lease, String message) {
        return new Outcome.Fail(new Failure(
                lease.content(),
                "java.io.IOException",
                message,
                List.of("at a.B.c(B.java:1)", "at d.E.f(E.java:2)"),
                "worker-1",
                on(transport.time())));
    }

    final QueueInfo info(String queue) {
        return on(elsewhere.inspector().queues()).stream()
                .filter(info -> info.queue().equals(queue))
                .findFirst()
                .orElse(new QueueInfo(queue, 0, 0, 0));
    }

    /** Failed tasks; upkeep may have to carry them there. */
    final List<FailedTask> failures(int expected) {
        eventually().until(() -> {
            upkeep();
            return on(elsewhere.inspector().failed(0, 1000)).size() >= expected;
        });
        List<FailedTask> failed = on(elsewhere.inspector().failed(0, 1000));
        assertThat(failed).hasSize(expected);
        return failed;
    }

    /** Claims, with upkeep between, until one task has come. */
    final Lease claimEventually(Worker worker, String queue) {
        return eventually()
                .until(
                        () -> {
                            upkeep(queue);
                            return worker.claim(queue, 1);
                        },
                        leases -> !leases.isEmpty())
                .get(0);
    }

    static List<String> types(List<Lease> leases) {
        return leases.stream().map(TaskContract::type).toList();
    }

    static String type(Lease lease) {
        return ((Readable) lease.content()).type();
    }
}
