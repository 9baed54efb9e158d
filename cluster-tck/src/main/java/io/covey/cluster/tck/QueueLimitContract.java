package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.QueueSettings.Rate;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.QueueState;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the limits of a queue promise: never more leased at once, never more started in a time. */
public abstract class QueueLimitContract extends FeatureContract {

    @Test
    final void neverMoreAreLeasedThanTheQueueAllowsWhoeverAsks() {
        limit(Q, 3);
        producer.enqueue(Q, Producer.types(10).toArray(String[]::new));
        TurnAnswer first = ada.send(ada.next(Q, List.of(), 2, false));
        assertThat(first.leases()).hasSize(2);
        assertThat(first.state().ready()).isPositive();
        assertThat(first.state().pause()).isZero();
        TurnAnswer second = bob.send(bob.next(Q, List.of(), 10, false));
        assertThat(second.leases()).hasSize(1);
        full(second.state());
        assertThat(ada.claim(Q, 10)).isEmpty();
        full(ada.look(Q).state());
        assertThat(info(Q).active()).isEqualTo(3);
        assertThat(info(Q).waiting()).isEqualTo(7);
    }

    @Test
    final void whatATurnSettlesMakesRoomForWhatItClaims() {
        limit(Q, 2);
        producer.enqueue(Q, Producer.types(10).toArray(String[]::new));
        List<Lease> leases = ada.claim(Q, 5);
        List<String> started = new ArrayList<>(types(leases));
        for (Outcome outcome : List.of(DONE, RETRY_MUCH_LATER, fail(leases.get(0), "broken"), DONE)) {
            assertThat(leases).hasSize(2);
            TurnAnswer answer = ada.send(ada.next(Q, SettleContract.settle(leases, outcome), 5, false));
            assertThat(answer.settled()).containsOnly(Settled.DONE);
            leases = answer.leases();
            started.addAll(types(leases));
        }
        assertThat(started).containsExactlyElementsOf(Producer.types(10));
    }

    @Test
    final void aRepeatedClaimOrSettlementTakesAndGivesNoRoomTwice() {
        limit(Q, 3);
        producer.enqueue(Q, Producer.types(10).toArray(String[]::new));
        Turn claim = ada.next(Q, List.of(), 2, false);
        List<Lease> leases = ada.send(claim).leases();
        ada.send(claim);
        ada.send(claim);
        assertThat(bob.claim(Q, 5)).hasSize(1);
        Turn settle = ada.next(Q, SettleContract.settle(leases.subList(0, 1), DONE), 0, false);
        ada.send(settle);
        ada.send(settle);
        ada.settle(leases.get(0), DONE);
        assertThat(bob.claim(Q, 5)).hasSize(1);
        assertThat(bob.claim(Q, 5)).isEmpty();
    }

    @Test
    final void aTaskGivenBackOrRetriedOrOfADeadOwnerLeavesItsPlace() {
        limit(Q, 2);
        producer.enqueue(Q, Producer.types(6).toArray(String[]::new));
        List<Lease> leases = ada.claim(Q, 5);
        ada.settle(leases.get(0), RELEASE);
        assertThat(bob.claim(Q, 5)).hasSize(1);
        assertThat(bob.claim(Q, 5)).isEmpty();
        backend().pass(LONGER_THAN_LEASE, Q);
        assertThat(upkeep()).hasSize(2);
        List<Lease> again = bob.claim(Q, 5);
        assertThat(again).hasSize(2);
        assertThat(ada.claim(Q, 5)).isEmpty();
        done(bob, again);
        assertThat(workOff(bob, Q, 5)).hasSize(4);
    }

    @Test
    final void aLateSettlementMakesNoRoomForThatWhichTheDeadOwnerHadMadeAlready() {
        limit(Q, 2);
        producer.enqueue(Q, Producer.types(8).toArray(String[]::new));
        List<Lease> old = ada.claim(Q, 2);
        everybodyDies();
        List<Lease> now = bob.claim(Q, 2);
        assertThat(now).hasSize(2);
        old.forEach(lease -> assertThat(ada.settle(lease, DONE)).isEqualTo(Settled.FENCED));
        assertThat(ada.claim(Q, 5)).isEmpty();
        everybodyDies();
        now.forEach(lease -> assertThat(bob.settle(lease, DONE)).isEqualTo(Settled.DONE));
        assertThat(ada.claim(Q, 5)).hasSize(2);
        assertThat(bob.claim(Q, 5)).isEmpty();
    }

