package io.covey.cluster.core.local;

import static io.covey.cluster.core.local.QueueFixture.on;
import static io.covey.cluster.core.local.QueueFixture.task;
import static io.covey.cluster.core.local.QueueFixture.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Workers that work, give up, die, come back, repeat themselves and answer late, in any order. After every step each task
 * is in exactly one place, fences grow, and only the newest counts.
 */
final class RandomStepsTest {
    private static final int STEPS = 2_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyTaskIsInOnePlaceAfterEveryStepAndInTheEndAllAreDoneOrFailed(long seed) {
        Run run = new Run(seed);
        for (int i = 0; i < STEPS; i++) {
            run.step();
            run.check();
        }
        run.finish();
    }

    @Test
    void theSameSeedGivesTheSameSteps() {
        assertThat(trace(42)).isEqualTo(trace(42)).isNotEqualTo(trace(43));
    }

    private static List<String> trace(long seed) {
        Run run = new Run(seed);
        for (int i = 0; i < 500; i++) {
            run.step();
        }
        return run.trace;
    }

    private static final class Run {
        private final QueueFixture queue = new QueueFixture();
        private final Random random;
        private final List<String> trace = new ArrayList<>();
        private final Set<String> names = new HashSet<>();
        private final List<Lease> everLeased = new ArrayList<>();
        private final Map<String, Lease> newest = new HashMap<>();
        private final Set<String> ended = new HashSet<>();
        private final List<Repeatable> answered = new ArrayList<>();
        private long enqueued;
        private long done;
        private long failed;
        private long lastFence;
        private long calls;

        private Run(long seed) {
            this.random = new Random(seed);
        }

        private void step() {
            switch (random.nextInt(10)) {
                case 0, 1 -> enqueue();
                case 2, 3, 4 -> turn(random.nextInt(6), random.nextInt(8) == 0);
                case 5 -> turn(0, false);
                case 6 -> beat();
                case 7 -> repeat();
                case 8 -> queue.clock.advance(Duration.ofMillis(random.nextInt(5_000)));
                default -> {
                    if (random.nextInt(4) == 0) {
                        queue.backend.passLeaseTime(QueueFixture.LONGER_THAN_LEASE);
                    }
                    trace.add(queue.upkeep().toString());
                }
            }
        }

        private void enqueue() {
            List<NewTask> tasks = new ArrayList<>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                String name = "id" + random.nextInt(STEPS);
                Optional<Instant> due = random.nextInt(4) == 0
                        ? Optional.of(queue.clock.instant().plusMillis(random.nextInt(20_000)))
                        : Optional.empty();
                NewTask plain = task(name);
                tasks.add(new NewTask(plain.type(), plain.args(), Optional.of(name), due));
                if (names.add(name)) {
                    enqueued++;
                }
            }
            Call call = nextCall();
            var first = queue.enqueue(call, tasks);
            assertThat(first.status()).isEqualTo(Status.OK);
            assertThat(queue.enqueue(call, tasks).accepted()).isEqualTo(first.accepted());
        }

