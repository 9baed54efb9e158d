package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.QueueControl.Cancelled;
import io.covey.cluster.spi.TaskBroker.Dedupe.Unique;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Release;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.Turn;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What the rules for tasks alike promise: unique, throttled and debounced ones. */
public abstract class DedupeContract extends FeatureContract {
    private static final List<String> BOTH = List.of(Q, OWN);
    private static final Draft UNIQUE = Draft.of("u").args("[1,{\"a\":[]}]").unique(Until.DONE);

    @Test
    final void whileALockIsHeldNoFurtherTaskOfTypeAndArgumentsIsAdded() {
        for (String queue : BOTH) {
            assertThat(accepted(queue, UNIQUE)).isTrue();
            assertThat(accepted(queue, UNIQUE)).isFalse();
            assertThat(accepted(queue, UNIQUE.args("[2]"))).isTrue();
            assertThat(accepted(queue, Draft.of("other").args("[1,{\"a\":[]}]").unique(Until.DONE)))
                    .isTrue();
            assertThat(accepted(queue, Draft.of("u").args("[1,{\"a\":[]}]"))).isTrue();
            assertThat(info(queue).waiting()).isEqualTo(4);
        }
        assertThat(accepted("third", UNIQUE)).isTrue();
    }

    @Test
    final void ofTasksAlikeInOneCallTheFirstIsAddedAndARepeatAnswersTheSame() {
        for (String queue : BOTH) {
            Call call = new Call("lane", 1);
            List<NewTask> tasks = Draft.tasks(UNIQUE, Draft.of("x"), UNIQUE, UNIQUE.args("[2]"));
            Enqueued first = on(broker.enqueue(queue, call, tasks));
            Enqueued again = on(elsewhere.enqueue(queue, call, tasks));
            assertThat(first.status()).isEqualTo(Status.OK);
            assertThat(first.accepted()).containsExactly(true, true, false, true);
            assertThat(first.receipts()).hasSize(4);
            assertThat(again.status()).isEqualTo(Status.REPLAY);
            assertThat(again.accepted()).isEqualTo(first.accepted());
            assertThat(again.receipts()).isEqualTo(first.receipts());
            assertThat(types(ada.claim(queue, 10))).containsExactly("u", "x", "u");
        }
    }

    @Test
    final void aKeyNamesWhatIsAlikeWhateverTypeAndArgumentsAre() {
        for (String queue : BOTH) {
            assertThat(accepted(queue, Draft.of("a").unique("k", Until.DONE))).isTrue();
            assertThat(accepted(queue, Draft.of("b").unique("k", Until.DONE))).isFalse();
            assertThat(accepted(queue, Draft.of("a").unique("K", Until.DONE))).isTrue();
            assertThat(accepted(queue, Draft.of("a").unique(Until.DONE))).isTrue();
        }
        assertThat(accepted("third", Draft.of("a").unique("k", Until.DONE))).isTrue();
    }

    @Test
    final void theEndOfATaskFreesItsLockInTheSameStep() {
        for (String queue : BOTH) {
            for (Draft draft : List.of(UNIQUE, Draft.of("named").unique("k", Until.DONE))) {
                for (boolean fails : List.of(false, true)) {
                    assertThat(accepted(queue, draft)).isTrue();
                    Lease lease = ada.claimOne(queue);
                    assertThat(accepted(queue, draft)).isFalse();
                    Outcome end = fails ? fail(lease, "broken") : DONE;
                    Turn turn = ada.next(queue, List.of(releasing(lease, draft, end)), 0, false);
                    assertThat(ada.send(turn).settled()).containsExactly(Settled.DONE);
                    assertThat(accepted(queue, draft)).isTrue();
                    assertThat(ada.send(turn).settled()).containsExactly(Settled.DONE);
                    assertThat(accepted(queue, draft)).isFalse();
                    ada.settle(queue, List.of(releasing(ada.claimOne(queue), draft, DONE)));
                }
            }
        }
    }

