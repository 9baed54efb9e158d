package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What settling promises. */
abstract class SettleContract extends ClaimContract {

    @Test
    final void aRetryMayBeAsFarAwayAsThereIsTime() {
        producer.enqueue(Q, "a");
        Lease lease = ada.claimOne(Q);
        Outcome never = new Outcome.Retry(ChronoUnit.FOREVER.getDuration());
        assertThat(ada.settle(lease, never)).isEqualTo(Settled.DONE);
        assertThat(ada.claim(Q, 1)).isEmpty();
        assertThat(info(Q).retry()).isEqualTo(1);
    }

    @Test
    final void aTaskIsDoneOnce() {
        producer.enqueue(Q, "a");
        Lease lease = ada.claimOne(Q);
        assertThat(ada.settle(lease, DONE)).isEqualTo(Settled.DONE);
        assertThat(ada.settle(lease, DONE)).isEqualTo(Settled.UNKNOWN);
        assertThat(ada.settle(lease, RETRY_NOW)).isEqualTo(Settled.UNKNOWN);
        everybodyDies();
        assertThat(bob.claim(Q, 5)).isEmpty();
        assertThat(info(Q).active()).isZero();
        assertThat(info(Q).waiting()).isZero();
    }

    @Test
    final void ofEightSettlementsAtOnceOneIsAccepted() throws Exception {
        for (int round = 0; round < 5; round++) {
            producer.enqueue(Q, "a");
            Lease lease = ada.claimOne(Q);
            String lanes = "round" + round;
            List<Settled> settled = Race.of(8, number -> {
                Worker worker = new Worker(number % 2 == 0 ? broker : elsewhere, lanes + number);
                return worker.settle(lease, number % 3 == 0 ? DONE : RETRY_MUCH_LATER);
            });
            assertThat(settled).containsOnlyOnce(Settled.DONE);
        }
    }

    @Test
    final void aRepeatedSettlementIsAnsweredWithTheSameCodes() {
        producer.enqueue(Q, "a", "b");
        List<Lease> leases = ada.claim(Q, 2);
        Turn turn = ada.next(Q, settle(leases, DONE), 0, false);
        assertThat(ada.send(turn).settled()).containsExactly(Settled.DONE, Settled.DONE);
        TurnAnswer again = on(elsewhere.turn(List.of(turn))).get(0);
        assertThat(again.status()).isEqualTo(Status.REPLAY);
        assertThat(again.settled()).containsExactly(Settled.DONE, Settled.DONE);
    }

    @Test
    final void aLateCopyOfASettlementSettlesNothing() {
        producer.enqueue(Q, "a");
        Lease lease = ada.claimOne(Q);
        Turn refused = ada.next(Q, List.of(new Settlement(lease.id(), lease.fence() - 1, DONE)), 0, false);
        assertThat(ada.send(refused).settled()).containsExactly(Settled.FENCED);
        ada.look(Q);
        Turn late = new Turn(
                Q,
                refused.call(),
                ada.owner,
                Worker.LEASE,
                Worker.MOST_DELIVERIES,
                settle(List.of(lease), DONE),
                0,
                false);
        TurnAnswer answer = ada.send(late);
        assertThat(answer.status()).isEqualTo(Status.STALE);
        assertThat(answer.settled()).isEmpty();
        assertThat(ada.settle(lease, DONE)).isEqualTo(Settled.DONE);
    }

    @Test
    final void aSettlementOnAnUnknownLaneThatDoesNotBeginSettlesNothing() {
        producer.enqueue(Q, "a");
        Lease lease = ada.claimOne(Q);
        TurnAnswer answer = bob.send(bob.at(3, Q, settle(List.of(lease), DONE), 5, false));
        assertThat(answer.status()).isEqualTo(Status.UNKNOWN);
        assertThat(answer.settled()).isEmpty();
        assertThat(ada.settle(lease, DONE)).isEqualTo(Settled.DONE);
    }

    @Test
    final void aTaskTwiceInOneBatchIsSettledTheFirstTime() {
        producer.enqueue(Q, "a");
        Lease lease = ada.claimOne(Q);
        Settlement done = new Settlement(lease.id(), lease.fence(), DONE);
        Settlement retry = new Settlement(lease.id(), lease.fence(), RETRY_NOW);
        assertThat(ada.settle(Q, List.of(done, retry, done)))
                .containsExactly(Settled.DONE, Settled.UNKNOWN, Settled.UNKNOWN);
        upkeep();
        assertThat(bob.claim(Q, 5)).isEmpty();
    }

