package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.QueueControl.Cancelled;
import io.covey.cluster.spi.QueueSettings.Rate;
import io.covey.cluster.spi.TaskBroker.BeatAnswer;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Settled;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a wish to stop a task promises. */
public abstract class CancelContract extends FeatureContract {

    @Test
    final void aWaitingTaskOfAnOwnQueueIsRemoved() {
        List<String> ids = add(
                        OWN,
                        Draft.of("a"),
                        Draft.of("b").id("mine"),
                        Draft.of("c").key("k"),
                        Draft.of("d"))
                .receipts();
        assertThat(on(control.cancel(OWN, ids.get(0)))).isEqualTo(Cancelled.REMOVED);
        assertThat(on(control.cancel(OWN, "mine"))).isEqualTo(Cancelled.REMOVED);
        assertThat(on(elsewhere.control().orElseThrow().cancel(OWN, ids.get(2))))
                .isEqualTo(Cancelled.REMOVED);
        on(control.cancel(OWN, ids.get(0)));
        assertThat(info(OWN).waiting()).isEqualTo(1);
        assertThat(types(workOff(ada, OWN, 5))).containsExactly("d");
        failures(0);
    }

    @Test
    final void aDelayedTaskOfAnOwnQueueIsRemoved() {
        var due = on(transport.time()).plusMillis(300);
        String id = receipt(OWN, Draft.of("a").due(due));
        receipt(OWN, Draft.of("b").due(due));
        String debounced = receipt(OWN, Draft.of("c").debounce(Duration.ofMillis(300)));
        assertThat(on(control.cancel(OWN, id))).isEqualTo(Cancelled.REMOVED);
        assertThat(on(control.cancel(OWN, debounced))).isEqualTo(Cancelled.REMOVED);
        assertThat(type(elapseUntilClaimed(ada, OWN))).isEqualTo("b");
        backend().elapse(Duration.ofMillis(300));
        assertThat(workOff(ada, OWN, 5)).isEmpty();
    }

    @Test
    final void aTaskThatWaitsForItsRetryOrToRunAgainIsRemovedByTheIdOfItsLease() {
        for (String queue : List.of(Q, OWN)) {
            add(queue, Draft.of("retried"), Draft.of("released"), Draft.of("redone"));
            List<Lease> leases = ada.claim(queue, 3);
            ada.settle(leases.get(0), RETRY_NOW);
            ada.settle(leases.get(1), RELEASE);
            backend().pass(LONGER_THAN_LEASE, queue);
            upkeep(queue);
            for (Lease lease : leases) {
                assertThat(on(control.cancel(queue, lease.id()))).isEqualTo(Cancelled.REMOVED);
            }
            assertThat(workOff(bob, queue, 5)).isEmpty();
            assertThat(info(queue).waiting() + info(queue).retry() + info(queue).active())
                    .isZero();
            assertThat(ada.settle(leases.get(2), DONE)).isNotEqualTo(Settled.DONE);
            assertThat(ada.beat(leases.get(2))).containsExactly(leases.get(2).held());
        }
    }

    @Test
    final void aTaskThatWaitsForItsRetryIsRemovedByItsProducersId() {
        String id = receipt(OWN, Draft.of("a"));
        ada.settle(ada.claimOne(OWN), RETRY_MUCH_LATER);
        assertThat(on(control.cancel(OWN, id))).isEqualTo(Cancelled.REMOVED);
        assertThat(info(OWN).retry()).isZero();
    }

    @Test
    final void everyBeatOfItsOwnerNamesALeasedTaskUntilItIsSettled() {
        for (String queue : List.of(Q, OWN)) {
            add(queue, Draft.of("a"), Draft.of("b"));
            List<Lease> leases = ada.claim(queue, 2);
            Lease wanted = leases.get(0);
            assertThat(cancelled(ada, leases.get(0), leases.get(1))).isEmpty();
            assertThat(ada.look(queue).state().cancelling()).isFalse();
            assertThat(on(control.cancel(queue, publicId(wanted)))).isEqualTo(Cancelled.TOLD);
            assertThat(on(control.cancel(queue, publicId(wanted)))).isEqualTo(Cancelled.TOLD);
            assertThat(ada.look(queue).state().cancelling()).isTrue();
            for (int i = 0; i < 3; i++) {
                assertThat(cancelled(ada, leases.get(0), leases.get(1))).containsExactly(publicId(wanted));
            }
            assertThat(ada.settle(wanted, fail(wanted, "cancelled"))).isEqualTo(Settled.DONE);
            assertThat(cancelled(ada, leases.get(1))).isEmpty();
            assertThat(ada.settle(leases.get(1), DONE)).isEqualTo(Settled.DONE);
            assertThat(ada.look(queue).state().cancelling()).isFalse();
        }
        failures(2);
    }