    @Test
    final void aTaskThatIsRetriedGivenBackOrRunAgainKeepsItsLock() {
        for (String queue : BOTH) {
            assertThat(accepted(queue, UNIQUE)).isTrue();
            Lease first = ada.claimOne(queue);
            ada.settle(queue, List.of(releasing(first, UNIQUE, RETRY_NOW)));
            assertThat(accepted(queue, UNIQUE)).isFalse();
            Lease second = claimEventually(ada, queue);
            ada.settle(queue, List.of(releasing(second, UNIQUE, RELEASE)));
            assertThat(accepted(queue, UNIQUE)).isFalse();
            ada.claimOne(queue);
            backend().pass(LONGER_THAN_LEASE, queue);
            upkeep(queue);
            assertThat(accepted(queue, UNIQUE)).isFalse();
            Lease last = bob.claimOne(queue);
            assertThat(accepted(queue, UNIQUE)).isFalse();
            bob.settle(queue, List.of(releasing(last, UNIQUE, DONE)));
            assertThat(accepted(queue, UNIQUE)).isTrue();
        }
    }

    @Test
    final void aSettlementThatIsNotAcceptedFreesNoLock() {
        for (String queue : BOTH) {
            assertThat(accepted(queue, UNIQUE)).isTrue();
            Lease old = ada.claimOne(queue);
            backend().pass(LONGER_THAN_LEASE, queue);
            upkeep(queue);
            Lease now = bob.claimOne(queue);
            assertThat(ada.settle(queue, List.of(releasing(old, UNIQUE, DONE)))).containsExactly(Settled.FENCED);
            assertThat(accepted(queue, UNIQUE)).isFalse();
            bob.settle(queue, List.of(releasing(now, UNIQUE, DONE)));
            assertThat(accepted(queue, UNIQUE)).isTrue();
            assertThat(bob.settle(queue, List.of(releasing(now, UNIQUE, DONE)))).containsExactly(Settled.UNKNOWN);
            assertThat(accepted(queue, UNIQUE)).isFalse();
        }
    }

    @Test
    final void poisonFreesItsLock() {
        for (Draft draft : List.of(UNIQUE, Draft.of("named").unique("k", Until.DONE))) {
            assertThat(accepted(OWN, draft)).isTrue();
            poison(OWN);
            elapseUntil(() -> {
                upkeep(OWN);
                return accepted(OWN, draft);
            });
            done(ada, ada.claim(OWN, 5));
        }
        assertThat(accepted(Q, UNIQUE)).isTrue();
        poison(Q);
        elapseUntil(() -> {
            upkeep(Q);
            return accepted(Q, UNIQUE);
        });
    }

    @Test
    final void aLockUntilTheStartIsFreedWhenTheTaskStarts() {
        for (String queue : BOTH) {
            Draft draft = Draft.of("s").args("[7]").unique(Until.STARTED);
            assertThat(accepted(queue, draft)).isTrue();
            assertThat(accepted(queue, draft)).isFalse();
            Lease lease = ada.claimOne(queue);
            assertThat(accepted(queue, draft)).isFalse();
            Release release = new Release(Optional.empty(), lease.content());
            on(control.release(queue, release));
            on(control.release(queue, release));
            assertThat(accepted(queue, draft)).isTrue();
            assertThat(ada.settle(lease, DONE)).isEqualTo(Settled.DONE);
            assertThat(accepted(queue, draft)).isFalse();
        }
    }

    @Test
    final void aRepeatedReleaseOnAnOwnQueueLeavesTheLockOfTheNextTaskAlone() {
        for (Draft draft :
                List.of(Draft.of("s").unique(Until.STARTED), Draft.of("t").unique("k", Until.STARTED))) {
            assertThat(accepted(OWN, draft)).isTrue();
            Lease lease = ada.claimOne(OWN);
            Release release = new Release(((Unique) draft.task().dedupe().orElseThrow()).key(), lease.content());
            on(control.release(OWN, release));
            assertThat(accepted(OWN, draft)).isTrue();
            on(control.release(OWN, release));
            ada.settle(OWN, List.of(releasing(lease, draft, DONE)));
            assertThat(accepted(OWN, draft)).isFalse();
            done(ada, ada.claim(OWN, 5));
        }
    }