    @Test
    final void aTaskThatNobodyClaimedIsUnknownAndAFenceThatNobodyGotIsNotAccepted() {
        producer.enqueue(Q, "a");
        Lease lease = ada.claimOne(Q);
        assertThat(ada.settle(Q, List.of(new Settlement("nobody", lease.fence(), DONE))))
                .containsExactly(Settled.UNKNOWN);
        for (long fence : new long[] {0, -1, 1, lease.fence() - 1, lease.fence() + 1, Long.MAX_VALUE}) {
            assertThat(ada.settle(Q, List.of(new Settlement(lease.id(), fence, DONE))))
                    .doesNotContain(Settled.DONE);
        }
        assertThat(ada.settle(lease, DONE)).isEqualTo(Settled.DONE);
    }

    @Test
    final void aTurnSettlesFirstAndThenClaims() {
        producer.enqueue(Q, "a", "b", "c");
        List<Lease> leases = ada.claim(Q, 2);
        TurnAnswer answer = ada.send(ada.next(Q, settle(leases.subList(0, 1), RELEASE), 1, false));
        assertThat(answer.settled()).containsExactly(Settled.DONE);
        Lease again = answer.leases().get(0);
        assertThat(again.id()).isEqualTo(leases.get(0).id());
        assertThat(again.fence()).isGreaterThan(leases.get(0).fence());
        assertThat(answer.state().ready()).isEqualTo(1);
        Turn both = ada.next(Q, settle(List.of(again, leases.get(1)), DONE), 5, false);
        assertThat(types(ada.send(both).leases())).containsExactly("c");
        TurnAnswer replay = ada.send(both);
        assertThat(replay.settled()).containsExactly(Settled.DONE, Settled.DONE);
        assertThat(types(replay.leases())).containsExactly("c");
    }

    @Test
    final void aRetriedTaskRunsAgainAsItsNextAttemptWithItsDeliveriesForgotten() {
        producer.enqueue(Q, "a");
        Lease first = ada.claimOne(Q);
        everybodyDies();
        Lease second = bob.claimOne(Q);
        assertThat(second.deliveries()).isEqualTo(2);
        assertThat(bob.settle(second, RETRY_NOW)).isEqualTo(Settled.DONE);
        Lease third = claimEventually(ada, Q);
        assertThat(third.id()).isEqualTo(first.id());
        assertThat(third.attempt()).isEqualTo(3);
        assertThat(third.deliveries()).isEqualTo(1);
        assertThat(third.fence()).isGreaterThan(second.fence());
        assertThat(type(third)).isEqualTo("a");
        assertThat(new String(((Readable) third.content()).args(), UTF_8)).isEqualTo("[\"a\"]");
    }

    @Test
    final void aRetryWaitsForItsDelay() {
        producer.enqueue(Q, "later", "soon");
        List<Lease> leases = ada.claim(Q, 2);
        ada.settle(leases.get(0), RETRY_MUCH_LATER);
        ada.settle(leases.get(1), new Outcome.Retry(Duration.ofMillis(500)));
        assertThat(info(Q).retry()).isEqualTo(2);
        assertThat(info(Q).active()).isZero();
        backend().elapse(Duration.ofMillis(600));
        assertThat(type(claimEventually(bob, Q))).isEqualTo("soon");
        upkeep();
        assertThat(bob.claim(Q, 5)).isEmpty();
        assertThat(info(Q).retry()).isEqualTo(1);
        assertThat(ada.look(Q).state().ready()).isZero();
    }