    @Test
    final void whatItsOwnerTakesBackHasItsPlaceAgainAndIsLostIfThereIsNone() {
        limit(Q, 2);
        producer.enqueue(Q, "a", "b", "c");
        List<Lease> leases = ada.claim(Q, 2);
        assertThat(everybodyDies()).hasSize(2);
        assertThat(ada.beat(leases.get(0))).isEmpty();
        List<Lease> bobs = bob.claim(Q, 5);
        assertThat(types(bobs)).containsExactly("b");
        assertThat(ada.beat(leases.get(0))).isEmpty();
        assertThat(ada.beat(leases.get(1))).containsExactly(leases.get(1).held());
        assertThat(info(Q).active()).isEqualTo(2);
    }

    @Test
    final void whoBeatsForTwoClaimsOfOneTaskIsToldOfBothThatTheyAreLost() {
        limit(Q, 1);
        producer.enqueue(Q, "last", "other");
        Lease first = ada.claimOne(Q);
        everybodyDies();
        Lease second = ada.claimOne(Q);
        assertThat(second.id()).isEqualTo(first.id());
        everybodyDies();
        assertThat(type(bob.claimOne(Q))).isEqualTo("other");
        assertThat(ada.beat(second, first)).containsExactlyInAnyOrder(second.held(), first.held());
    }

    @Test
    final void aLastTryIsNotTakenBackWhenOthersHaveItsPlace() {
        limit(Q, 1);
        producer.enqueue(Q, "last", "other");
        ada.claimOne(Q);
        everybodyDies();
        Lease last = ada.claimOne(Q);
        everybodyDies();
        assertThat(type(bob.claimOne(Q))).isEqualTo("other");
        assertThat(ada.claimSolo(Q, 1)).isEmpty();
        assertThat(ada.beat(last)).containsExactly(last.held());
        assertThat(info(Q).active()).isEqualTo(1);
        assertThat(ada.settle(last, DONE)).isEqualTo(Settled.DONE);
        assertThat(info(Q).active()).isEqualTo(1);
        assertThat(ada.claim(Q, 5)).isEmpty();
    }

    @Test
    final void aLimitThatIsLoweredStopsNothingAndOneThatIsRaisedOrLiftedCountsAtOnce() {
        limit(Q, 4);
        producer.enqueue(Q, Producer.types(12).toArray(String[]::new));
        List<Lease> leases = ada.claim(Q, 10);
        limit(Q, 2);
        assertThat(ada.beat(leases.toArray(Lease[]::new))).isEmpty();
        done(ada, leases.subList(0, 2));
        assertThat(bob.claim(Q, 10)).isEmpty();
        done(ada, leases.subList(2, 3));
        assertThat(bob.claim(Q, 10)).hasSize(1);
        limit(Q, 5);
        assertThat(bob.claim(Q, 10)).hasSize(3);
        change(Q, settings -> settings.withLimits(Optional.empty(), Optional.empty()));
        assertThat(bob.claim(Q, 10)).hasSize(4);
    }

    @Test
    final void whatWasLeasedBeforeThereWasALimitCounts() {
        producer.enqueue(Q, Producer.types(6).toArray(String[]::new));
        List<Lease> leases = ada.claim(Q, 3);
        limit(Q, 4);
        assertThat(bob.claim(Q, 10)).hasSize(1);
        done(ada, leases);
        assertThat(bob.claim(Q, 10)).hasSize(2);
        assertThat(info(Q).active()).isEqualTo(3);
    }

    @Test
    final void theLimitHoldsForManyWhoClaimAndSettleAtOnce() throws Exception {
        limit(Q, 5);
        producer.enqueue(Q, Producer.types(200).toArray(String[]::new));
        AtomicInteger held = new AtomicInteger();
        List<Integer> most = Race.of(6, number -> {
            Worker worker = new Worker(number % 2 == 0 ? broker : elsewhere, "owner" + number);
            int seen = 0;
            for (int i = 0; i < 30; i++) {
                List<Lease> leases = worker.claim(Q, 1 + i % 4);
                seen = Math.max(seen, held.addAndGet(leases.size()));
                seen = Math.max(seen, (int) info(Q).active());
                held.addAndGet(-leases.size());
                done(worker, leases);
            }
            return seen;
        });
        assertThat(most).allMatch(seen -> seen <= 5);
        assertThat(bob.claim(Q, 50)).hasSizeLessThanOrEqualTo(5);
    }

