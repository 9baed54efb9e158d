package io.covey.cluster.core.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** One queue on one thread and a clock that is set by hand. */
final class QueueFixture {
    static final String QUEUE = "mail";
    static final Duration LEASE = Duration.ofSeconds(10);
    static final Duration LONGER_THAN_LEASE = Duration.ofSeconds(11);
    static final int MAX_DELIVERIES = 3;

    final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    final LocalBackend backend = LocalBackend.create(clock, Runnable::run);
    final Transport transport = backend.open(TransportConfig.of("local:"));
    final TaskBroker broker = transport.tasks().orElseThrow();
    private long lanes;

    Enqueued enqueue(String... types) {
        return enqueue(nextCall(), Arrays.stream(types).map(QueueFixture::task).toList());
    }

    Enqueued enqueue(Call call, List<NewTask> tasks) {
        return on(broker.enqueue(QUEUE, call, tasks));
    }

    List<Lease> claim(String owner, int limit) {
        return turn(nextCall(), owner, limit, false, List.of()).leases();
    }

    List<Lease> claimSolo(String owner) {
        return turn(nextCall(), owner, 10, true, List.of()).leases();
    }

    Settled settle(Lease lease, Outcome outcome) {
        return turn(nextCall(), "any", 0, false, List.of(new Settlement(lease.id(), lease.fence(), outcome)))
                .settled()
                .get(0);
    }

    TurnAnswer turn(Call call, String owner, int limit, boolean solo, List<Settlement> settlements) {
        return on(broker.turn(List.of(new Turn(QUEUE, call, owner, LEASE, MAX_DELIVERIES, settlements, limit, solo))))
                .get(0);
    }

    Set<Held> beat(String owner, Lease... leases) {
        return on(broker.beat(
                        owner, LEASE, Arrays.stream(leases).map(Lease::held).toList()))
                .lost();
    }

    List<TaskEvent.Kind> upkeep() {
        return on(broker.upkeep(Set.of(QUEUE), LEASE, MAX_DELIVERIES)).stream()
                .map(TaskEvent::kind)
                .toList();
    }

    /** All owners die, and somebody notices. */
    List<TaskEvent.Kind> allDie() {
        backend.passLeaseTime(LONGER_THAN_LEASE);
        return upkeep();
    }

    Call nextCall() {
        return new Call("lane" + ++lanes, 1);
    }

    static NewTask task(String type) {
        return new NewTask(type, "[]".getBytes(UTF_8), Optional.empty(), Optional.empty());
    }

    static List<String> types(List<Lease> leases) {
        return leases.stream()
                .map(lease -> ((Content.Readable) lease.content()).type())
                .toList();
    }

    static <T> T on(CompletionStage<T> stage) {
        return Await.on(stage, Duration.ofSeconds(5), "test");
    }
}
