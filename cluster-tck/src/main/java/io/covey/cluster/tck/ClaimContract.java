package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Content.Unreadable;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What claiming promises. */
abstract class ClaimContract extends EnqueueContract {

    @Test
    final void aClaimedTaskIsClaimedByNobodyElse() {
        producer.enqueue(Q, "a", "b", "c");
        List<Lease> mine = ada.claim(Q, 2);
        assertThat(types(mine)).containsExactly("a", "b");
        assertThat(types(bob.claim(Q, 10))).containsExactly("c");
        assertThat(bob.claim(Q, 10)).isEmpty();
        assertThat(upkeep()).isEmpty();
        assertThat(mine).allSatisfy(lease -> {
            assertThat(lease.queue()).isEqualTo(Q);
            assertThat(lease.deliveries()).isEqualTo(1);
            assertThat(lease.attempt()).isEqualTo(1);
            assertThat(lease.id()).isNotBlank();
        });
        assertThat(mine.get(0).id()).isNotEqualTo(mine.get(1).id());
    }

    @Test
    final void aQueueThatNobodyKnowsIsEmpty() {
        TurnAnswer answer = ada.look("nobody-knows");
        assertThat(answer.leases()).isEmpty();
        assertThat(answer.state().ready()).isZero();
        assertThat(answer.state().lastTries()).isZero();
        assertThat(ada.claim("nobody-knows", 10)).isEmpty();
        assertThat(upkeep("nobody-knows")).isEmpty();
    }

    @Test
    final void aLimitOfNoneOnlyLooks() {
        producer.enqueue(Q, "a", "b");
        TurnAnswer answer = ada.look(Q);
        assertThat(answer.leases()).isEmpty();
        assertThat(answer.state().ready()).isEqualTo(2);
        TurnAnswer claim = ada.send(ada.next(Q, List.of(), 1, false));
        assertThat(types(claim.leases())).containsExactly("a");
        assertThat(claim.state().ready()).isEqualTo(1);
    }

    @Test
    final void aRepeatedClaimIsAnsweredWithTheSameLeasesAgain() {
        producer.enqueue(Q, "a", "b", "c");
        Turn turn = ada.next(Q, List.of(), 2, false);
        TurnAnswer first = ada.send(turn);
        for (TaskBroker from : List.of(broker, elsewhere)) {
            TurnAnswer again = on(from.turn(List.of(turn))).get(0);
            assertThat(again.status()).isEqualTo(Status.REPLAY);
            assertThat(again.leases().stream().map(Lease::held))
                    .containsExactlyInAnyOrderElementsOf(
                            first.leases().stream().map(Lease::held).toList());
            assertThat(types(again.leases())).containsExactlyInAnyOrder("a", "b");
            assertThat(again.leases()).allSatisfy(lease -> {
                assertThat(lease.deliveries()).isEqualTo(1);
                assertThat(lease.attempt()).isEqualTo(1);
            });
        }
        assertThat(types(bob.claim(Q, 10))).containsExactly("c");
    }

    @Test
    final void aRepeatedClaimRenewsTheLeases() {
        producer.enqueue(Q, "a");
        Turn turn = ada.next(Q, List.of(), 1, false);
        ada.send(turn);
        for (int i = 0; i < 3; i++) {
            backend().pass(Worker.LEASE.dividedBy(3).multipliedBy(2), Q);
            assertThat(ada.send(turn).leases()).hasSize(1);
            assertThat(upkeep()).isEmpty();
            assertThat(bob.claim(Q, 1)).isEmpty();
        }
    }

    @Test
    final void aRepeatedClaimIsAnsweredOnlyWithWhatIsStillTheOwners() {
        producer.enqueue(Q, "a", "b", "c");
        Turn turn = ada.next(Q, List.of(), 3, false);
        List<Lease> mine = ada.send(turn).leases();
        Turn otherLane = new Turn(
                Q,
                new Call("ada.other", 1),
                ada.owner,
                Worker.LEASE,
                Worker.MOST_DELIVERIES,
                List.of(new Settlement(mine.get(0).id(), mine.get(0).fence(), DONE)),
                0,
                false);
        ada.send(otherLane);
        assertThat(types(ada.send(turn).leases())).containsExactlyInAnyOrder("b", "c");
        everybodyDies();
        assertThat(bob.claim(Q, 1)).hasSize(1);
        assertThat(bob.claim(Q, 1)).hasSize(1);
        TurnAnswer replay = ada.send(turn);
        assertThat(replay.status()).isEqualTo(Status.REPLAY);
        assertThat(replay.leases()).isEmpty();
    }

