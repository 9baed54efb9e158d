package io.covey.cluster.core.local;

import static io.covey.cluster.core.local.QueueFixture.LEASE;
import static io.covey.cluster.core.local.QueueFixture.QUEUE;
import static io.covey.cluster.core.local.QueueFixture.on;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueControl.Cancelled;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.QueueSettings.Rate;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskBroker.Dedupe;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Release;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys, limits, pauses, locks and cancelling, in any order, while owners die and come back. A model judges every answer. */
final class RandomLimitsTest {
    private static final int STEPS = 2_000;
    private static final Rate RATE = new Rate(20, Duration.ofSeconds(1), 5);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void noLimitIsEverExceededAndNothingIsLostOrHeldForEver(long seed) {
        Run run = new Run(seed);
        for (int i = 0; i < STEPS; i++) {
            run.step();
            run.check();
        }
        run.finish();
    }

    private static final class Run {
        private final QueueFixture queue = new QueueFixture();
        private final QueueControl control = queue.broker.control().orElseThrow();
        private final Instant start = queue.clock.instant();
        private final Random random;
        private final boolean rated;
        private final List<Lease> everLeased = new ArrayList<>();
        private final Map<String, Lease> leased = new HashMap<>();
        /** Those that were accepted and have not ended, by their ids, with what they were. */
        private final Map<String, NewTask> open = new HashMap<>();

        private final Map<String, String> publicIds = new HashMap<>();
        private final Set<String> started = new HashSet<>();
        private long starts;
        private int numbers;

        private Run(long seed) {
            this.random = new Random(seed);
            this.rated = seed % 2 == 0;
            Optional<Rate> rate = rated ? Optional.of(RATE) : Optional.empty();
            set(QueueSettings.defaults().withKind(Kind.OWN).withLimits(Optional.empty(), rate));
        }

