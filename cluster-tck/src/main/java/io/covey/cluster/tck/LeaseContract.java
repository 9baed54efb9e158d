package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What leases promise: who dies loses its tasks, and nobody else does. */
abstract class LeaseContract extends SettleContract {

    @Test
    final void aLeaseThatRanOutIsClaimedAgainWithOneMoreDeliveryAndAGreaterFence() {
        producer.enqueue(Q, "a", "b");
        Lease first = ada.claimOne(Q);
        assertThat(everybodyDies()).containsExactly(new TaskEvent(TaskEvent.Kind.REDO, Q, first.id(), ada.owner));
        assertThat(upkeep()).isEmpty();
        assertThat(info(Q).active()).isZero();
        assertThat(info(Q).waiting()).isEqualTo(2);
        Lease second = bob.claimOne(Q);
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(type(second)).isEqualTo("a");
        assertThat(second.deliveries()).isEqualTo(2);
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.fence()).isGreaterThan(first.fence());
        assertThat(types(bob.claim(Q, 5))).containsExactly("b");
    }

    @Test
    final void aLeaseThatRunsIsNotGivenToAnother() {
        producer.enqueue(Q, "a");
        ada.claimOne(Q);
        backend().pass(Worker.LEASE.minusSeconds(2), Q);
        assertThat(upkeep()).isEmpty();
        assertThat(bob.claim(Q, 5)).isEmpty();
    }

    @Test
    final void anOldFenceIsRefusedForEveryOutcomeWhenTheTaskWasClaimedAgain() {
        producer.enqueue(Q, "a");
        Lease old = ada.claimOne(Q);
        everybodyDies();
        Lease current = bob.claimOne(Q);
        for (Outcome outcome : List.of(DONE, RETRY_NOW, RELEASE, fail(old, "late"))) {
            assertThat(ada.settle(old, outcome)).isEqualTo(Settled.FENCED);
        }
        assertThat(bob.settle(current, DONE)).isEqualTo(Settled.DONE);
        assertThat(ada.settle(old, DONE)).isEqualTo(Settled.UNKNOWN);
    }

    @Test
    final void aLateSettlementIsAcceptedForEveryOutcomeAsLongAsNobodyClaimedTheTaskAgain() {
        producer.enqueue(Q, "done", "failed", "retried", "released");
        List<Lease> leases = ada.claim(Q, 4);
        assertThat(everybodyDies()).hasSize(4);
        assertThat(ada.settle(
                        Q,
                        List.of(
                                new Settlement(leases.get(0).id(), leases.get(0).fence(), DONE),
                                new Settlement(leases.get(1).id(), leases.get(1).fence(), fail(leases.get(1), "late")),
                                new Settlement(leases.get(2).id(), leases.get(2).fence(), RETRY_MUCH_LATER),
                                new Settlement(leases.get(3).id(), leases.get(3).fence(), RELEASE))))
                .containsExactly(Settled.DONE, Settled.DONE, Settled.DONE, Settled.DONE);
        failures(1);
        assertThat(info(Q).retry()).isEqualTo(1);
        List<Lease> again = bob.claim(Q, 10);
        assertThat(types(again)).containsExactly("released");
        assertThat(again.get(0).attempt()).isEqualTo(1);
        assertThat(again.get(0).deliveries()).isEqualTo(1);
    }

    @Test
    final void aSettlementAfterTheLeaseButBeforeAnybodyNoticedIsAccepted() {
        producer.enqueue(Q, "a");
        Lease lease = ada.claimOne(Q);
        backend().pass(LONGER_THAN_LEASE, Q);
        assertThat(ada.settle(lease, DONE)).isEqualTo(Settled.DONE);
        assertThat(upkeep()).isEmpty();
        assertThat(bob.claim(Q, 5)).isEmpty();
    }

    @Test
    final void aBeatKeepsLeases() {
        producer.enqueue(Q, "a", "b");
        producer.enqueue("other", "c");
        Lease[] leases = {ada.claimOne(Q), ada.claimOne(Q), ada.claimOne("other")};
        for (int i = 0; i < 4; i++) {
            backend().pass(Worker.LEASE.dividedBy(3).multipliedBy(2), Q, "other");
            assertThat(ada.beat(leases)).isEmpty();
            assertThat(upkeep(Q, "other")).isEmpty();
        }
        assertThat(bob.claim(Q, 5)).isEmpty();
        for (Lease lease : leases) {
            assertThat(ada.settle(lease, DONE)).isEqualTo(Settled.DONE);
        }
    }

    @Test
    final void aBeatTakesBackWhatWasTakenForLostAndNotClaimed() {
        producer.enqueue(Q, "a", "b");
        List<Lease> leases = ada.claim(Q, 2);
        assertThat(everybodyDies()).hasSize(2);
        assertThat(ada.beat(leases.get(0), leases.get(1))).isEmpty();
        assertThat(info(Q).active()).isEqualTo(2);
        assertThat(bob.claim(Q, 5)).isEmpty();
        assertThat(upkeep()).isEmpty();
        assertThat(ada.settle(leases.get(0), DONE)).isEqualTo(Settled.DONE);
        assertThat(everybodyDies()).hasSize(1);
        Lease again = bob.claimOne(Q);
        assertThat(again.id()).isEqualTo(leases.get(1).id());
        assertThat(again.deliveries()).isEqualTo(2);
    }

    @Test
    final void aBeatTellsWhatIsLost() {
        producer.enqueue(Q, "mine", "done", "taken", "taken-too");
        List<Lease> leases = ada.claim(Q, 4);
        everybodyDies();
        assertThat(ada.beat(leases.get(0))).isEmpty();
        assertThat(ada.settle(leases.get(1), DONE)).isEqualTo(Settled.DONE);
        assertThat(bob.claim(Q, 2)).hasSize(2);
        Held nobodys = new Held(Q, "nobodys", leases.get(0).fence());
        Set<Held> lost = on(broker.beat(
                        ada.owner,
                        Worker.LEASE,
                        List.of(
                                leases.get(0).held(),
                                leases.get(1).held(),
                                leases.get(2).held(),
                                leases.get(3).held(),
                                nobodys)))
                .lost();
        assertThat(lost)
                .containsExactlyInAnyOrder(
                        leases.get(1).held(),
                        leases.get(2).held(),
                        leases.get(3).held(),
                        nobodys);
        assertThat(on(broker.beat(ada.owner, Worker.LEASE, List.of())).lost()).isEmpty();
    }

    @Test
    final void aSilenceOfEverybodyEndsNoLease() {
        Duration lease = Duration.ofMillis(500);
        producer.enqueue(Q, "a");
        Lease mine = claimOne(ada, lease);
        backend().elapse(lease.multipliedBy(3));
        assertThat(on(elsewhere.upkeep(Set.of(Q), lease, 3))).isEmpty();
        assertThat(bob.claim(Q, 5)).isEmpty();
        assertThat(ada.settle(mine, DONE)).isEqualTo(Settled.DONE);
    }

    @Test
    final void aSilenceOfEverybodyEndsNoLeaseAlsoWhenOneWithALongerLeaseComesBackFirst() {
        Duration lease = Duration.ofMillis(500);
        producer.enqueue(Q, "a", "b");
        Lease mine = claimOne(ada, lease);
        Lease longer = bob.claimOne(Q);
        backend().elapse(lease.multipliedBy(3));
        assertThat(bob.beat(longer)).isEmpty();
        assertThat(upkeep()).isEmpty();
        assertThat(bob.claim(Q, 5)).isEmpty();
        assertThat(ada.settle(mine, DONE)).isEqualTo(Settled.DONE);
    }

    @Test
    final void aShortLeaseThatIsNotUsedAnyMoreDoesNotSlowTheClockOfOthers() {
        Duration lease = Duration.ofSeconds(1);
        producer.enqueue(Q, "a", "b", "c");
        bob.claimOne(Q);
        ada.settle(claimOne(ada, Duration.ofMillis(50)), DONE);
        backend().pass(lease, Q);
        assertThat(upkeep()).isEmpty();
        Lease lost = claimOne(ada, lease);
        List<TaskEvent> events = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            backend().elapse(Duration.ofMillis(360));
            events.addAll(on(elsewhere.upkeep(Set.of(Q), lease, 3)));
        }
        assertThat(events).containsExactly(new TaskEvent(TaskEvent.Kind.REDO, Q, lost.id(), ada.owner));
    }

    private Lease claimOne(Worker worker, Duration lease) {
        Turn turn =
                new Turn(Q, worker.next(Q, List.of(), 1, false).call(), worker.owner, lease, 3, List.of(), 1, false);
        return worker.send(turn).leases().get(0);
    }

    @Test
    final void aTaskWhoseOwnersDieIsLastHandedOutAloneAndThenFails() {
        producer.enqueue(Q, "poison");
        Lease first = ada.claimOne(Q);
        assertThat(everybodyDies()).extracting(TaskEvent::kind).containsExactly(TaskEvent.Kind.REDO);
        producer.enqueue(Q, "a", "b");
        assertThat(type(bob.claimOne(Q))).isEqualTo("poison");
        assertThat(everybodyDies()).containsExactly(new TaskEvent(TaskEvent.Kind.LAST_TRY, Q, first.id(), bob.owner));
        assertThat(ada.look(Q).state().lastTries()).isEqualTo(1);
        assertThat(ada.look(Q).state().ready()).isEqualTo(2);

        assertThat(types(ada.claim(Q, 1))).containsExactly("a");
        List<Lease> alone = bob.claimSolo(Q, 10);
        assertThat(types(alone)).containsExactly("poison");
        assertThat(alone.get(0).deliveries()).isEqualTo(3);
        assertThat(alone.get(0).attempt()).isEqualTo(3);
        assertThat(ada.look(Q).state().lastTries()).isZero();
        assertThat(ada.look(Q).state().ready()).isEqualTo(1);

        assertThat(everybodyDies()).contains(new TaskEvent(TaskEvent.Kind.POISONED, Q, first.id(), bob.owner));
        assertThat(failures(1).get(0).failure().content())
                .isInstanceOfSatisfying(
                        Readable.class, content -> assertThat(content.type()).isEqualTo("poison"));
        assertThat(types(ada.claimSolo(Q, 10))).containsExactlyInAnyOrder("a", "b");
        assertThat(ada.claimSolo(Q, 10)).isEmpty();
        assertThat(bob.settle(alone.get(0), DONE)).isNotEqualTo(Settled.DONE);
    }

    @Test
    final void aLastTryThatIsGivenBackStaysOne() {
        Lease last = lastTry();
        Worker eve = new Worker(broker, "eve");
        assertThat(eve.settle(eve.claimSolo(Q, 1).get(0), RELEASE)).isEqualTo(Settled.DONE);
        assertThat(eve.look(Q).state().lastTries()).isEqualTo(1);
        assertThat(eve.claim(Q, 5)).isEmpty();
        Lease again = eve.claimSolo(Q, 5).get(0);
        assertThat(again.id()).isEqualTo(last.id());
        assertThat(again.deliveries()).isEqualTo(3);
        assertThat(eve.settle(again, DONE)).isEqualTo(Settled.DONE);
    }

    @Test
    final void aLastTryThatItsOwnerTookBackStaysOneWhenTheOwnerDiesAgain() {
        Lease last = lastTry();
        assertThat(bob.beat(last)).isEmpty();
        assertThat(ada.look(Q).state().lastTries()).isZero();
        assertThat(ada.claimSolo(Q, 5)).isEmpty();
        assertThat(everybodyDies()).extracting(TaskEvent::kind).containsExactly(TaskEvent.Kind.LAST_TRY);
        assertThat(ada.claim(Q, 5)).isEmpty();
        assertThat(ada.claimSolo(Q, 5)).hasSize(1);
    }

    @Test
    final void aLastTryThatIsRetriedIsATaskLikeAnyOther() {
        lastTry();
        Lease alone = ada.claimSolo(Q, 5).get(0);
        assertThat(ada.settle(alone, RETRY_NOW)).isEqualTo(Settled.DONE);
        Lease again = claimEventually(bob, Q);
        assertThat(again.deliveries()).isEqualTo(1);
        assertThat(again.attempt()).isEqualTo(4);
        assertThat(everybodyDies()).extracting(TaskEvent::kind).containsExactly(TaskEvent.Kind.REDO);
    }

    @Test
    final void lastTriesAreHandedOutOneAtATime() {
        producer.enqueue(Q, "x", "y");
        ada.claim(Q, 2);
        everybodyDies();
        bob.claim(Q, 2);
        assertThat(everybodyDies()).hasSize(2);
        producer.enqueue(Q, "z");
        assertThat(ada.claimSolo(Q, 10)).hasSize(1);
        assertThat(bob.claimSolo(Q, 10)).hasSize(1);
        assertThat(types(bob.claim(Q, 10))).containsExactly("z");
    }

    @Test
    final void allThatADeadOwnerHeldIsGivenBackAndToldOnceHoweverManyKeepOrder() throws Exception {
        List<Lease> held = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            producer.enqueue(Q, Producer.types(200).toArray(String[]::new));
            held.addAll(ada.claim(Q, 200));
        }
        backend().pass(LONGER_THAN_LEASE, Q);
        List<TaskEvent> events = new ArrayList<>();
        for (List<TaskEvent> told : Race.of(8, number -> upkeep())) {
            events.addAll(told);
        }
        events.addAll(upkeep());
        events.addAll(upkeep());
        assertThat(events)
                .containsExactlyInAnyOrderElementsOf(held.stream()
                        .map(lease -> new TaskEvent(TaskEvent.Kind.REDO, Q, lease.id(), ada.owner))
                        .toList());
        for (int i = 0; i < 3; i++) {
            assertThat(bob.claim(Q, 200)).hasSize(200);
        }
        assertThat(bob.claim(Q, 200)).isEmpty();
    }

    @Test
    final void aStepThatFollowsNoneThatIsKnownIsTold() {
        producer.enqueue(Q, "a", "b");
        Lease lease = ada.claimOne(Q);
        assertThat(ada.look(Q).rolledBack()).isFalse();
        ada.next(Q, List.of(), 0, false);
        ada.next(Q, List.of(), 0, false);
        Turn after = ada.next(Q, settle(List.of(lease), DONE), 1, false);
        TurnAnswer answer = ada.send(after);
        assertThat(answer.rolledBack()).isTrue();
        assertThat(answer.status()).isEqualTo(Status.OK);
        assertThat(answer.settled()).containsExactly(Settled.DONE);
        assertThat(types(answer.leases())).containsExactly("b");
        assertThat(ada.look(Q).rolledBack()).isFalse();
        assertThat(bob.look(Q).rolledBack()).isFalse();
    }

    @Test
    final void anOwnerIsToldWhatItIsTakenToHold() {
        List<Lease> held = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            producer.enqueue(Q, Producer.types(200).toArray(String[]::new));
            held.addAll(ada.claim(Q, 200));
        }
        producer.enqueue(Q, "bobs", "free");
        producer.enqueue("other", "elsewhere");
        Lease bobs = bob.claimOne(Q);
        ada.claimOne("other");
        for (Outcome outcome : List.of(DONE, RELEASE, RETRY_MUCH_LATER)) {
            ada.settle(held.get(0), outcome);
            held.remove(0);
        }
        assertThat(holdings(ada.owner))
                .containsExactlyInAnyOrderElementsOf(
                        held.stream().map(Lease::held).toList());
        assertThat(holdings(bob.owner)).containsOnly(bobs.held());
        assertThat(holdings("nobody")).isEmpty();
    }

    private Set<Held> holdings(String owner) {
        return Page.stream(cursor -> on(elsewhere.holdings(owner, Q, cursor))).collect(Collectors.toSet());
    }

    /** A task whose owner died twice; bob was the last. */
    private Lease lastTry() {
        producer.enqueue(Q, "last");
        ada.claimOne(Q);
        everybodyDies();
        Lease lease = bob.claimOne(Q);
        assertThat(everybodyDies()).extracting(TaskEvent::kind).containsExactly(TaskEvent.Kind.LAST_TRY);
        return lease;
    }
}
