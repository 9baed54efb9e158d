package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One process incarnation that claims and settles tasks, on one lane. */
final class Worker {
    static final Duration LEASE = Duration.ofSeconds(30);
    static final int MOST_DELIVERIES = 3;

    final TaskBroker broker;
    final String owner;
    private final Map<String, Long> steps = new HashMap<>();

    Worker(TaskBroker broker, String owner) {
        this.broker = broker;
        this.owner = owner;
    }

    /** The next step on the lane of a queue, not sent. */
    Turn next(String queue, List<Settlement> settlements, int limit, boolean solo) {
        return at(steps.merge(queue, 1L, Long::sum), queue, settlements, limit, solo);
    }

    /** A step of any number, not sent. */
    Turn at(long seq, String queue, List<Settlement> settlements, int limit, boolean solo) {
        Call call = new Call(owner + ".w", seq);
        return new Turn(queue, call, owner, LEASE, MOST_DELIVERIES, settlements, limit, solo);
    }

    TurnAnswer send(Turn turn) {
        List<TurnAnswer> answers = TransportContract.on(broker.turn(List.of(turn)));
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }

    TurnAnswer look(String queue) {
        return ok(next(queue, List.of(), 0, false));
    }

    List<Lease> claim(String queue, int limit) {
        return ok(next(queue, List.of(), limit, false)).leases();
    }

    List<Lease> claimSolo(String queue, int limit) {
        return ok(next(queue, List.of(), limit, true)).leases();
    }

    /** Claims the one task that there is. */
    Lease claimOne(String queue) {
        List<Lease> leases = claim(queue, 1);
        assertThat(leases).hasSize(1);
        return leases.get(0);
    }

    Settled settle(Lease lease, Outcome outcome) {
        return settle(lease.queue(), List.of(new Settlement(lease.id(), lease.fence(), outcome)))
                .get(0);
    }

    List<Settled> settle(String queue, List<Settlement> settlements) {
        return ok(next(queue, settlements, 0, false)).settled();
    }

    Set<Held> beat(Lease... leases) {
        return TransportContract.on(broker.beat(
                        owner, LEASE, Arrays.stream(leases).map(Lease::held).toList()))
                .lost();
    }

    private TurnAnswer ok(Turn turn) {
        TurnAnswer answer = send(turn);
        assertThat(answer.status()).isEqualTo(Status.OK);
        assertThat(answer.settled()).hasSameSizeAs(turn.settlements());
        assertThat(answer.leases()).hasSizeLessThanOrEqualTo(turn.limit());
        return answer;
    }
}