    @Test
    final void aReleasedTaskIsAtTheHeadAgainAndThatAttemptDoesNotCount() {
        producer.enqueue(Q, "a", "b");
        Lease first = ada.claimOne(Q);
        assertThat(ada.settle(first, RELEASE)).isEqualTo(Settled.DONE);
        Lease again = bob.claimOne(Q);
        assertThat(type(again)).isEqualTo("a");
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.deliveries()).isEqualTo(1);
        assertThat(again.fence()).isGreaterThan(first.fence());
    }

    @Test
    final void whatWasRetriedReleasedOrFailedCannotBeSettledAgain() {
        producer.enqueue(Q, "a", "b", "c");
        List<Lease> leases = ada.claim(Q, 3);
        ada.settle(leases.get(0), RETRY_MUCH_LATER);
        ada.settle(leases.get(1), RELEASE);
        ada.settle(leases.get(2), fail(leases.get(2), "broken"));
        for (Lease lease : leases) {
            assertThat(ada.settle(lease, DONE)).isNotEqualTo(Settled.DONE);
            assertThat(ada.beat(lease)).containsExactly(lease.held());
        }
        assertThat(info(Q).retry()).isEqualTo(1);
        assertThat(types(bob.claim(Q, 5))).containsExactly("b");
    }

    @Test
    final void aFailedTaskIsFoundWithItsContentAndReasonAndRunsNoMore() {
        producer.enqueue(Q, "a", "b");
        Instant before = on(transport.time()).minusSeconds(1);
        List<Lease> leases = ada.claim(Q, 2);
        assertThat(ada.settle(leases.get(0), fail(leases.get(0), "broken \"pipe\"\nline 2")))
                .isEqualTo(Settled.DONE);
        List<FailedTask> failed = failures(1);
        assertThat(failed.get(0).queue()).isEqualTo(Q);
        Failure failure = failed.get(0).failure();
        assertThat(failure.content())
                .isInstanceOfSatisfying(
                        Readable.class, content -> assertThat(content.type()).isEqualTo("a"));
        assertThat(failure.exception()).isEqualTo("java.io.IOException");
        assertThat(failure.message()).isEqualTo("broken \"pipe\"\nline 2");
        assertThat(failure.backtrace()).containsExactly("at a.B.c(B.java:1)", "at d.E.f(E.java:2)");
        assertThat(failure.worker()).contains("worker-1");
        assertThat(failure.at()).isBetween(before, on(transport.time()).plusSeconds(1));
        assertThat(on(broker.inspector().totals())).containsEntry("failed", 1L);
        everybodyDies();
        assertThat(types(bob.claim(Q, 5))).containsExactly("b");
    }

    @Test
    final void failedTasksArePagedOldestFirst() {
        producer.enqueue(Q, Producer.types(25).toArray(String[]::new));
        for (Lease lease : ada.claim(Q, 25)) {
            ada.settle(lease, fail(lease, type(lease)));
        }
        failures(25);
        List<String> paged = new ArrayList<>();
        for (int offset = 0; offset < 30; offset += 10) {
            List<FailedTask> page = on(broker.inspector().failed(offset, 10));
            assertThat(page).hasSizeLessThanOrEqualTo(10);
            page.forEach(task -> paged.add(task.failure().message()));
        }
        assertThat(paged).isEqualTo(Producer.types(25));
        assertThat(on(broker.inspector().failed(100, 10))).isEmpty();
    }

    @Test
    final void twoHundredSettlementsOfAllKindsAreOneTurnAndMoreAreRefused() {
        int most = TaskBroker.MOST;
        producer.enqueue(Q, Producer.types(most).toArray(String[]::new));
        List<Lease> leases = ada.claim(Q, most);
        List<Settlement> settlements = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            Lease lease = leases.get(i);
            Outcome outcome = List.of(DONE, RETRY_MUCH_LATER, RELEASE, fail(lease, "m" + i))
                    .get(i % 4);
            settlements.add(new Settlement(lease.id(), lease.fence(), outcome));
        }
        List<Settlement> tooMany = new ArrayList<>(settlements);
        tooMany.add(settlements.get(0));
        assertThatThrownBy(() -> bob.send(bob.at(1, Q, tooMany, 0, false)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ada.settle(Q, settlements)).isEqualTo(Collections.nCopies(most, Settled.DONE));
        failures(most / 4);
        assertThat(info(Q).waiting()).isEqualTo(most / 4);
        assertThat(info(Q).retry()).isEqualTo(most / 4);
        assertThat(info(Q).active()).isZero();
        assertThat(bob.claim(Q, most)).hasSize(most / 4);
    }

    @Test
    final void lanesOfOneOwnerSettleAndClaimEachForItself() {
        producer.enqueue(Q, "a");
        Lease lease = ada.claimOne(Q);
        Turn other = new Turn(
                Q,
                new Call("ada.second", 1),
                ada.owner,
                Worker.LEASE,
                Worker.MOST_DELIVERIES,
                settle(List.of(lease), DONE),
                1,
                false);
        assertThat(ada.send(other).settled()).containsExactly(Settled.DONE);
        assertThat(ada.send(other).status()).isEqualTo(Status.REPLAY);
        assertThat(ada.look(Q).status()).isEqualTo(Status.OK);
    }

    static List<Settlement> settle(List<Lease> leases, Outcome outcome) {
        return leases.stream()
                .map(lease -> new Settlement(lease.id(), lease.fence(), outcome))
                .toList();
    }
}