    @Test
    final void noMoreStartThanTheRateAndItsBurstAllowAndNoFewerWhereThereAreTasks() {
        Rate rate = new Rate(20, Duration.ofSeconds(1), 5);
        rate(Q, rate);
        producer.enqueue(Q, Producer.types(100).toArray(String[]::new));
        Instant start = on(transport.time());
        long started = 0;
        for (int round = 0; round < 12; round++) {
            Worker worker = round % 2 == 0 ? ada : bob;
            TurnAnswer answer = worker.send(worker.next(Q, List.of(), 50, false));
            started += answer.leases().size();
            // 110 ms are two of 50 ms, whatever is rounded.
            assertThat(answer.leases()).hasSizeGreaterThanOrEqualTo(round == 0 ? 5 : 2);
            assertThat(started).isLessThanOrEqualTo(allowed(rate, start));
            full(answer.state());
            assertThat(answer.state().pause()).isLessThanOrEqualTo(Duration.ofMillis(51));
            backend().elapse(Duration.ofMillis(110));
        }
    }

    @Test
    final void afterAQuietTimeNoMoreThanTheBurstStartAtOnce() {
        Rate rate = new Rate(10, Duration.ofHours(1), 3);
        rate(Q, rate);
        producer.enqueue(Q, Producer.types(20).toArray(String[]::new));
        assertThat(ada.claim(Q, 2)).hasSize(2);
        assertThat(bob.claim(Q, 10)).hasSize(1);
        TurnAnswer none = ada.send(ada.next(Q, List.of(), 10, false));
        assertThat(none.leases()).isEmpty();
        full(none.state());
        assertThat(none.state().pause()).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(7));
        change(Q, settings -> settings.withLimits(Optional.empty(), Optional.empty()));
        assertThat(ada.claim(Q, 50)).hasSize(17);
    }

    @Test
    final void onlyWhatWasTakenIsChargedAndARepeatIsNot() {
        rate(Q, new Rate(10, Duration.ofHours(1), 5));
        assertThat(ada.claim(Q, 200)).isEmpty();
        producer.enqueue(Q, "a");
        assertThat(ada.look(Q).leases()).isEmpty();
        Turn turn = ada.next(Q, List.of(), 200, false);
        for (int i = 0; i < 4; i++) {
            assertThat(ada.send(turn).leases()).hasSize(1);
        }
        producer.enqueue(Q, Producer.types(10).toArray(String[]::new));
        assertThat(bob.claim(Q, 200)).hasSize(4);
    }

    @Test
    final void retriesAndTasksOfDeadOwnersAreChargedLikeNewOnes() {
        rate(Q, new Rate(10, Duration.ofHours(1), 3));
        producer.enqueue(Q, Producer.types(10).toArray(String[]::new));
        Lease retried = ada.claimOne(Q);
        ada.settle(retried, RETRY_NOW);
        ada.claimOne(Q);
        everybodyDies();
        assertThat(bob.claim(Q, 10)).hasSize(1);
        assertThat(bob.claim(Q, 10)).isEmpty();
        assertThat(info(Q).active()).isEqualTo(1);
        assertThat(info(Q).waiting() + info(Q).retry()).isEqualTo(9);
    }

    @Test
    final void limitAndRateHoldTogether() {
        change(Q, settings -> settings.withLimits(Optional.of(2), Optional.of(new Rate(10, Duration.ofHours(1), 3))));
        producer.enqueue(Q, Producer.types(10).toArray(String[]::new));
        List<Lease> leases = ada.claim(Q, 10);
        assertThat(leases).hasSize(2);
        done(ada, leases);
        assertThat(ada.claim(Q, 10)).hasSize(1);
        full(ada.look(Q).state());
    }

    private void limit(String queue, int most) {
        change(queue, settings -> settings.withLimits(Optional.of(most), Optional.empty()));
    }

    private void rate(String queue, Rate rate) {
        change(queue, settings -> settings.withLimits(Optional.empty(), Optional.of(rate)));
    }

    private static void full(QueueState state) {
        assertThat(state.ready()).isZero();
        assertThat(state.pause()).isPositive();
    }

    /** How many may have started since an instant before the first. */
    private long allowed(Rate rate, Instant start) {
        long interval = rate.per().toMillis() / rate.permits();
        return rate.burst() + Duration.between(start, on(transport.time())).toMillis() / interval + 1;
    }
}