    @Test
    final void aLockIsFreeAfterItsLongestTimeThoughItsTaskNeverRan() {
        for (String queue : BOTH) {
            for (Until until : Until.values()) {
                Draft draft = Draft.of("e" + until).unique(until, Duration.ofSeconds(1));
                assertThat(accepted(queue, draft)).isTrue();
                elapseUntil(() -> accepted(queue, draft));
            }
        }
    }

    @Test
    final void aLockMayBeHeldForYears() {
        for (String queue : BOTH) {
            for (Duration longest : List.of(Duration.ofDays(5000), ChronoUnit.FOREVER.getDuration())) {
                Draft draft = Draft.of("y" + longest.toDays()).unique(Until.DONE, longest);
                assertThat(accepted(queue, draft)).isTrue();
                assertThat(accepted(queue, draft)).isFalse();
                ada.settle(queue, List.of(releasing(ada.claimOne(queue), draft, DONE)));
                assertThat(accepted(queue, draft)).isTrue();
                done(ada, ada.claim(queue, 1));
            }
        }
    }

    @Test
    final void aTimeFromNowOnIsNotOverEarly() {
        Duration time = Duration.ofMillis(5);
        List<Lease> leases = new ArrayList<>();
        BooleanSupplier claimed = () -> leases.addAll(ada.claim(OWN, 1));
        for (int i = 0; i < 20; i++) {
            Draft throttled = Draft.of("t").unique("t" + i, Until.EXPIRY, time);
            assertNotEarly(time, () -> receipt(OWN, throttled), () -> accepted(OWN, throttled));
            done(ada, ada.claim(OWN, 2));
            assertNotEarly(time, () -> receipt(OWN, Draft.of("d").debounce(time)), claimed);
            assertNotEarly(time, () -> ada.settle(leases.remove(0), new Outcome.Retry(time)), claimed);
            done(ada, List.of(leases.remove(0)));
        }
    }

    private void assertNotEarly(Duration time, Runnable begin, BooleanSupplier over) {
        Instant before = on(transport.time());
        begin.run();
        while (!over.getAsBoolean()) {
            backend().elapse(Duration.ofNanos(100_000));
        }
        assertThat(on(transport.time())).isAfterOrEqualTo(before.plus(time));
    }

    @Test
    final void aThrottledTaskLeavesItsLockHeldWhenItIsDone() {
        for (String queue : BOTH) {
            Draft draft = Draft.of("e").unique(Until.EXPIRY);
            assertThat(accepted(queue, draft)).isTrue();
            done(ada, ada.claim(queue, 1));
            assertThat(accepted(queue, draft)).isFalse();
            assertThat(ada.claim(queue, 5)).isEmpty();
        }
    }

    @Test
    final void aDelayedTaskHoldsItsLockWhileItWaits() {
        for (String queue : BOTH) {
            Instant later = on(transport.time()).plus(Duration.ofMinutes(10));
            assertThat(accepted(queue, UNIQUE.due(later))).isTrue();
            assertThat(accepted(queue, UNIQUE.due(later))).isFalse();
            assertThat(accepted(queue, UNIQUE)).isFalse();
            assertThat(ada.claim(queue, 5)).isEmpty();
        }
    }