        private void step() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> enqueue();
                case 3, 4, 5 -> turn(random.nextInt(8), random.nextInt(6) == 0);
                case 6 -> beat();
                case 7 -> queue.clock.advance(Duration.ofMillis(random.nextInt(1_000)));
                case 8 -> upkeep(random.nextInt(3) == 0);
                case 9 -> cancel();
                case 10 -> change();
                default -> turn(0, false);
            }
        }

        private void enqueue() {
            NewTask task = task();
            Enqueued answer = queue.enqueue(queue.nextCall(), List.of(task));
            Dedupe dedupe = task.dedupe().orElse(null);
            boolean locked =
                    dedupe instanceof Dedupe.Unique && open.values().stream().anyMatch(other -> alike(task, other));
            assertThat(answer.accepted()).containsExactly(!locked);
            if (dedupe instanceof Dedupe.Debounce) {
                open.entrySet().removeIf(other -> !started.contains(other.getKey()) && alike(task, other.getValue()));
            }
            if (!locked) {
                open.put(answer.receipts().get(0), task);
            }
        }

        private static boolean alike(NewTask one, NewTask other) {
            return one.dedupe().equals(other.dedupe());
        }

        private NewTask task() {
            Optional<String> name = Optional.of("n" + random.nextInt(4));
            Optional<Dedupe> dedupe = switch (random.nextInt(4)) {
                case 0 -> Optional.of(new Dedupe.Unique(name, Until.DONE, Duration.ofDays(365)));
                case 1 -> Optional.of(new Dedupe.Debounce(name, Duration.ofMillis(700)));
                default -> Optional.empty();
            };
            Optional<String> key = random.nextInt(3) == 0 ? Optional.empty() : Optional.of("k" + random.nextInt(3));
            boolean debounced = dedupe.orElse(null) instanceof Dedupe.Debounce;
            Optional<Instant> due = random.nextInt(6) == 0 && !debounced
                    ? Optional.of(queue.clock.instant().plusMillis(random.nextInt(3_000)))
                    : Optional.empty();
            byte[] args = ("[" + ++numbers + "]").getBytes(UTF_8);
            return new NewTask("t", args, Optional.empty(), due, Map.of(), key, dedupe);
        }

        private void turn(int limit, boolean solo) {
            List<Settlement> settlements = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0 && !everLeased.isEmpty(); i--) {
                Lease lease = anyLease();
                settlements.add(settlement(lease, anyOutcome(lease)));
            }
            String owner = "owner" + random.nextInt(3);
            TurnAnswer answer = queue.turn(queue.nextCall(), owner, limit, solo, settlements);
            for (int i = 0; i < settlements.size(); i++) {
                if (answer.settled().get(i) == Settled.DONE) {
                    settled(settlements.get(i));
                }
            }
            answer.leases().forEach(this::leased);
            starts += answer.leases().size();
            limitsHold(answer.leases());
        }

        private static Settlement settlement(Lease lease, Outcome outcome) {
            Optional<Release> release =
                    ((Readable) lease.content()).unique().map(unique -> new Release(unique.key(), lease.content()));
            return new Settlement(lease.id(), lease.fence(), outcome, release);
        }

        private void settled(Settlement settlement) {
            leased.remove(settlement.id());
            if (settlement.outcome() instanceof Outcome.Done || settlement.outcome() instanceof Outcome.Fail) {
                ended(settlement.id());
            }
        }

        private void ended(String lease) {
            assertThat(open.remove(publicIds.get(lease))).isNotNull();
        }

        private void leased(Lease lease) {
            String id = ((Readable) lease.content()).id().orElseThrow();
            assertThat(open).as("what is handed out").containsKey(id);
            assertThat(leased.put(lease.id(), lease)).as("held by another").isNull();
            publicIds.put(lease.id(), id);
            started.add(id);
            everLeased.add(lease);
        }

        /** What runs since before a limit was lowered is no reason to hand out more. */
        private void limitsHold(List<Lease> taken) {
            if (taken.isEmpty()) {
                return;
            }
            QueueSettings settings = settings();
            assertThat(settings.paused()).isFalse();
            settings.concurrency().ifPresent(most -> assertThat(leased).hasSizeLessThanOrEqualTo(most));
            for (Lease lease : taken) {
                Optional<String> key = ((Readable) lease.content()).key();
                long running = leased.values().stream()
                        .filter(other -> ((Readable) other.content()).key().equals(key))
                        .count();
                if (key.isPresent()) {
                    settings.keyConcurrency()
                            .ifPresent(most -> assertThat(running).isLessThanOrEqualTo(most));
                }
            }
            long millis = Duration.between(start, queue.clock.instant()).toMillis();
            if (rated) {
                assertThat(starts).isLessThanOrEqualTo(RATE.burst() + millis * RATE.permits() / 1000);
            }
        }

        private void beat() {
            if (everLeased.isEmpty()) {
                return;
            }
            Lease lease = anyLease();
            String owner = "owner" + random.nextInt(3);
            boolean kept = queue.beat(owner, lease).isEmpty();
            if (kept && leased.put(lease.id(), lease) == null) {
                QueueSettings settings = settings();
                settings.concurrency().ifPresent(most -> assertThat(leased).hasSizeLessThanOrEqualTo(most));
            }
        }

        private void upkeep(boolean allDie) {
            if (allDie) {
                queue.backend.passLeaseTime(QueueFixture.LONGER_THAN_LEASE);
            }
            for (TaskEvent event : on(queue.broker.upkeep(Set.of(QUEUE), LEASE, QueueFixture.MAX_DELIVERIES))) {
                if (event.kind() != TaskEvent.Kind.PROMOTED) {
                    assertThat(leased.remove(event.task())).isNotNull();
                }
                if (event.kind() == TaskEvent.Kind.POISONED) {
                    ended(event.task());
                }
            }
        }

        private void cancel() {
            if (open.isEmpty() || random.nextInt(3) > 0) {
                return;
            }
            List<String> ids = open.keySet().stream().sorted().toList();
            String id = ids.get(random.nextInt(ids.size()));
            boolean runs = leased.keySet().stream()
                    .anyMatch(lease -> publicIds.get(lease).equals(id));
            assertThat(on(control.cancel(QUEUE, id))).isEqualTo(runs ? Cancelled.TOLD : Cancelled.REMOVED);
            if (!runs) {
                open.remove(id);
            }
        }

        private void change() {
            set(settings()
                    .withPaused(random.nextInt(4) == 0)
                    .withLimits(any(6), settings().rate())
                    .withKeyLimits(any(3), random.nextInt(3) == 0 ? Optional.of(RATE) : Optional.empty()));
        }

        private Optional<Integer> any(int most) {
            return random.nextBoolean() ? Optional.of(1 + random.nextInt(most)) : Optional.empty();
        }

        private QueueSettings settings() {
            return on(control.settings(QUEUE));
        }

        private void set(QueueSettings settings) {
            assertThat(on(control.change(QUEUE, before -> settings))).isEqualTo(settings);
        }

        private void check() {
            QueueInfo info = on(queue.broker.inspector().queues()).get(0);
            assertThat(info.active()).isEqualTo(leased.size());
            assertThat(info.waiting() + info.active() + info.retry() + info.delayed())
                    .isEqualTo(open.size());
        }

        private void finish() {
            set(QueueSettings.defaults().withKind(Kind.OWN).withKeyLimits(Optional.of(1), Optional.empty()));
            for (int i = 0; i < 10 * STEPS && !open.isEmpty(); i++) {
                queue.clock.advance(Duration.ofSeconds(30));
                upkeep(true);
                TurnAnswer answer = queue.turn(queue.nextCall(), "last", 200, i % 2 == 1, List.of());
                answer.leases().forEach(this::leased);
                limitsHold(answer.leases());
                for (Lease lease : answer.leases()) {
                    Settlement done = settlement(lease, new Outcome.Done());
                    queue.turn(queue.nextCall(), "last", 0, false, List.of(done));
                    settled(done);
                }
                check();
            }
            assertThat(open).isEmpty();
            for (int key = 0; key < 3; key++) {
                NewTask one = new NewTask(
                        "t",
                        "[]".getBytes(UTF_8),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        Optional.of("k" + key),
                        Optional.empty());
                queue.enqueue(queue.nextCall(), List.of(one));
            }
            assertThat(queue.claim("last", 5))
                    .as("one of each key: none is counted that does not run")
                    .hasSize(3);
        }

        private Lease anyLease() {
            int newer = Math.min(everLeased.size(), 12);
            return everLeased.get(everLeased.size() - 1 - random.nextInt(newer));
        }

        private Outcome anyOutcome(Lease lease) {
            return switch (random.nextInt(6)) {
                case 0, 1 -> new Outcome.Done();
                case 2, 3 -> new Outcome.Retry(Duration.ofMillis(random.nextInt(2_000)));
                case 4 -> new Outcome.Release();
                default ->
                    new Outcome.Fail(new Failure(
                            lease.content(), "E", "as a test wants it", List.of(), "worker", queue.clock.instant()));
            };
        }
    }
}
