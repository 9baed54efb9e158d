package io.covey.cluster.core.local;

import static io.covey.cluster.core.local.QueueFixture.QUEUE;
import static io.covey.cluster.core.local.QueueFixture.on;
import static io.covey.cluster.core.local.QueueFixture.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.QueueSettings.Rate;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.QueueState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class QueueLimitsTest {
    private static final Outcome DONE = new Outcome.Done();
    private final QueueFixture queue = new QueueFixture();

    @Test
    void aPausedQueueHandsNothingOutButWhatIsLeasedGoesOn() {
        queue.enqueue("a", "b");
        Lease running = queue.claim("ada", 1).get(0);
        set(settings -> settings.withPaused(true));
        assertThat(queue.claim("ada", 5)).isEmpty();
        assertThat(queue.claimSolo("bob")).isEmpty();
        assertThat(queue.beat("ada", running)).isEmpty();
        QueueState state = state();
        assertThat(state.ready()).isZero();
        assertThat(state.pause()).isPositive();
        queue.settle(running, DONE);
        set(settings -> settings.withPaused(false));
        assertThat(state().pause()).isZero();
        assertThat(queue.claim("ada", 5)).hasSize(1);
        set(settings -> settings.withPaused(true));
        assertThat(state().pause()).as("of an empty queue").isZero();
    }

    @Test
    void aQueueThatGoesOnIsHintedToThoseWhoWatchIt() {
        queue.enqueue("a");
        set(settings -> settings.withPaused(true));
        List<String> hints = new ArrayList<>();
        queue.broker.watch(Set.of(QUEUE), hints::add);
        assertThat(hints).isEmpty();
        set(settings -> settings.withPaused(false));
        assertThat(hints).containsExactly(QUEUE);
    }

    @Test
    void neverMoreThanTheConcurrencyIsLeasedAndADeadOwnersSlotIsFreed() {
        set(settings -> settings.withLimits(Optional.of(3), Optional.empty()));
        queue.enqueue(Collections.nCopies(10, "t").toArray(String[]::new));
        List<Lease> three = queue.claim("ada", 5);
        assertThat(three).hasSize(3);
        assertThat(queue.claim("bob", 5)).isEmpty();
        assertThat(state().pause()).isPositive();
        queue.settle(three.get(0), DONE);
        queue.settle(three.get(1), new Outcome.Retry(Duration.ofHours(1)));
        assertThat(state().ready()).isEqualTo(2);
        assertThat(queue.claim("bob", 5)).hasSize(2);
        queue.allDie();
        assertThat(queue.claim("cid", 5)).hasSize(3);
        assertThat(queue.beat("ada", three.get(2))).as("its slot is taken").hasSize(1);
    }

    @Test
    void startsAreSpreadEvenlyOverTheTimeOfTheRate() {
        set(settings -> settings.withLimits(Optional.empty(), Optional.of(new Rate(100, Duration.ofSeconds(1), 5))));
        for (int i = 0; i < 20; i++) {
            queue.enqueue(Collections.nCopies(200, "t").toArray(String[]::new));
        }
        assertThat(queue.claim("ada", 200)).as("the burst").hasSize(5);
        int started = 0;
        for (int i = 0; i < 1000; i++) {
            assertThat(state().pause()).isBetween(Duration.ofMillis(1), Duration.ofMillis(10));
            queue.clock.advance(Duration.ofMillis(10));
            started += queue.claim("ada", 200).size();
        }
        assertThat(started).isEqualTo(1000);
        queue.clock.advance(Duration.ofHours(1));
        assertThat(queue.claim("ada", 200)).as("the burst after a quiet time").hasSize(5);
    }

    @Test
    void aClaimIsChargedForWhatItTookOnlyAndAFasterRateCountsAtOnce() {
        set(settings -> settings.withLimits(Optional.empty(), Optional.of(new Rate(2, Duration.ofDays(1), 2))));
        assertThat(queue.claim("ada", 200)).isEmpty();
        queue.enqueue("a", "b", "c", "d");
        assertThat(queue.claim("ada", 200)).hasSize(2);
        set(settings -> settings.withLimits(Optional.empty(), Optional.of(new Rate(10, Duration.ofSeconds(1), 1))));
        queue.clock.advance(Duration.ofMillis(100));
        assertThat(queue.claim("ada", 200)).hasSize(1);
    }

    @Test
    void tenThousandTasksOfOneKeyDoNotHoldUpAHundredOfAnother() {
        set(settings -> settings.withKind(QueueSettings.Kind.OWN));
        enqueueKeyed("A", 10_000);
        enqueueKeyed("B", 100);
        List<String> keys = new ArrayList<>();
        while (keys.size() < 300) {
            queue.claim("ada", 20).forEach(lease -> keys.add(key(lease)));
        }
        assertThat(keys.stream().limit(201)).filteredOn("B"::equals).hasSize(100);
    }

    @Test
    void tasksWithoutAKeyAreServedInTurnWithTheOthers() {
        set(settings -> settings.withKind(QueueSettings.Kind.OWN));
        enqueueKeyed("A", 50);
        queue.enqueue(Collections.nCopies(50, "t").toArray(String[]::new));
        List<Lease> leases = queue.claim("ada", 40);
        assertThat(leases.stream().filter(lease -> key(lease).isEmpty())).hasSize(20);
    }

    @Test
    void neverMoreThanTheConcurrencyOfAKeyIsLeasedAndOthersGoOn() {
        set(settings -> settings.withKind(QueueSettings.Kind.OWN).withKeyLimits(Optional.of(2), Optional.empty()));
        enqueueKeyed("A", 10);
        enqueueKeyed("B", 1);
        List<Lease> leases = queue.claim("ada", 10);
        assertThat(leases.stream().map(QueueLimitsTest::key)).containsExactlyInAnyOrder("A", "A", "B");
        assertThat(state().ready()).isZero();
        assertThat(state().pause()).isPositive();
        Lease ofA = leases.stream()
                .filter(lease -> key(lease).equals("A"))
                .findFirst()
                .orElseThrow();
        queue.settle(ofA, new Outcome.Release());
        assertThat(state().ready()).isEqualTo(2);
        assertThat(queue.claim("bob", 10))
                .singleElement()
                .satisfies(lease -> assertThat(lease.id()).isEqualTo(ofA.id()));
        queue.allDie();
        assertThat(queue.claim("cid", 10).stream().map(QueueLimitsTest::key)).containsExactlyInAnyOrder("A", "A", "B");
    }

    @Test
    void theRateOfAKeyHoldsUpThatKeyAlone() {
        set(settings -> settings.withKind(QueueSettings.Kind.OWN)
                .withKeyLimits(Optional.empty(), Optional.of(new Rate(1, Duration.ofSeconds(1), 1))));
        enqueueKeyed("A", 3);
        enqueueKeyed("B", 1);
        assertThat(queue.claim("ada", 10)).hasSize(2);
        assertThat(state().pause()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
        queue.clock.advance(Duration.ofSeconds(1));
        assertThat(queue.claim("ada", 10).stream().map(QueueLimitsTest::key)).containsExactly("A");
        set(settings -> settings.withKeyLimits(Optional.empty(), Optional.empty()));
        assertThat(queue.claim("ada", 10)).hasSize(1);
    }

    private void set(UnaryOperator<QueueSettings> change) {
        on(queue.broker.control().orElseThrow().change(QUEUE, change));
    }

    private QueueState state() {
        return queue.turn(queue.nextCall(), "looks", 0, false, List.of()).state();
    }

    private void enqueueKeyed(String key, int count) {
        AtomicInteger left = new AtomicInteger(count);
        while (left.get() > 0) {
            NewTask keyed = task("t");
            NewTask one = new NewTask(
                    keyed.type(),
                    keyed.args(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of(),
                    Optional.of(key),
                    Optional.empty());
            int now = Math.min(200, left.get());
            queue.enqueue(queue.nextCall(), Collections.nCopies(now, one));
            left.addAndGet(-now);
        }
    }

    private static String key(Lease lease) {
        return ((Content.Readable) lease.content()).key().orElse("");
    }
}