        private void turn(int limit, boolean solo) {
            List<Settlement> settlements = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0 && !everLeased.isEmpty(); i--) {
                Lease lease = anyLease();
                settlements.add(new Settlement(lease.id(), lease.fence(), anyOutcome(lease)));
            }
            Repeatable turn = new Repeatable(nextCall(), "owner" + random.nextInt(4), limit, solo, settlements);
            TurnAnswer answer = turn.send(queue);
            answered.add(turn);
            trace.add(types(answer.leases()) + " " + answer.settled());
            settled(settlements, answer.settled());
            leased(answer.leases());
        }

        private void settled(List<Settlement> settlements, List<Settled> answers) {
            Set<String> accepted = new HashSet<>();
            for (int i = 0; i < answers.size(); i++) {
                Settlement settlement = settlements.get(i);
                if (answers.get(i) != Settled.DONE) {
                    continue;
                }
                assertThat(accepted.add(settlement.id())).isTrue();
                assertThat(newest.get(settlement.id()).fence()).isEqualTo(settlement.fence());
                if (settlement.outcome() instanceof Outcome.Done) {
                    done++;
                    assertThat(ended.add(settlement.id())).isTrue();
                } else if (settlement.outcome() instanceof Outcome.Fail) {
                    failed++;
                    assertThat(ended.add(settlement.id())).isTrue();
                }
            }
        }

        private void leased(List<Lease> leases) {
            for (Lease lease : leases) {
                assertThat(lease.fence()).isGreaterThan(lastFence);
                assertThat(lease.deliveries()).isBetween(1, QueueFixture.MAX_DELIVERIES);
                assertThat(ended.contains(lease.id())).isFalse();
                newest.put(lease.id(), lease);
                everLeased.add(lease);
            }
            if (!leases.isEmpty()) {
                lastFence = leases.get(0).fence();
            }
        }

        private void beat() {
            if (everLeased.isEmpty()) {
                return;
            }
            Lease lease = anyLease();
            boolean lost = !queue.beat("owner" + random.nextInt(4), lease).isEmpty();
            trace.add("beat " + lost);
            assertThat(lost || newest.get(lease.id()).fence() == lease.fence()).isTrue();
        }

        /** A copy of any call ever made has no effect: the checks find what it would change. */
        private void repeat() {
            if (!answered.isEmpty()) {
                TurnAnswer again = answered.get(random.nextInt(answered.size())).send(queue);
                assertThat(again.status()).isIn(Status.REPLAY, Status.STALE);
                assertThat(again.leases())
                        .allSatisfy(lease -> assertThat(newest.get(lease.id())).isEqualTo(lease));
            }
        }

        private void check() {
            QueueInfo info =
                    on(queue.broker.inspector().queues()).stream().findFirst().orElse(new QueueInfo("", 0, 0, 0));
            Map<String, Long> totals = on(queue.broker.inspector().totals());
            assertThat(info.waiting()
                            + info.active()
                            + info.retry()
                            + totals.get("delayed")
                            + totals.get("failed")
                            + done)
                    .isEqualTo(enqueued);
            assertThat(totals.get("failed")).isGreaterThanOrEqualTo(failed);
        }

        private void finish() {
            for (int i = 0; i < 10 * STEPS && left() > 0; i++) {
                queue.clock.advance(Duration.ofSeconds(30));
                queue.allDie();
                List<Lease> leases = i % 2 == 0 ? queue.claim("last", 200) : queue.claimSolo("last");
                leased(leases);
                for (Lease lease : leases) {
                    assertThat(queue.settle(lease, new Outcome.Done())).isEqualTo(Settled.DONE);
                    assertThat(ended.add(lease.id())).isTrue();
                    done++;
                }
                check();
            }
            assertThat(left()).isZero();
        }

        private long left() {
            return enqueued - done - on(queue.broker.inspector().totals()).get("failed");
        }

        private Lease anyLease() {
            int newer = Math.min(everLeased.size(), 12);
            return everLeased.get(everLeased.size() - 1 - random.nextInt(newer));
        }

        private Outcome anyOutcome(Lease lease) {
            return switch (random.nextInt(6)) {
                case 0, 1 -> new Outcome.Done();
                case 2, 3 -> new Outcome.Retry(Duration.ofMillis(random.nextInt(20_000)));
                case 4 -> new Outcome.Release();
                default -> new Outcome.Fail(failure(lease.content()));
            };
        }

        private Failure failure(Content content) {
            return new Failure(content, "E", "as a test wants it", List.of(), "worker", queue.clock.instant());
        }

        private Call nextCall() {
            long call = calls++;
            return new Call("random" + call % 5, 1 + call / 5);
        }
    }

    private record Repeatable(Call call, String owner, int limit, boolean solo, List<Settlement> settlements) {

        TurnAnswer send(QueueFixture queue) {
            return queue.turn(call, owner, limit, solo, settlements);
        }
    }
}