    @Test
    final void aRepeatOrLateCopyOfAnEmptyClaimClaimsNothing() {
        assertThat(ada.claim(Q, 5)).isEmpty();
        Turn empty = ada.next(Q, List.of(), 5, false);
        assertThat(ada.send(empty).leases()).isEmpty();
        producer.enqueue(Q, "a");
        TurnAnswer repeat = ada.send(empty);
        assertThat(repeat.status()).isEqualTo(Status.REPLAY);
        assertThat(repeat.leases()).isEmpty();
        ada.look(Q);
        TurnAnswer late = ada.send(empty);
        assertThat(late.status()).isEqualTo(Status.STALE);
        assertThat(late.leases()).isEmpty();
        assertThat(late.settled()).isEmpty();
        assertThat(types(bob.claim(Q, 5))).containsExactly("a");
    }

    @Test
    final void aClaimOnAnUnknownLaneThatDoesNotBeginClaimsNothing() {
        producer.enqueue(Q, "a");
        Turn turn = ada.at(2, Q, List.of(), 5, false);
        TurnAnswer answer = ada.send(turn);
        assertThat(answer.status()).isEqualTo(Status.UNKNOWN);
        assertThat(answer.leases()).isEmpty();
        assertThat(answer.settled()).isEmpty();
        assertThat(types(bob.claim(Q, 5))).containsExactly("a");
    }

    @Test
    final void fencesArePositiveBelowTwoToThe53AndGrowFromClaimToClaim() {
        producer.enqueue(Q, Producer.types(60).toArray(String[]::new));
        long last = 0;
        for (int i = 0; i < 30; i++) {
            Worker worker = i % 2 == 0 ? ada : bob;
            List<Lease> leases = worker.claim(Q, 2);
            for (Lease lease : leases) {
                assertThat(lease.fence()).isGreaterThan(last).isLessThan(1L << 53);
            }
            last = leases.stream().mapToLong(Lease::fence).max().orElseThrow();
            assertThat(worker.settle(leases.get(0), i % 3 == 0 ? RELEASE : DONE))
                    .isEqualTo(TaskBroker.Settled.DONE);
        }
    }

    @Test
    final void theQueuesOfOneTripAreIndependent() {
        producer.enqueue("one", "a", "b");
        producer.enqueue("two", "c");
        Turn stale = ada.next("two", List.of(), 0, false);
        ada.send(stale);
        ada.look("two");
        List<Turn> turns = List.of(
                ada.next("one", List.of(), 1, false),
                stale,
                ada.next("none", List.of(), 5, false),
                ada.at(7, "unknown", List.of(), 5, false));
        List<TurnAnswer> answers = on(broker.turn(turns));
        assertThat(answers.stream().map(TurnAnswer::status))
                .containsExactly(Status.OK, Status.STALE, Status.OK, Status.UNKNOWN);
        assertThat(types(answers.get(0).leases())).containsExactly("a");
        assertThat(answers.get(0).leases().get(0).queue()).isEqualTo("one");
        assertThat(answers.get(2).leases()).isEmpty();
        List<TurnAnswer> again = on(elsewhere.turn(turns));
        assertThat(again.stream().map(TurnAnswer::status))
                .containsExactly(Status.REPLAY, Status.STALE, Status.REPLAY, Status.UNKNOWN);
        assertThat(types(again.get(0).leases())).containsExactly("a");
        assertThat(types(bob.claim("one", 5))).containsExactly("b");
        assertThat(types(bob.claim("two", 5))).containsExactly("c");
    }