    @Test
    final void aTaskThatWasNotAddedLeavesNeitherItsIdNorItsLockBehind() {
        for (String queue : BOTH) {
            assertThat(accepted(queue, UNIQUE)).isTrue();
            assertThat(accepted(queue, UNIQUE.id("id of " + queue))).isFalse();
            ada.settle(queue, List.of(releasing(ada.claimOne(queue), UNIQUE, DONE)));
            assertThat(accepted(queue, UNIQUE.id("id of " + queue))).isTrue();
            ada.settle(queue, List.of(releasing(ada.claimOne(queue), UNIQUE, DONE)));
            assertThat(accepted(queue, UNIQUE.id("id of " + queue))).isFalse();
            assertThat(accepted(queue, UNIQUE)).isTrue();
        }
    }

    @Test
    final void ofManyWhoAddATaskAlikeAtOnceOneIsAccepted() throws Exception {
        for (String queue : BOTH) {
            List<Boolean> accepted = Race.of(8, number -> {
                Producer mine = new Producer(number % 2 == 0 ? broker : elsewhere, "racer" + number);
                return mine.enqueue(queue, Draft.tasks(UNIQUE)).accepted().get(0);
            });
            assertThat(accepted).containsOnlyOnce(true);
            assertThat(ada.claim(queue, 10)).hasSize(1);
        }
    }

    @Test
    final void ofTasksAlikeThatAreDebouncedTheLastRunsOnceAfterTheQuiet() {
        for (String queue : BOTH) {
            assertThat(accepted(queue, Draft.of("d").args("[1]").debounce(LONG)))
                    .isTrue();
            assertThat(accepted(queue, Draft.of("d").args("[2]").debounce(LONG)))
                    .isTrue();
            assertThat(accepted(queue, Draft.of("other").args("[9]").debounce(LONG)))
                    .isTrue();
            Instant last = on(transport.time());
            Duration quiet = Duration.ofMillis(400);
            assertThat(accepted(queue, Draft.of("d").args("[3]").debounce(quiet)))
                    .isTrue();
            Lease lease = elapseUntilClaimed(ada, queue);
            assertThat(on(transport.time())).isAfterOrEqualTo(last.plus(quiet).minusMillis(1));
            assertThat(type(lease)).isEqualTo("d");
            assertThat(new String(readable(lease).args(), UTF_8)).isEqualTo("[3]");
            assertThat(lease.attempt()).isEqualTo(1);
            done(ada, List.of(lease));
            backend().elapse(quiet);
            upkeep(queue);
            assertThat(ada.claim(queue, 5)).isEmpty();
        }
    }

    @Test
    final void aDebouncedTaskWaitsForTheWholeQuietAfterTheLastOne() {
        assertThat(accepted(OWN, Draft.of("d").debounce(Duration.ofMillis(200))))
                .isTrue();
        assertThat(accepted(OWN, Draft.of("d").debounce(LONG))).isTrue();
        backend().elapse(Duration.ofMillis(400));
        upkeep(OWN);
        assertThat(ada.claim(OWN, 5)).isEmpty();
    }

    @Test
    final void aDebouncedTaskThatStartedIsNotReplaced() {
        for (String queue : BOTH) {
            assertThat(accepted(queue, Draft.of("d").args("[1]").debounce(Duration.ofMillis(50))))
                    .isTrue();
            Lease first = elapseUntilClaimed(ada, queue);
            assertThat(accepted(queue, Draft.of("d").args("[2]").debounce(Duration.ofMillis(50))))
                    .isTrue();
            assertThat(ada.beat(first)).isEmpty();
            Lease second = elapseUntilClaimed(bob, queue);
            assertThat(second.id()).isNotEqualTo(first.id());
            assertThat(ada.settle(first, RETRY_NOW)).isEqualTo(Settled.DONE);
            assertThat(bob.settle(second, DONE)).isEqualTo(Settled.DONE);
            assertThat(accepted(queue, Draft.of("d").args("[3]").debounce(LONG)))
                    .isTrue();
            Lease again = claimEventually(bob, queue);
            assertThat(again.id()).isEqualTo(first.id());
            assertThat(new String(readable(again).args(), UTF_8)).isEqualTo("[1]");
        }
    }

