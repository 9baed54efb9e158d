package io.covey.cluster.core.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker.Batch;
import io.covey.cluster.spi.TaskBroker.Dedupe;
import io.covey.cluster.spi.TaskBroker.Dedupe.Unique;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** Two queues as Lincheck calls them: few lanes, owners and keys, so that calls meet. What is answered is text, to be compared. */
@Param(name = "queue", gen = IntGen.class, conf = "1:2")
@Param(name = "lane", gen = IntGen.class, conf = "1:2")
@Param(name = "seq", gen = IntGen.class, conf = "1:2")
@Param(name = "key", gen = IntGen.class, conf = "0:2")
@Param(name = "limit", gen = IntGen.class, conf = "0:2")
@Param(name = "owner", gen = IntGen.class, conf = "1:2")
@Param(name = "verb", gen = IntGen.class, conf = "0:3")
@Param(name = "fence", gen = IntGen.class, conf = "1:3")
public class ConcurrentQueues {
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final int MAX_DELIVERIES = 3;

    private final TaskSpace space = new TaskSpace(new YieldingClock());

    private final Together together = new Together(space);

    /** Two empty queues of the second kind, where three of a key and four in all may run. */
    public ConcurrentQueues() {
        for (int queue = 1; queue <= 2; queue++) {
            queue(queue)
                    .change(changes -> changes.set(settings -> settings.withKind(Kind.OWN)
                            .withLimits(Optional.of(4), Optional.empty())
                            .withKeyLimits(Optional.of(3), Optional.empty())));
        }
    }

    private LocalQueue queue(int queue) {
        return space.queue("q" + queue);
    }

    private static NewTask task(int key) {
        Optional<Dedupe> unique = key == 2
                ? Optional.of(new Unique(Optional.of("same"), Dedupe.Until.DONE, Duration.ofHours(1)))
                : Optional.empty();
        Optional<String> its = key == 0 ? Optional.empty() : Optional.of("key" + key);
        return new NewTask("t", "[]".getBytes(UTF_8), Optional.empty(), Optional.empty(), Map.of(), its, unique);
    }

    /** Adds a task. */
    @Operation
    public String enqueue(
            @Param(name = "queue") int queue,
            @Param(name = "lane") int lane,
            @Param(name = "seq") int seq,
            @Param(name = "key") int key) {
        return text(queue(queue).enqueue(new Call("e" + lane, seq), List.of(task(key), task(0)), () -> false));
    }

    /** Adds a task to each queue, in any order of the two. */
    @Operation
    public String enqueueBoth(
            @Param(name = "queue") int first,
            @Param(name = "lane") int lane,
            @Param(name = "seq") int seq,
            @Param(name = "key") int key) {
        List<Batch> batches =
                List.of(new Batch("q" + first, List.of(task(key))), new Batch("q" + (3 - first), List.of(task(key))));
        StringBuilder answers = new StringBuilder();
        together.enqueue(new Call("b" + lane, seq), batches, () -> false)
                .forEach(answer -> answers.append(text(answer)));
        return answers.toString();
    }

    /** Settles what an early claim took, and claims. */
    @Operation
    public String turn(
            @Param(name = "queue") int queue,
            @Param(name = "lane") int lane,
            @Param(name = "seq") int seq,
            @Param(name = "limit") int limit,
            @Param(name = "verb") int verb,
            @Param(name = "fence") int fence) {
        List<Settlement> settlements = new ArrayList<>();
        if (verb > 0) {
            for (int of = 1; of <= 2; of++) {
                settlements.add(new Settlement("t" + of + ".1.1", fence, outcome(verb)));
            }
        }
        Turn turn = new Turn(
                "q" + queue,
                new Call("t" + lane, seq),
                "owner" + lane,
                LEASE,
                MAX_DELIVERIES,
                settlements,
                limit,
                false);
        return text(queue(queue).turn(turn, () -> false));
    }

    private static Outcome outcome(int verb) {
        return switch (verb) {
            case 1 -> new Outcome.Done();
            case 2 -> new Outcome.Retry(Duration.ZERO);
            default -> new Outcome.Release();
        };
    }

    /** Renews what an early claim took. */
    @Operation
    public String beat(
            @Param(name = "queue") int queue,
            @Param(name = "owner") int owner,
            @Param(name = "lane") int lane,
            @Param(name = "fence") int fence) {
        Set<Held> lost = new HashSet<>();
        Set<String> cancelled = new HashSet<>();
        Held held = new Held("q" + queue, "t" + lane + ".1.1", fence);
        queue(queue).beat("owner" + owner, LEASE, List.of(held), lost, cancelled);
        return !lost.isEmpty() + " " + cancelled.stream().sorted().toList();
    }

    /** All leases of a queue run out, and somebody notices. */
    @Operation
    public String upkeep(@Param(name = "queue") int queue) {
        queue(queue).passLeaseTime(LEASE.plusSeconds(1));
        return queue(queue).upkeep(LEASE, MAX_DELIVERIES).toString();
    }

    /** Cancels an early task. */
    @Operation
    public String cancel(
            @Param(name = "queue") int queue, @Param(name = "lane") int lane, @Param(name = "seq") int seq) {
        return queue(queue)
                .change(changes -> changes.cancel("e" + lane + "." + seq + ".1"))
                .toString();
    }

    /** Looks. */
    @Operation
    public String look(@Param(name = "queue") int queue) {
        return queue(queue).info().toString();
    }

    private static String text(Enqueued answer) {
        return answer.status() + " " + answer.receipts() + " " + answer.accepted();
    }

    private static String text(TurnAnswer answer) {
        StringBuilder text = new StringBuilder(answer.status() + " " + answer.settled());
        for (Lease lease : answer.leases()) {
            text.append(' ')
                    .append(lease.held())
                    .append(' ')
                    .append(lease.deliveries())
                    .append(' ')
                    .append(lease.attempt());
        }
        return text.append(' ').append(answer.state()).toString();
    }

    /** It stands at zero, so that fences are 1, 2, 3; whoever looks at it in the middle of a step lets others run. */
    private static final class YieldingClock implements LocalClock {

        @Override
        public Instant instant() {
            Thread.yield();
            return Instant.EPOCH;
        }

        @Override
        public long monotonicMillis() {
            Thread.yield();
            return 0;
        }
    }
}