    @Test
    final void eightOwnersWhoClaimAtOnceGetEachTaskOnce() throws Exception {
        for (int i = 0; i < 3; i++) {
            int round = i;
            producer.enqueue(Q, Producer.types(100).stream().map(t -> round + t).toArray(String[]::new));
        }
        List<String> claimed = new ArrayList<>();
        for (List<String> mine : Race.of(8, number -> {
            Worker worker = new Worker(number % 2 == 0 ? broker : elsewhere, "owner" + number);
            List<String> types = new ArrayList<>();
            List<Lease> leases = worker.claim(Q, 7);
            while (!leases.isEmpty()) {
                types.addAll(types(leases));
                leases = worker.claim(Q, 7);
            }
            return types;
        })) {
            claimed.addAll(mine);
        }
        assertThat(claimed).hasSize(300).doesNotHaveDuplicates();
    }

    @Test
    final void queuesOfNeighbouringNamesAreApart() {
        List<String> names = List.of("a", "a:b", "a.b", "a-b", "a_b", "A", "raw", "meta", "x".repeat(128));
        names.forEach(name -> producer.enqueue(name, name));
        names.forEach(name -> assertThat(types(ada.claim(name, 5))).containsExactly(name));
    }

    @Test
    final void twoNamespacesSeeNothingOfEachOther() {
        TaskBroker other = openElsewhere().tasks().orElseThrow();
        producer.enqueue(Q, List.of(Producer.named("a", "id")));
        Worker stranger = new Worker(other, "ada");
        assertThat(stranger.claim(Q, 5)).isEmpty();
        assertThat(on(other.inspector().queues()))
                .allSatisfy(info -> assertThat(info.waiting()).isZero());
        assertThat(new Producer(other, "producer")
                        .enqueue(Q, List.of(Producer.named("b", "id")))
                        .accepted())
                .containsExactly(true);
        assertThat(types(ada.claim(Q, 5))).containsExactly("a");
        assertThat(types(stranger.claim(Q, 5))).containsExactly("b");
    }

    @Test
    final void theEpochStaysWhileTheDataDoes() {
        Set<String> epochs = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            epochs.add(ada.look(Q).state().epoch());
            producer.enqueue(Q, "t" + i);
            bob.claim(Q, 1);
            epochs.add(bob.look(Q).state().epoch());
            backend().pass(Duration.ofSeconds(40), Q);
            upkeep();
        }
        assertThat(epochs).hasSize(1).doesNotContain("");
    }

    @Test
    final void moreThanTwoHundredAreRefused() {
        producer.enqueue(Q, "a");
        assertThatThrownBy(() -> ada.send(ada.next(Q, List.of(), TaskBroker.MOST + 1, false)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(types(bob.claim(Q, 1))).containsExactly("a");
    }

    @Test
    final void bytesThatAreNoTaskAreHandedOutAsUnreadableInTheirPlace() {
        List<byte[]> garbage = List.of(
                "".getBytes(UTF_8),
                "x".getBytes(UTF_8),
                "{".getBytes(UTF_8),
                "[]".getBytes(UTF_8),
                "null".getBytes(UTF_8),
                "{\"args\":[]}".getBytes(UTF_8),
                new byte[] {0, (byte) 0xff, (byte) 0xfe, '\r', '\n'},
                "[".repeat(100_000).getBytes(UTF_8));
        producer.enqueue(Q, "before");
        for (byte[] bytes : garbage) {
            Skip.unless(
                    backend().pushRaw(Q, bytes),
                    "unreadable tasks",
                    "nobody but this transport can write to its queues");
        }
        producer.enqueue(Q, "after");
        List<Lease> leases = ada.claim(Q, 50);
        assertThat(leases).hasSize(garbage.size() + 2);
        assertThat(type(leases.get(0))).isEqualTo("before");
        assertThat(type(leases.get(leases.size() - 1))).isEqualTo("after");
        for (int i = 0; i < garbage.size(); i++) {
            Lease lease = leases.get(i + 1);
            byte[] raw = garbage.get(i);
            assertThat(lease.content()).isInstanceOfSatisfying(Unreadable.class, content -> {
                assertThat(content.raw()).isEqualTo(raw);
                assertThat(content.reason()).isNotBlank().doesNotContain("\n");
            });
            assertThat(ada.settle(lease, fail(lease, "unreadable"))).isEqualTo(TaskBroker.Settled.DONE);
        }
        failures(garbage.size());
    }
}