    @Test
    final void aDebouncedTaskThatWaitsForItsKeyIsReplacedToo() {
        change(OWN, settings -> settings.withKeyLimits(Optional.of(1), Optional.empty()));
        Duration quiet = Duration.ofMillis(50);
        receipt(OWN, Draft.of("a").key("k"));
        Lease first = ada.claimOne(OWN);
        String replaced = receipt(OWN, Draft.of("d").args("[1]").key("k").debounce(quiet));
        backend().elapse(Duration.ofMillis(100));
        upkeep(OWN);
        assertThat(bob.claim(OWN, 5)).isEmpty();
        receipt(OWN, Draft.of("d").args("[2]").key("k").debounce(quiet));
        assertThat(on(control.cancel(OWN, replaced))).isEqualTo(Cancelled.UNKNOWN);
        done(ada, List.of(first));
        Lease last = elapseUntilClaimed(bob, OWN);
        assertThat(new String(readable(last).args(), UTF_8)).isEqualTo("[2]");
        done(bob, List.of(last));
        assertThat(workOff(bob, OWN, 5)).isEmpty();
    }

    @Test
    final void aKeyNamesWhatIsDebouncedTogether() {
        for (String queue : BOTH) {
            assertThat(accepted(queue, Draft.of("a").debounce("k", LONG))).isTrue();
            assertThat(accepted(queue, Draft.of("b").debounce("l", LONG))).isTrue();
            assertThat(accepted(queue, Draft.of("c").debounce("k", Duration.ofMillis(50))))
                    .isTrue();
            assertThat(type(elapseUntilClaimed(ada, queue))).isEqualTo("c");
            assertThat(accepted(queue, Draft.of("d").debounce("l", Duration.ofMillis(50))))
                    .isTrue();
            assertThat(type(elapseUntilClaimed(ada, queue))).isEqualTo("d");
            assertThat(ada.claim(queue, 5)).isEmpty();
        }
    }

    @Test
    final void aRepeatedDebounceAddsNothingAndReplacesNothing() {
        for (String queue : BOTH) {
            Call one = new Call("one", 1);
            List<NewTask> first = Draft.tasks(Draft.of("d").args("[1]").debounce(LONG));
            on(broker.enqueue(queue, one, first));
            assertThat(accepted(queue, Draft.of("d").args("[2]").debounce(Duration.ofMillis(50))))
                    .isTrue();
            Enqueued again = on(elsewhere.enqueue(queue, one, first));
            assertThat(again.status()).isEqualTo(Status.REPLAY);
            assertThat(again.accepted()).containsExactly(true);
            assertThat(new String(readable(elapseUntilClaimed(ada, queue)).args(), UTF_8))
                    .isEqualTo("[2]");
            assertThat(ada.claim(queue, 5)).isEmpty();
        }
    }

    @Test
    final void aDebouncedTaskOfAnOwnQueueHasTheIdOfTheLastReceipt() {
        receipt(OWN, Draft.of("d").debounce(LONG));
        String last = receipt(OWN, Draft.of("d").key("tenant").debounce(Duration.ofMillis(50)));
        Lease lease = elapseUntilClaimed(ada, OWN);
        assertThat(readable(lease).id()).contains(last);
        assertThat(readable(lease).key()).contains("tenant");
    }

    private void poison(String queue) {
        for (int i = 1; i < Worker.MOST_DELIVERIES; i++) {
            assertThat(ada.claim(queue, 1)).hasSize(1);
            backend().pass(LONGER_THAN_LEASE, queue);
            upkeep(queue);
        }
        assertThat(ada.claimSolo(queue, 1)).hasSize(1);
        backend().pass(LONGER_THAN_LEASE, queue);
        upkeep(queue);
    }

    private static Settlement releasing(Lease lease, Draft draft, Outcome outcome) {
        Optional<String> key = ((Unique) draft.task().dedupe().orElseThrow()).key();
        return new Settlement(lease.id(), lease.fence(), outcome, Optional.of(new Release(key, lease.content())));
    }
}