    @Test
    final void aBeatDoesNotNameWhatItCallsLost() {
        for (String queue : List.of(Q, OWN)) {
            add(queue, Draft.of("a"), Draft.of("b"));
            List<Lease> leases = ada.claim(queue, 2);
            on(control.cancel(queue, publicId(leases.get(1))));
            backend().pass(LONGER_THAN_LEASE, queue);
            upkeep(queue);
            Lease again = bob.claimOne(queue);
            change(queue, settings -> settings.withLimits(Optional.of(1), Optional.empty()));
            BeatAnswer answer = on(broker.beat(
                    ada.owner, Worker.LEASE, leases.stream().map(Lease::held).toList()));
            assertThat(answer.lost())
                    .containsExactlyInAnyOrder(
                            leases.get(0).held(), leases.get(1).held());
            assertThat(answer.cancelled()).isEmpty();
            done(bob, List.of(again));
        }
    }

    @Test
    final void aBeatNamesNothingThatItsOwnerDoesNotHold() {
        for (String queue : List.of(Q, OWN)) {
            add(queue, Draft.of("a"), Draft.of("b"), Draft.of("c"));
            Lease adas = ada.claimOne(queue);
            Lease bobs = bob.claimOne(queue);
            for (Lease lease : List.of(adas, bobs)) {
                on(control.cancel(queue, publicId(lease)));
            }
            on(control.cancel(queue, "nobody"));
            Lease other = ada.claimOne(queue);
            assertThat(cancelled(ada, adas, other)).containsExactly(publicId(adas));
            assertThat(cancelled(bob, bobs)).containsExactly(publicId(bobs));
            assertThat(cancelled(ada, other)).isEmpty();
            done(ada, List.of(adas, other));
            done(bob, List.of(bobs));
        }
    }

    @Test
    final void aDelayedTaskThatIsNotThereYetIsToldOfWhenItIsLeased() {
        receipt(OWN, Draft.of("b").key("k").id("keyed"));
        Lease keyed = ada.claimOne(OWN);
        on(control.cancel(OWN, "keyed"));
        assertThat(cancelled(ada, keyed)).containsExactly("keyed");
        on(control.cancel(OWN, "later"));
        receipt(OWN, Draft.of("a").id("later").due(on(transport.time()).plusMillis(100)));
        Lease later = elapseUntilClaimed(ada, OWN);
        assertThat(cancelled(ada, later)).containsExactly("later");
    }

    @Test
    final void aLeasedTaskOfAnOwnQueueIsFoundByTheIdOfItsLeaseToo() {
        receipt(OWN, Draft.of("a"));
        Lease lease = ada.claimOne(OWN);
        assertThat(on(control.cancel(OWN, lease.id()))).isEqualTo(Cancelled.TOLD);
        assertThat(cancelled(ada, lease)).containsExactly(publicId(lease));
    }

    @Test
    final void theWishIsOfOneQueue() {
        add("one", Draft.of("a"));
        add("two", Draft.of("b"));
        Lease one = ada.claimOne("one");
        Lease two = ada.claimOne("two");
        on(control.cancel("one", one.id()));
        assertThat(cancelled(ada, two)).isEmpty();
        assertThat(cancelled(ada, one, two)).containsExactly(one.id());
    }

    @Test
    final void aTaskThatIsNotThereYetIsToldOfWhenItIsLeased() {
        assertThat(on(control.cancel(OWN, "later"))).isEqualTo(Cancelled.UNKNOWN);
        assertThat(ada.look(OWN).state().cancelling()).isTrue();
        receipt(OWN, Draft.of("a").id("later"));
        receipt(OWN, Draft.of("b"));
        List<Lease> leases = ada.claim(OWN, 2);
        assertThat(cancelled(ada, leases.toArray(Lease[]::new))).containsExactly("later");
        done(ada, leases);
        assertThat(on(control.cancel(Q, "nobody"))).isEqualTo(Cancelled.UNKNOWN);
    }

