package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Settled;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What removing waiting and delayed tasks by their content promises, and giving tasks back to workers of other makes. */
public abstract class RemovalContract extends FeatureContract {

    @Test
    final void waitingTasksAreRemovedByTypeAndArguments() {
        add(
                Q,
                Draft.of("a").args("[1]"),
                Draft.of("a").args("[2]"),
                Draft.of("b").args("[1]"),
                Draft.of("a").args("[1]"),
                Draft.of("a").args("[1,2]"));
        add("other", Draft.of("a").args("[1]"));
        assertThat(on(control.remove(Q, "a", bytes("[1]")))).isEqualTo(2);
        assertThat(on(elsewhere.control().orElseThrow().remove(Q, "a", bytes("[1]"))))
                .isZero();
        assertThat(on(control.remove(Q, "a", bytes("[3]")))).isZero();
        assertThat(on(control.remove("nobody-knows", "a", bytes("[1]")))).isZero();
        assertThat(ada.claim(Q, 10).stream()
                        .map(lease -> type(lease) + new String(readable(lease).args(), UTF_8)))
                .containsExactly("a[2]", "b[1]", "a[1,2]");
        assertThat(ada.claim("other", 10)).hasSize(1);
    }

    @Test
    final void waitingTasksOfAnOwnQueueAreRemovedByTypeAndArgumentsWhateverElseTheyCarry() {
        add(
                OWN,
                Draft.of("a").args("[1]").id("mine"),
                Draft.of("a").args("[ 1 ]").headers(Map.of("h", "v")),
                Draft.of("a").args("[1]").key("k"),
                Draft.of("a").args("[1,2]"),
                Draft.of("b").args("[1]"));
        assertThat(on(control.remove(OWN, "a", bytes("[1]")))).isEqualTo(3);
        assertThat(on(control.remove(OWN, "a", bytes("[1]")))).isZero();
        assertThat(info(OWN).waiting()).isEqualTo(2);
        assertThat(types(workOff(ada, OWN, 5))).containsExactly("a", "b");
    }

    @Test
    final void aTaskOfAnOwnQueueThatIsRemovedByWhatItIsFreesItsLock() {
        Draft unique = Draft.of("u").args("[1]").unique(Until.DONE);
        Draft other = Draft.of("u").args("[2]").unique(Until.DONE);
        receipt(OWN, unique);
        receipt(OWN, other);
        assertThat(on(control.remove(OWN, "u", bytes("[1]")))).isEqualTo(1);
        assertThat(accepted(OWN, unique)).isTrue();
        assertThat(accepted(OWN, other)).isFalse();
        assertThat(on(control.removeType(OWN, "u"))).isEqualTo(2);
        assertThat(accepted(OWN, unique)).isTrue();
        assertThat(accepted(OWN, other)).isTrue();
    }

    @Test
    final void neitherLeasedNorRetriedNorDelayedTasksAreRemovedByContent() {
        add(Q, Draft.of("a"), Draft.of("a"));
        add(Q, Draft.of("a").due(on(transport.time()).plus(LONG)));
        List<Lease> leases = ada.claim(Q, 2);
        ada.settle(leases.get(0), RETRY_MUCH_LATER);
        byte[] args = readable(leases.get(0)).args();
        assertThat(on(control.remove(Q, "a", args))).isZero();
        assertThat(on(control.removeType(Q, "a"))).isZero();
        assertThat(ada.settle(leases.get(1), DONE)).isEqualTo(Settled.DONE);
        assertThat(info(Q).retry()).isEqualTo(1);
        assertThat(on(control.delayedAt(Q, "a", args))).hasSize(1);
    }

