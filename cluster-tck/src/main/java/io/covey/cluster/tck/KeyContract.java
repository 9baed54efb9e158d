package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.QueueSettings.Rate;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What keys promise: to be served in turn, and that each may be limited for itself. */
public abstract class KeyContract extends KeyTurnContract {

    @Test
    final void neverMoreOfOneKeyAreLeasedThanAllowed() {
        perKey(2);
        addMany(OWN, keyed("A", 5));
        addMany(OWN, keyed("B", 1));
        addMany(OWN, plain(4));
        TurnAnswer answer = ada.send(ada.next(OWN, List.of(), 50, false));
        assertThat(counts(answer.leases())).isEqualTo(Map.of("A", 2L, "B", 1L, "", 4L));
        TurnAnswer none = bob.send(bob.next(OWN, List.of(), 50, false));
        assertThat(none.leases()).isEmpty();
        assertThat(none.state().ready()).isZero();
        assertThat(none.state().pause()).isPositive();
        assertThat(info(OWN).waiting()).isEqualTo(3);
        assertThat(info(OWN).active()).isEqualTo(7);
    }

    @Test
    final void aSettledTaskMakesRoomForOneOfItsKeyInTheSameTurn() {
        perKey(1);
        addMany(OWN, keyed("A", 5));
        addMany(OWN, keyed("B", 5));
        List<Lease> leases = ada.claim(OWN, 50);
        assertThat(leases).hasSize(2);
        List<Lease> all = new ArrayList<>(leases);
        for (Outcome outcome : List.of(DONE, fail(leases.get(0), "broken"), RETRY_MUCH_LATER, DONE)) {
            Turn turn = ada.next(OWN, SettleContract.settle(leases, outcome), 50, false);
            TurnAnswer answer = ada.send(turn);
            assertThat(answer.settled()).containsOnly(Settled.DONE);
            leases = answer.leases();
            assertThat(counts(leases)).isEqualTo(Map.of("A", 1L, "B", 1L));
            assertThat(ada.send(turn).leases()).hasSize(2);
            assertThat(bob.claim(OWN, 5)).isEmpty();
            all.addAll(leases);
        }
        for (String key : List.of("A", "B")) {
            assertThat(all.stream().filter(lease -> key.equals(name(lease))).map(TaskContract::type))
                    .containsExactlyElementsOf(Producer.types(5));
        }
    }

    @Test
    final void aReleasedTaskOrOneOfADeadOwnerFreesThePlaceOfItsKeyOnce() {
        perKey(2);
        addMany(OWN, keyed("A", 6));
        List<Lease> leases = ada.claim(OWN, 50);
        assertThat(ada.settle(leases.get(0), RELEASE)).isEqualTo(Settled.DONE);
        assertThat(bob.claim(OWN, 50)).hasSize(1);
        assertThat(bob.claim(OWN, 50)).isEmpty();
        dead();
        upkeep(OWN);
        List<Lease> now = bob.claim(OWN, 50);
        assertThat(now).hasSize(2);
        assertThat(ada.claim(OWN, 50)).isEmpty();
        leases.forEach(lease -> assertThat(ada.settle(lease, DONE)).isEqualTo(Settled.FENCED));
        assertThat(ada.claim(OWN, 50)).isEmpty();
        done(bob, now);
        assertThat(workOff(bob, OWN, 50)).hasSize(4);
        assertThat(info(OWN).active()).isZero();
        assertThat(info(OWN).waiting()).isZero();
    }

    @Test
    final void aLateSettlementOfADeadOwnerFreesNoPlaceAgain() {
        perKey(1);
        addMany(OWN, keyed("A", 4));
        Lease old = ada.claimOne(OWN);
        dead();
        assertThat(ada.settle(old, DONE)).isEqualTo(Settled.DONE);
        assertThat(bob.claim(OWN, 50)).hasSize(1);
        assertThat(ada.claim(OWN, 50)).isEmpty();
    }

