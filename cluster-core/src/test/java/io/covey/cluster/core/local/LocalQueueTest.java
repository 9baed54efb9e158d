package io.covey.cluster.core.local;

import static io.covey.cluster.core.local.QueueFixture.QUEUE;
import static io.covey.cluster.core.local.QueueFixture.on;
import static io.covey.cluster.core.local.QueueFixture.task;
import static io.covey.cluster.core.local.QueueFixture.types;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.TaskEvent.Kind;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LocalQueueTest {
    private static final Outcome DONE = new Outcome.Done();
    private static final Outcome RETRY = new Outcome.Retry(Duration.ZERO);
    private static final Outcome RELEASE = new Outcome.Release();
    private final QueueFixture queue = new QueueFixture();

    @Test
    void aLeaseThatRanOutIsClaimedAgainWithOneMoreAttempt() {
        queue.enqueue("a");
        Lease first = queue.claim("ada", 1).get(0);
        assertThat(queue.allDie()).containsExactly(Kind.REDO);
        Lease second = queue.claim("bob", 1).get(0);
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.fence()).isGreaterThan(first.fence());
        assertThat(List.of(second.deliveries(), second.attempt())).containsExactly(2, 2);
        assertThat(queue.settle(first, DONE)).isEqualTo(Settled.FENCED);
        assertThat(queue.settle(second, DONE)).isEqualTo(Settled.DONE);
        assertThat(queue.settle(second, DONE)).isEqualTo(Settled.UNKNOWN);
    }

    @Test
    void aSilenceOfEverybodyEndsNoLease() {
        queue.enqueue("a");
        queue.claim("ada", 1);
        for (int outage = 0; outage < 2; outage++) {
            queue.clock.advance(Duration.ofDays(1));
            assertThat(queue.upkeep()).isEmpty();
        }
    }

    @Test
    void aDeadOwnersLeaseEndsWhileOthersGoOn() {
        queue.enqueue("a");
        queue.claim("ada", 1);
        List<Kind> events = new ArrayList<>();
        for (int second = 0; second <= 9; second++) {
            queue.clock.advance(Duration.ofSeconds(1));
            assertThat(events).isEmpty();
            events.addAll(queue.upkeep());
        }
        assertThat(events).containsExactly(Kind.REDO);
    }

    @Test
    void aLateSettlementCountsWhileNobodyClaimedTheTaskAgain() {
        queue.enqueue("a", "b", "c", "d");
        List<Lease> leases = queue.claim("ada", 4);
        queue.allDie();
        assertThat(queue.settle(leases.get(0), DONE)).isEqualTo(Settled.DONE);
        assertThat(queue.settle(leases.get(1), RETRY)).isEqualTo(Settled.DONE);
        assertThat(queue.settle(leases.get(2), RELEASE)).isEqualTo(Settled.DONE);
        assertThat(types(queue.claim("bob", 10))).containsExactly("c", "d", "b");
    }

    @Test
    void aBeatTakesBackWhatNobodyClaimedMeanwhile() {
        queue.enqueue("a", "b");
        List<Lease> leases = queue.claim("ada", 2);
        queue.allDie();
        Lease stolen = queue.claim("bob", 1).get(0);
        assertThat(queue.beat("ada", leases.get(0), leases.get(1)))
                .containsExactly(leases.get(0).held());
        assertThat(queue.beat("ada", leases.get(1))).isEmpty();
        assertThat(queue.claim("eve", 10)).isEmpty();
        assertThat(stolen.id()).isEqualTo(leases.get(0).id());
        assertThat(queue.settle(leases.get(1), DONE)).isEqualTo(Settled.DONE);
    }

    @Test
    void aBeatRenewsForALeaseFromNow() {
        queue.enqueue("a");
        Lease lease = queue.claim("ada", 1).get(0);
        for (int i = 0; i < 5; i++) {
            queue.backend.passLeaseTime(Duration.ofSeconds(8));
            assertThat(queue.beat("ada", lease)).isEmpty();
            assertThat(queue.upkeep()).isEmpty();
        }
        assertThat(queue.allDie()).containsExactly(Kind.REDO);
    }

    @Test
    void theLastTryIsHandedOutAloneStaysOneWhenGivenBackAndItsDeathIsTheEnd() {
        queue.enqueue("killer");
        queue.claim("one", 1);
        assertThat(queue.allDie()).containsExactly(Kind.REDO);
        queue.claim("two", 1);
        assertThat(queue.allDie()).containsExactly(Kind.LAST_TRY);
        queue.enqueue("innocent");
        assertThat(types(queue.claim("three", 10))).containsExactly("innocent");
        Lease last = queue.claimSolo("four").get(0);
        assertThat(last.deliveries()).isEqualTo(3);
        queue.settle(last, RELEASE);
        assertThat(queue.claim("five", 10)).isEmpty();
        queue.enqueue("other");
        assertThat(types(queue.claimSolo("six"))).containsExactly("killer");
        assertThat(queue.allDie()).contains(Kind.POISONED);
        assertThat(on(queue.broker.inspector().failed(0, 10)))
                .extracting(FailedTask::failure)
                .singleElement()
                .satisfies(failure -> assertThat(failure.worker()).isEqualTo("six"));
    }

    @Test
    void retriesTakeAtMostHalfOfAClaimWhileNewTasksWait() {
        queue.enqueue(Collections.nCopies(10, "failing").toArray(String[]::new));
        queue.claim("ada", 10).forEach(lease -> queue.settle(lease, RETRY));
        queue.enqueue(Collections.nCopies(8, "new").toArray(String[]::new));
        assertThat(types(queue.claim("ada", 6))).containsExactly("failing", "failing", "failing", "new", "new", "new");
        List<String> singly = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            singly.addAll(types(queue.claim("ada", 1)));
        }
        assertThat(singly).containsExactly("failing", "new", "failing", "new");
        assertThat(types(queue.claim("ada", 10))).hasSize(8).containsSubsequence("failing", "new");
    }

    @Test
    void whatIsGivenBackGoesFirstAndInItsOrderAndDoesNotCount() {
        queue.enqueue("a", "b", "c");
        List<Lease> leases = queue.claim("ada", 2);
        queue.turn(
                queue.nextCall(),
                "ada",
                0,
                false,
                leases.stream()
                        .map(lease -> new Settlement(lease.id(), lease.fence(), RELEASE))
                        .toList());
        List<Lease> again = queue.claim("bob", 3);
        assertThat(types(again)).containsExactly("a", "b", "c");
        assertThat(again).allSatisfy(lease -> assertThat(lease.attempt()).isEqualTo(1));
        assertThat(queue.settle(leases.get(0), DONE)).isEqualTo(Settled.FENCED);
    }

    @Test
    void givingUpKillsTheFence() {
        queue.enqueue("a", "b");
        List<Lease> leases = queue.claim("ada", 2);
        queue.settle(leases.get(0), new Outcome.Retry(Duration.ofMinutes(1)));
        queue.settle(leases.get(1), RELEASE);
        assertThat(queue.beat("ada", leases.get(0), leases.get(1))).hasSize(2);
        assertThat(queue.settle(leases.get(0), DONE)).isEqualTo(Settled.FENCED);
        assertThat(queue.settle(leases.get(1), DONE)).isEqualTo(Settled.FENCED);
    }

    @Test
    void aRepeatedTurnClaimsTheSameAndALateCopyNothing() {
        queue.enqueue("a", "b", "c");
        Call call = new Call("worker", 1);
        TurnAnswer first = queue.turn(call, "ada", 2, false, List.of());
        TurnAnswer repeated = queue.turn(call, "ada", 2, false, List.of());
        assertThat(repeated.status()).isEqualTo(Status.REPLAY);
        assertThat(repeated.leases()).isEqualTo(first.leases());
        queue.turn(new Call("worker", 2), "ada", 0, false, List.of());
        TurnAnswer late = queue.turn(call, "ada", 2, false, List.of());
        assertThat(late.status()).isEqualTo(Status.STALE);
        assertThat(late.leases()).isEmpty();
        assertThat(queue.turn(new Call("nobody", 2), "ada", 1, false, List.of()).status())
                .isEqualTo(Status.UNKNOWN);
        assertThat(types(queue.claim("bob", 5))).containsExactly("c");
    }

    @Test
    void anEmptyAnswerIsRecordedToo() {
        Call call = new Call("worker", 1);
        queue.turn(call, "ada", 1, false, List.of());
        queue.enqueue("a");
        assertThat(queue.turn(call, "ada", 1, false, List.of()).leases()).isEmpty();
    }

    @Test
    void aReplayLeavesOutWhatIsNoLongerTheOwners() {
        queue.enqueue("a", "b");
        Call call = new Call("worker", 1);
        Lease done = queue.turn(call, "ada", 2, false, List.of()).leases().get(0);
        queue.settle(done, DONE);
        assertThat(types(queue.turn(call, "ada", 2, false, List.of()).leases())).containsExactly("b");
        queue.allDie();
        assertThat(queue.turn(call, "ada", 2, false, List.of()).leases()).isEmpty();
    }

    @Test
    void aDelayedTaskIsHandedOutWhenItIsDueAndNotBefore() {
        NewTask later = new NewTask(
                "later",
                "[]".getBytes(UTF_8),
                Optional.empty(),
                Optional.of(queue.clock.instant().plusSeconds(60)));
        queue.enqueue(queue.nextCall(), List.of(later));
        queue.clock.advance(Duration.ofMillis(59_999));
        assertThat(queue.upkeep()).isEmpty();
        assertThat(queue.claim("ada", 1)).isEmpty();
        assertThat(on(queue.broker.inspector().totals())).containsEntry("delayed", 1L);
        queue.clock.advance(Duration.ofMillis(1));
        assertThat(queue.upkeep()).containsExactly(Kind.PROMOTED);
        assertThat(types(queue.claim("ada", 1))).containsExactly("later");
    }

    @Test
    void aRetryWaitsForItsDelay() {
        queue.enqueue("a");
        queue.settle(queue.claim("ada", 1).get(0), new Outcome.Retry(Duration.ofSeconds(30)));
        queue.clock.advance(Duration.ofMillis(29_999));
        assertThat(queue.claim("ada", 1)).isEmpty();
        queue.clock.advance(Duration.ofMillis(1));
        Lease again = queue.claim("ada", 1).get(0);
        assertThat(List.of(again.deliveries(), again.attempt())).containsExactly(1, 2);
    }

    @Test
    void anIdIsTakenOnceWithin24HoursAndForgottenAfterwards() {
        NewTask named = new NewTask("a", "[]".getBytes(UTF_8), Optional.of("order-1"), Optional.empty());
        assertThat(queue.enqueue(queue.nextCall(), List.of(named, named)).accepted())
                .containsExactly(true, false);
        queue.clock.advance(Duration.ofHours(24).minusMillis(1));
        assertThat(queue.enqueue(queue.nextCall(), List.of(named)).accepted()).containsExactly(false);
        queue.clock.advance(Duration.ofMillis(1));
        assertThat(queue.enqueue(queue.nextCall(), List.of(named)).accepted()).containsExactly(true);
    }

    @Test
    void theInspectorSeesEveryTaskInOnePlace() {
        queue.enqueue("done", "retry", "redo", "active", "waiting");
        List<Lease> leases = queue.claim("ada", 3);
        queue.settle(leases.get(0), DONE);
        queue.settle(leases.get(1), new Outcome.Retry(Duration.ofHours(1)));
        queue.settle(leases.get(2), RELEASE);
        assertThat(types(queue.claim("bob", 1))).containsExactly("redo");
        assertThat(on(queue.broker.inspector().queues())).containsExactly(new QueueInfo(QUEUE, 2, 1, 1));
    }

    @Test
    void aWatcherHearsOfWorkThatIsThereComesIsGivenBackOrOutlivedItsOwner() {
        List<String> hints = new ArrayList<>();
        queue.enqueue("a");
        queue.broker.watch(Set.of(QUEUE, "other"), hints::add);
        assertThat(hints).containsExactly(QUEUE);
        queue.enqueue("b");
        assertThat(hints).hasSize(2);
        List<Lease> leases = queue.claim("ada", 2);
        queue.settle(leases.get(0), RELEASE);
        assertThat(hints).hasSize(3);
        queue.claim("ada", 1);
        queue.upkeep();
        assertThat(hints).hasSize(3);
        queue.allDie();
        assertThat(hints).hasSize(4).containsOnly(QUEUE);
    }

    @Test
    void whatIsTooMuchForOneCallIsRefusedWholeBeforeItIsRecorded() {
        Call call = new Call("lane", 1);
        assertThatThrownBy(() -> queue.enqueue(call, Collections.nCopies(201, task("a"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 to 200");
        assertThatThrownBy(() -> queue.turn(call, "ada", 201, false, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(queue.enqueue(call, List.of(task("a"))).status()).isEqualTo(Status.OK);
    }
}