    @Test
    final void waitingTasksOfATypeAreRemovedAndTheOthersKeepTheirOrder() {
        for (String queue : List.of(Q, OWN)) {
            List<NewTask> tasks = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                Draft draft = Draft.of(i % 2 == 0 ? "even" : "odd" + i).args("[" + i + "]");
                tasks.add(draft.task());
            }
            addMany(queue, tasks);
            assertThat(on(control.removeType(queue, "even"))).isEqualTo(250);
            assertThat(on(control.removeType(queue, "even"))).isZero();
            assertThat(info(queue).waiting()).isEqualTo(250);
            List<String> left = types(workOff(ada, queue, 200));
            assertThat(left).hasSize(250).first().isEqualTo("odd1");
            assertThat(left)
                    .containsExactlyElementsOf(tasks.stream()
                            .map(NewTask::type)
                            .filter(type -> !type.equals("even"))
                            .toList());
        }
    }

    @Test
    final void keyedTasksOfATypeAreRemovedToo() {
        List<NewTask> tasks = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            tasks.add(Draft.of(i % 3 == 0 ? "gone" : "kept").key("k" + i % 4).task());
        }
        addMany(OWN, tasks);
        assertThat(on(control.removeType(OWN, "gone"))).isEqualTo(20);
        assertThat(info(OWN).waiting()).isEqualTo(40);
        assertThat(types(workOff(ada, OWN, 7))).hasSize(40).containsOnly("kept");
    }

    @Test
    final void keyedTasksThatWaitToRunAgainAreNotRemovedByType() {
        add(OWN, Draft.of("a").key("k"), Draft.of("a").key("k"), Draft.of("a").key("k"));
        List<Lease> leases = ada.claim(OWN, 2);
        change(OWN, queue -> queue.withKeyLimits(Optional.of(1), Optional.empty()));
        ada.settle(leases.get(0), RELEASE);
        assertThat(bob.claim(OWN, 5)).isEmpty();
        assertThat(on(control.removeType(OWN, "a"))).isEqualTo(1);
        assertThat(ada.settle(leases.get(1), DONE)).isEqualTo(Settled.DONE);
        assertThat(claimEventually(bob, OWN).id()).isEqualTo(leases.get(0).id());
    }

    @Test
    final void bytesThatAreNoTaskStayWhenOthersAreRemoved() {
        Skip.unless(
                backend().pushRaw(Q, bytes("no task")),
                "removing beside unreadable tasks",
                "nobody but this transport can write to its queues");
        add(Q, Draft.of("a"));
        backend().pushRaw(Q, bytes("{"));
        assertThat(on(control.removeType(Q, "a"))).isEqualTo(1);
        assertThat(ada.claim(Q, 5)).hasSize(2);
    }

    @Test
    final void delayedTasksAreFoundAndRemovedByTypeAndArguments() {
        for (String queue : List.of(Q, OWN)) {
            Instant now = Instant.ofEpochSecond(on(transport.time()).getEpochSecond());
            Instant late = now.plus(Duration.ofHours(2));
            Instant early = now.plus(Duration.ofHours(1));
            add(
                    queue,
                    Draft.of("a").args("[1]").due(late),
                    Draft.of("a").args("[1]").due(early),
                    Draft.of("a").args("[2]").due(early),
                    Draft.of("b").args("[1]").due(early),
                    Draft.of("a").args("[1]"));
            assertThat(on(control.delayedAt(queue, "a", bytes("[1]")))).containsExactly(early, late);
            assertThat(on(elsewhere.control().orElseThrow().delayedAt(queue, "a", bytes("[2]"))))
                    .containsExactly(early);
            assertThat(on(control.delayedAt(queue, "a", bytes("[3]")))).isEmpty();
            assertThat(on(control.delayedAt("nobody-knows", "a", bytes("[1]")))).isEmpty();
            assertThat(on(control.removeDelayed(queue, "a", bytes("[1]")))).isEqualTo(2);
            assertThat(on(control.removeDelayed(queue, "a", bytes("[1]")))).isZero();
            assertThat(on(control.delayedAt(queue, "a", bytes("[1]")))).isEmpty();
            assertThat(on(control.delayedAt(queue, "a", bytes("[2]")))).containsExactly(early);
            assertThat(on(control.delayedAt(queue, "b", bytes("[1]")))).containsExactly(early);
            assertThat(types(ada.claim(queue, 5))).containsExactly("a");
        }
        assertThat(delayed()).isEqualTo(4);
    }

    @Test
    final void aTaskRemovedBeforeItIsDueNeverRuns() {
        for (String queue : List.of(Q, OWN)) {
            Instant soon = on(transport.time()).plusMillis(200);
            add(
                    queue,
                    Draft.of("gone").args("[1]").due(soon),
                    Draft.of("kept").args("[1]").due(soon));
            on(control.removeDelayed(queue, "gone", bytes("[1]")));
            assertThat(type(elapseUntilClaimed(ada, queue))).isEqualTo("kept");
            backend().elapse(Duration.ofMillis(1200));
            assertThat(workOff(ada, queue, 5)).isEmpty();
        }
    }

    @Test
    final void whatWaitsToRunAgainOrForARetryIsGivenBackAsIfNobodyHadRunIt() {
        for (String queue : List.of(Q, OWN)) {
            add(queue, Draft.of("retried"), Draft.of("redone"), Draft.of("leased"), Draft.of("new"));
            List<Lease> leases = ada.claim(queue, 3);
            ada.settle(leases.get(0), RETRY_MUCH_LATER);
            Lease leased = leases.get(2);
            backend().pass(LONGER_THAN_LEASE, queue);
            upkeep(queue);
            assertThat(ada.beat(leased)).isEmpty();
            assertThat(on(control.giveBack(queue))).isEqualTo(2);
            assertThat(on(control.giveBack(queue))).isZero();
            assertThat(info(queue).waiting()).isEqualTo(3);
            assertThat(info(queue).retry()).isZero();
            assertThat(info(queue).active()).isEqualTo(1);
            List<Lease> again = workOff(bob, queue, 10);
            assertThat(types(again)).containsExactlyInAnyOrder("retried", "redone", "new");
            assertThat(again).allSatisfy(lease -> {
                assertThat(lease.attempt()).isEqualTo(1);
                assertThat(lease.deliveries()).isEqualTo(1);
                assertThat(lease.earlier()).isEmpty();
            });
            assertThat(ada.settle(leases.get(1), DONE)).isNotEqualTo(Settled.DONE);
            assertThat(ada.settle(leased, DONE)).isEqualTo(Settled.DONE);
        }
    }

    @Test
    final void debouncedTasksOfASharedQueueAreGivenBackToThoseThatAreDelayed() {
        add(Q, Draft.of("d").debounce(LONG));
        add(OWN, Draft.of("o").debounce(LONG));
        assertThat(on(control.giveBack(OWN))).isZero();
        assertThat(info(OWN).delayed()).isEqualTo(1);
        assertThat(on(control.giveBack(Q))).isEqualTo(1);
        assertThat(on(control.giveBack(Q))).isZero();
        assertThat(info(Q).delayed()).isZero();
        assertThat(delayed()).isEqualTo(2);
        add(Q, Draft.of("d").debounce(LONG));
        assertThat(delayed()).isEqualTo(3);
        assertThat(ada.claim(Q, 5)).isEmpty();
    }

    @Test
    final void aDebouncedTaskThatWasGivenBackRunsWhenItIsDue() {
        add(Q, Draft.of("d").args("[1]").debounce(Duration.ofMillis(300)));
        assertThat(on(control.giveBack(Q))).isEqualTo(1);
        Lease lease = elapseUntilClaimed(ada, Q);
        assertThat(type(lease)).isEqualTo("d");
        assertThat(new String(readable(lease).args(), UTF_8)).isEqualTo("[1]");
    }

    @Test
    final void whoHasALeaseIsToldAndWhatIsLeftOfIt() {
        assertThat(on(control.leases(Q))).isEmpty();
        add(Q, Draft.of("a"), Draft.of("b"));
        Lease mine = ada.claimOne(Q);
        bob.claimOne(Q);
        assertThat(on(control.leases(Q)).get(ada.owner)).isBetween(Worker.LEASE.minusSeconds(10), Worker.LEASE);
        backend().pass(Duration.ofSeconds(15), Q);
        assertThat(upkeep(Q)).isEmpty();
        assertThat(ada.beat(mine)).isEmpty();
        Map<String, Duration> leases = on(control.leases(Q));
        assertThat(leases).containsOnlyKeys(ada.owner, bob.owner);
        assertThat(leases.get(bob.owner)).isBetween(Duration.ZERO, Worker.LEASE.minusSeconds(15));
        assertThat(leases.get(ada.owner)).isGreaterThan(leases.get(bob.owner));
        backend().pass(LONGER_THAN_LEASE, Q);
        upkeep(Q);
        assertThat(on(control.leases(Q))).isEmpty();
    }

    @Test
    final void tasksGivenBackKeepWhatTheyCarry() {
        String id = receipt(OWN, Draft.of("a").key("k").headers(Map.of("h", "v")));
        ada.settle(ada.claimOne(OWN), RETRY_MUCH_LATER);
        assertThat(on(control.giveBack(OWN))).isEqualTo(1);
        Lease lease = workOff(bob, OWN, 1).get(0);
        assertThat(readable(lease).id()).contains(id);
        assertThat(readable(lease).key()).contains("k");
        assertThat(readable(lease).headers()).containsEntry("h", "v");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