    @Test
    final void whatItsOwnerTakesBackHasItsPlaceInTheKeyAgainAndIsLostIfThereIsNone() {
        perKey(1);
        addMany(OWN, keyed("A", 2));
        Lease mine = ada.claimOne(OWN);
        dead();
        assertThat(ada.beat(mine)).isEmpty();
        assertThat(bob.claim(OWN, 50)).isEmpty();
        dead();
        Lease again = bob.claimOne(OWN);
        assertThat(ada.beat(mine)).containsExactly(mine.held());
        assertThat(ada.claim(OWN, 50)).isEmpty();
        done(bob, List.of(again));
        assertThat(ada.claim(OWN, 50)).hasSize(1);
    }

    @Test
    final void aRetryThatIsDueWaitsForThePlaceOfItsKey() {
        perKey(1);
        addMany(OWN, keyed("A", 2));
        ada.settle(ada.claimOne(OWN), RETRY_NOW);
        Lease other = claimEventually(bob, OWN);
        backend().elapse(Duration.ofMillis(50));
        upkeep(OWN);
        assertThat(ada.claim(OWN, 50)).isEmpty();
        done(bob, List.of(other));
        Lease last = claimEventually(ada, OWN);
        assertThat(last.id()).isNotEqualTo(other.id());
        done(ada, List.of(last));
        assertThat(info(OWN).waiting() + info(OWN).retry() + info(OWN).active()).isZero();
    }

    @Test
    final void poisonFreesThePlaceOfItsKey() {
        perKey(1);
        addMany(OWN, keyed("A", 2));
        ada.claimOne(OWN);
        dead();
        Lease second = bob.claimOne(OWN);
        dead();
        // The second death made it a last try: the other of its key may go first.
        assertThat(second.deliveries()).isEqualTo(2);
        done(ada, ada.claim(OWN, 50));
        assertThat(ada.claimSolo(OWN, 1)).hasSize(1);
        dead();
        failures(1);
        addMany(OWN, keyed("A", 1));
        assertThat(ada.claim(OWN, 50)).hasSize(1);
    }

    @Test
    final void aLastTryIsFoundBehindManyOfAKeyAtItsLimit() {
        addMany(OWN, keyed("A", 29));
        addMany(OWN, keyed("B", 1));
        assertThat(claimUntil(ada, 30)).isEqualTo(30);
        dead();
        assertThat(claimUntil(bob, 30)).isEqualTo(30);
        dead();
        perKey(1);
        List<Lease> lasts = new ArrayList<>(ada.claimSolo(OWN, 1));
        lasts.addAll(bob.claimSolo(OWN, 1));
        assertThat(counts(lasts)).isEqualTo(Map.of("A", 1L, "B", 1L));
        assertThat(new Worker(broker, "eve").claimSolo(OWN, 1)).isEmpty();
    }

    @Test
    final void aLimitOfKeysThatIsRaisedOrLiftedSetsFreeWhatItHeldBack() {
        perKey(1);
        addMany(OWN, keyed("A", 6));
        assertThat(ada.claim(OWN, 50)).hasSize(1);
        assertThat(ada.claim(OWN, 50)).isEmpty();
        perKey(3);
        assertThat(claimUntil(bob, 2)).isEqualTo(2);
        assertThat(bob.claim(OWN, 50)).isEmpty();
        change(OWN, settings -> settings.withKeyLimits(Optional.empty(), Optional.empty()));
        assertThat(claimUntil(bob, 3)).isEqualTo(3);
    }

    @Test
    final void theLimitsOfQueueAndKeyHoldTogether() {
        change(
                OWN,
                settings -> settings.withLimits(Optional.of(3), Optional.empty())
                        .withKeyLimits(Optional.of(2), Optional.empty()));
        addMany(OWN, keyed("A", 10));
        assertThat(ada.claim(OWN, 50)).hasSize(2);
        addMany(OWN, keyed("B", 10));
        List<Lease> leases = bob.claim(OWN, 50);
        assertThat(counts(leases)).isEqualTo(Map.of("B", 1L));
        assertThat(bob.claim(OWN, 50)).isEmpty();
        done(bob, leases);
        assertThat(counts(bob.claim(OWN, 50))).isEqualTo(Map.of("B", 1L));
    }