    @Test
    final void aTaskOfADeadOwnerThatWasToStopIsToldToTheNextOne() {
        String id = receipt(OWN, Draft.of("a"));
        Lease first = ada.claimOne(OWN);
        assertThat(on(control.cancel(OWN, id))).isEqualTo(Cancelled.TOLD);
        backend().pass(LONGER_THAN_LEASE, OWN);
        upkeep(OWN);
        List<Lease> again = bob.claim(OWN, 5);
        // It may be dropped instead: nobody ran it.
        for (Lease lease : again) {
            assertThat(cancelled(bob, lease)).containsExactly(id);
            assertThat(ada.beat(first)).containsExactly(first.held());
            assertThat(bob.settle(lease, DONE)).isEqualTo(Settled.DONE);
        }
        assertThat(workOff(bob, OWN, 5)).isEmpty();
    }

    @Test
    final void aTaskThatIsDoneIsUnknown() {
        for (String queue : List.of(Q, OWN)) {
            receipt(queue, Draft.of("a"));
            Lease lease = ada.claimOne(queue);
            done(ada, List.of(lease));
            assertThat(on(control.cancel(queue, publicId(lease)))).isEqualTo(Cancelled.UNKNOWN);
        }
    }

    @Test
    final void theLockOfARemovedTaskOfAnOwnQueueIsFreed() {
        for (Draft draft : List.of(
                Draft.of("u").unique(Until.DONE),
                Draft.of("v").unique("k", Until.DONE),
                Draft.of("w").unique(Until.STARTED).due(on(transport.time()).plus(LONG)))) {
            String id = receipt(OWN, draft);
            assertThat(accepted(OWN, draft)).isFalse();
            assertThat(on(control.cancel(OWN, id))).isEqualTo(Cancelled.REMOVED);
            assertThat(accepted(OWN, draft)).isTrue();
        }
    }

    @Test
    final void aRemovedTaskTakesNoPlaceOfItsKeyWithIt() {
        change(OWN, settings -> settings.withKeyLimits(Optional.of(1), Optional.empty()));
        List<String> ids = add(
                        OWN,
                        Draft.of("a").key("k"),
                        Draft.of("b").key("k"),
                        Draft.of("c").key("k"),
                        Draft.of("d").key("k"))
                .receipts();
        List<Lease> first = ada.claim(OWN, 5);
        assertThat(types(first)).containsExactly("a");
        assertThat(on(control.cancel(OWN, ids.get(1)))).isEqualTo(Cancelled.REMOVED);
        assertThat(bob.claim(OWN, 5)).isEmpty();
        done(ada, first);
        assertThat(types(workOff(bob, OWN, 5))).containsExactly("c", "d");
    }

    @Test
    final void aTaskHeldBackByALimitOrAPauseIsRemoved() {
        change(
                OWN,
                settings -> settings.withKeyLimits(Optional.empty(), Optional.of(new Rate(1, Duration.ofHours(1), 1))));
        List<String> ids = add(
                        OWN,
                        Draft.of("a").key("k"),
                        Draft.of("b").key("k"),
                        Draft.of("c").key("k"))
                .receipts();
        assertThat(types(ada.claim(OWN, 5))).containsExactly("a");
        assertThat(on(control.cancel(OWN, ids.get(1)))).isEqualTo(Cancelled.REMOVED);
        change(
                OWN,
                settings -> settings.withKeyLimits(Optional.empty(), Optional.empty())
                        .withPaused(true));
        assertThat(on(control.cancel(OWN, ids.get(2)))).isEqualTo(Cancelled.REMOVED);
        change(OWN, settings -> settings.withPaused(false));
        assertThat(workOff(bob, OWN, 5)).isEmpty();
        assertThat(info(OWN).waiting()).isZero();
    }

    @Test
    final void aTaskCancelledWhileItIsClaimedIsEitherRemovedOrTold() throws Exception {
        for (int round = 0; round < 10; round++) {
            String id = receipt(OWN, Draft.of("a"));
            Worker worker = new Worker(elsewhere, "owner" + round);
            List<Object> both = Race.of(2, number -> number == 0 ? on(control.cancel(OWN, id)) : worker.claim(OWN, 1));
            @SuppressWarnings("unchecked")
            List<Lease> leases = (List<Lease>) both.get(1);
            if (leases.isEmpty()) {
                assertThat(both.get(0)).isEqualTo(Cancelled.REMOVED);
            } else {
                assertThat(both.get(0)).isEqualTo(Cancelled.TOLD);
                assertThat(cancelled(worker, leases.get(0))).contains(id);
                done(worker, leases);
            }
            assertThat(worker.claim(OWN, 1)).isEmpty();
        }
    }

    private Set<String> cancelled(Worker worker, Lease... leases) {
        List<Held> held = Arrays.stream(leases).map(Lease::held).toList();
        return on(worker.broker.beat(worker.owner, Worker.LEASE, held)).cancelled();
    }
}