    @Test
    final void theLimitOfAKeyHoldsForManyWhoClaimAndSettleAtOnce() throws Exception {
        perKey(2);
        List<NewTask> tasks = new ArrayList<>();
        for (int i = 0; i < 180; i++) {
            tasks.add(Draft.of("t" + i).key("k" + i % 3).task());
        }
        addMany(OWN, tasks);
        List<List<String>> all = Race.of(6, number -> {
            Worker worker = new Worker(number % 2 == 0 ? broker : elsewhere, "owner" + number);
            List<String> mine = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                List<Lease> leases = worker.claim(OWN, 5);
                assertThat(info(OWN).active()).isLessThanOrEqualTo(6);
                assertThat(counts(leases).values()).allMatch(count -> count <= 2);
                mine.addAll(types(leases));
                done(worker, leases);
            }
            return mine;
        });
        List<String> claimed =
                new ArrayList<>(all.stream().flatMap(List::stream).toList());
        claimed.addAll(types(workOff(bob, OWN, 50)));
        assertThat(claimed).hasSize(180).doesNotHaveDuplicates();
    }

    @Test
    final void noMoreOfOneKeyStartThanItsRateAllowsAndNothingIsLost() {
        change(
                OWN,
                settings ->
                        settings.withKeyLimits(Optional.empty(), Optional.of(new Rate(10, Duration.ofHours(1), 2))));
        addMany(OWN, keyed("A", 5));
        addMany(OWN, keyed("B", 1));
        addMany(OWN, plain(3));
        List<Lease> leases = ada.claim(OWN, 50);
        assertThat(counts(leases)).isEqualTo(Map.of("A", 2L, "B", 1L, "", 3L));
        done(ada, leases);
        TurnAnswer none = ada.send(ada.next(OWN, List.of(), 50, false));
        assertThat(none.leases()).isEmpty();
        assertThat(none.state().ready()).isZero();
        assertThat(none.state().pause()).isPositive();
        addMany(OWN, keyed("B", 2));
        assertThat(counts(ada.claim(OWN, 50))).isEqualTo(Map.of("B", 1L));
        change(OWN, settings -> settings.withKeyLimits(Optional.empty(), Optional.empty()));
        assertThat(claimUntil(bob, 4)).isEqualTo(4);
    }

    @Test
    final void theRateOfAKeyLetsItsTasksStartOneAfterTheOther() {
        Duration interval = Duration.ofMillis(100);
        change(
                OWN,
                settings ->
                        settings.withKeyLimits(Optional.empty(), Optional.of(new Rate(10, Duration.ofSeconds(1), 1))));
        addMany(OWN, keyed("A", 6));
        Instant start = on(transport.time());
        List<String> types = new ArrayList<>();
        elapseUntil(() -> {
            upkeep(OWN);
            List<Lease> leases = ada.claim(OWN, 50);
            types.addAll(types(leases));
            long intervals = Duration.between(start, on(transport.time())).toMillis() / interval.toMillis();
            assertThat(types.size()).isLessThanOrEqualTo((int) intervals + 2);
            assertThat(leases).hasSizeLessThanOrEqualTo(1);
            return types.size() == 6;
        });
        assertThat(types).containsExactlyElementsOf(Producer.types(6));
    }

    private void perKey(int most) {
        change(OWN, settings -> settings.withKeyLimits(Optional.of(most), Optional.empty()));
    }

    private void dead() {
        backend().pass(LONGER_THAN_LEASE, OWN);
        upkeep(OWN);
    }

    /** What was held back may need upkeep to be seen again. */
    private int claimUntil(Worker worker, int count) {
        List<Lease> leases = new ArrayList<>();
        elapseUntil(() -> {
            upkeep(OWN);
            leases.addAll(worker.claim(OWN, 50));
            return leases.size() >= count;
        });
        return leases.size();
    }
}
