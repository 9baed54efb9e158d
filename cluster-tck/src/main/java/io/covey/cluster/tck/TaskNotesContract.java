package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Release;
import io.covey.cluster.spi.TaskBroker.Result;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskNotes;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What notes beside a task promise: only who holds it writes them, and results come with the end. */
public abstract class TaskNotesContract extends FeatureContract {
    private TaskNotes notes;

    @BeforeEach
    final void takeNotes() {
        notes = broker.notes().orElseThrow();
    }

    @Test
    final void whoHoldsATaskKeepsNotesOfItAndEverybodyReadsThem() {
        for (String queue : List.of(Q, OWN)) {
            receipt(queue, Draft.of("a"));
            Lease lease = ada.claimOne(queue);
            assertThat(read(queue, lease, TaskNotes.PROGRESS)).isEmpty();
            assertThat(put(lease, TaskNotes.PROGRESS, "10 %")).isTrue();
            assertThat(read(queue, lease, TaskNotes.PROGRESS)).contains("10 %");
            assertThat(put(lease, TaskNotes.PROGRESS, "20 %")).isTrue();
            assertThat(put(lease, TaskNotes.PROGRESS, "20 %")).isTrue();
            assertThat(put(lease, "charge", "")).isTrue();
            assertThat(read(queue, lease, TaskNotes.PROGRESS)).contains("20 %");
            assertThat(read(queue, lease, "charge")).contains("");
            assertThat(read(queue, lease, "Charge")).isEmpty();
            assertThat(read("other", lease, "charge")).isEmpty();
            assertThat(on(notes.get(queue, "other", "charge"))).isEmpty();
        }
    }

    @Test
    final void bytesNamesAndIdsOfEveryKindAreKeptApart() {
        receipt(OWN, Draft.of("a").id("id:/|{}\"é"));
        Lease lease = ada.claimOne(OWN);
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        String longest = "n".repeat(200);
        assertThat(on(notes.put(lease.held(), publicId(lease), longest, all, LONG)))
                .isTrue();
        assertThat(put(lease, "日本 {x}:/|\n", "odd")).isTrue();
        byte[] most = new byte[1 << 20];
        most[7] = 1;
        assertThat(on(notes.put(lease.held(), publicId(lease), "most", most, LONG)))
                .isTrue();
        assertThat(on(notes.get(OWN, "id:/|{}\"é", longest)).orElseThrow()).isEqualTo(all);
        assertThat(on(notes.get(OWN, "id:/|{}\"é", "most")).orElseThrow()).isEqualTo(most);
        assertThat(read(OWN, lease, "日本 {x}:/|\n")).contains("odd");
    }

    @Test
    final void namesAndNotesThatAreTooLongAreRefusedAndNothingIsKept() {
        receipt(OWN, Draft.of("a"));
        Lease lease = ada.claimOne(OWN);
        illegal(() -> notes.put(lease.held(), publicId(lease), "", new byte[0], LONG));
        illegal(() -> notes.put(lease.held(), publicId(lease), "n".repeat(201), new byte[0], LONG));
        illegal(() -> notes.put(lease.held(), publicId(lease), "n", new byte[(1 << 20) + 1], LONG));
        assertThat(read(OWN, lease, "n")).isEmpty();
    }

    @Test
    final void whatIsToBeKeptForEverIsKept() {
        for (Duration ever : List.of(Duration.ofMillis(Long.MAX_VALUE), ChronoUnit.FOREVER.getDuration())) {
            receipt(OWN, Draft.of("a").unique(Until.DONE));
            Lease lease = ada.claimOne(OWN);
            assertThat(on(notes.put(lease.held(), publicId(lease), "charge", "7".getBytes(UTF_8), ever)))
                    .isTrue();
            Result result = new Result(publicId(lease), "done".getBytes(UTF_8), ever);
            Release release = new Release(Optional.empty(), lease.content());
            Settlement end = new Settlement(
                    lease.id(), lease.fence(), new Outcome.Done(Optional.of(result)), Optional.of(release));
            assertThat(ada.settle(OWN, List.of(end))).containsExactly(Settled.DONE);
            assertThat(read(OWN, lease, "charge")).contains("7");
            assertThat(read(OWN, lease, TaskNotes.RESULT)).contains("done");
        }
    }

    @Test
    final void anOldFenceKeepsNothing() {
        for (String queue : List.of(Q, OWN)) {
            receipt(queue, Draft.of("a"));
            Lease old = ada.claimOne(queue);
            assertThat(put(old, "n", "first")).isTrue();
            backend().pass(LONGER_THAN_LEASE, queue);
            upkeep(queue);
            // Nobody has claimed it since: the fence is the newest.
            assertThat(put(old, "n", "late")).isTrue();
            Lease now = bob.claimOne(queue);
            assertThat(put(old, "n", "too late")).isFalse();
            assertThat(put(old, "other", "too late")).isFalse();
            assertThat(read(queue, now, "n")).contains("late");
            assertThat(read(queue, now, "other")).isEmpty();
            assertThat(put(now, "n", "second")).isTrue();
            assertThat(read(queue, now, "n")).contains("second");
            done(bob, List.of(now));
        }
    }

    @Test
    final void whoGaveATaskUpKeepsNothing() {
        for (String queue : List.of(Q, OWN)) {
            for (Outcome outcome : List.of(DONE, RETRY_MUCH_LATER, RELEASE)) {
                receipt(queue, Draft.of("a"));
                Lease lease = ada.claimOne(queue);
                ada.settle(lease, outcome);
                assertThat(put(lease, "n", "late")).isFalse();
                assertThat(read(queue, lease, "n")).isEmpty();
            }
            Lease released = ada.claimOne(queue);
            ada.settle(released, fail(released, "broken"));
            assertThat(put(released, "n", "late")).isFalse();
        }
    }

    @Test
    final void theNextRunOfATaskReadsWhatTheOneBeforeNoted() {
        receipt(OWN, Draft.of("a"));
        Lease first = ada.claimOne(OWN);
        put(first, "charge", "receipt 7");
        ada.settle(first, RETRY_NOW);
        Lease second = claimEventually(bob, OWN);
        assertThat(publicId(second)).isEqualTo(publicId(first));
        assertThat(read(OWN, second, "charge")).contains("receipt 7");
    }

    @Test
    final void aNoteIsGoneAfterItsTime() {
        receipt(OWN, Draft.of("a"));
        Lease lease = ada.claimOne(OWN);
        on(notes.put(lease.held(), publicId(lease), "short", new byte[1], Duration.ofSeconds(1)));
        put(lease, "long", "kept");
        on(notes.put(lease.held(), publicId(lease), "prolonged", new byte[1], Duration.ofSeconds(1)));
        on(notes.put(lease.held(), publicId(lease), "prolonged", new byte[1], LONG));
        elapseUntil(() -> read(OWN, lease, "short").isEmpty());
        assertThat(read(OWN, lease, "long")).contains("kept");
        assertThat(read(OWN, lease, "prolonged")).isPresent();
    }

    @Test
    final void aResultIsThereWhenItsTaskIsDone() {
        for (String queue : List.of(Q, OWN)) {
            receipt(queue, Draft.of("a"));
            Lease lease = ada.claimOne(queue);
            Turn turn = ada.next(queue, List.of(result(lease, "42")), 0, false);
            assertThat(ada.send(turn).settled()).containsExactly(Settled.DONE);
            assertThat(read(queue, lease, TaskNotes.RESULT)).contains("42");
            assertThat(ada.send(turn).settled()).containsExactly(Settled.DONE);
            assertThat(read(queue, lease, TaskNotes.RESULT)).contains("42");
        }
    }

    @Test
    final void theResultOfATaskIsReadByItsReceipt() {
        List<String> ids = add(
                        OWN,
                        Draft.of("a"),
                        Draft.of("b").id("mine"),
                        Draft.of("c").key("k"))
                .receipts();
        List<Lease> leases = ada.claim(OWN, 3);
        ada.settle(OWN, leases.stream().map(lease -> result(lease, type(lease))).toList());
        assertThat(ids.stream()
                        .map(id -> new String(
                                on(notes.get(OWN, id, TaskNotes.RESULT)).orElseThrow(), UTF_8)))
                .containsExactly("a", "b", "c");
    }

    @Test
    final void aSettlementThatIsNotAcceptedLeavesNoResult() {
        receipt(OWN, Draft.of("a"));
        Lease old = ada.claimOne(OWN);
        backend().pass(LONGER_THAN_LEASE, OWN);
        upkeep(OWN);
        Lease now = bob.claimOne(OWN);
        assertThat(ada.settle(OWN, List.of(result(old, "old")))).containsExactly(Settled.FENCED);
        assertThat(read(OWN, now, TaskNotes.RESULT)).isEmpty();
        assertThat(bob.settle(OWN, List.of(result(now, "first"), result(now, "second"))))
                .containsExactly(Settled.DONE, Settled.UNKNOWN);
        assertThat(read(OWN, now, TaskNotes.RESULT)).contains("first");
        assertThat(bob.settle(OWN, List.of(result(now, "third")))).containsExactly(Settled.UNKNOWN);
        assertThat(read(OWN, now, TaskNotes.RESULT)).contains("first");
    }

    @Test
    final void aResultIsGoneAfterItsTime() {
        receipt(OWN, Draft.of("a"));
        Lease lease = ada.claimOne(OWN);
        ada.settle(
                lease, new Outcome.Done(Optional.of(new Result(publicId(lease), new byte[1], Duration.ofSeconds(1)))));
        elapseUntil(() -> read(OWN, lease, TaskNotes.RESULT).isEmpty());
    }

    @Test
    final void whyATaskHasFailedForGoodIsNotedUntilItIsRunAgain() {
        for (String key : List.of("", "k")) {
            String id =
                    receipt(OWN, key.isEmpty() ? Draft.of("a") : Draft.of("a").key(key));
            Lease lease = ada.claimOne(OWN);
            ada.settle(lease, RETRY_NOW);
            Lease again = claimEventually(ada, OWN);
            assertThat(failure(id)).isEmpty();
            assertThat(ada.settle(again, fail(again, "broken"))).isEqualTo(Settled.DONE);
            assertThat(failure(id)).contains("java.io.IOException\nbroken");
            assertThat(read(OWN, again, TaskNotes.RESULT)).isEmpty();
            assertThat(on(control.retry(failures(1).get(0)))).isTrue();
            assertThat(failure(id)).isEmpty();
            done(ada, List.of(claimEventually(ada, OWN)));
            assertThat(failure(id)).isEmpty();
        }
    }

    @Test
    final void whyATaskThatWaitedOrKilledItsOwnersWillNotBeDoneIsNoted() {
        List<String> ids = add(
                        OWN,
                        Draft.of("poison"),
                        Draft.of("waits"),
                        Draft.of("keyed").key("k"),
                        Draft.of("later").due(on(transport.time()).plus(LONG)))
                .receipts();
        for (String id : ids.subList(1, 4)) {
            on(control.cancel(OWN, id));
            assertThat(failure(id).orElseThrow()).startsWith("Cancelled\n");
        }
        for (int death = 0; death < 3; death++) {
            assertThat(ada.claimSolo(OWN, 1)).hasSize(1);
            backend().pass(LONGER_THAN_LEASE, OWN);
            upkeep(OWN);
        }
        eventually().until(() -> {
            upkeep(OWN);
            return failure(ids.get(0)).isPresent();
        });
        assertThat(failure(ids.get(0)).orElseThrow()).startsWith("PoisonedTask\n");
    }

    @Test
    final void aSettlementThatIsNotAcceptedNotesNoFailureAndATaskCanSayThatItWasDropped() {
        String id = receipt(OWN, Draft.of("a"));
        Lease old = ada.claimOne(OWN);
        backend().pass(LONGER_THAN_LEASE, OWN);
        upkeep(OWN);
        Lease now = bob.claimOne(OWN);
        assertThat(ada.settle(old, fail(old, "late"))).isEqualTo(Settled.FENCED);
        assertThat(failure(id)).isEmpty();
        Result dropped = new Result(id, "E\nm".getBytes(UTF_8), TaskNotes.FAILURE_KEPT, TaskNotes.FAILURE);
        assertThat(bob.settle(now, new Outcome.Done(Optional.of(dropped)))).isEqualTo(Settled.DONE);
        assertThat(failure(id)).contains("E\nm");
        failures(0);
    }

    private Optional<String> failure(String id) {
        return on(elsewhere.notes().orElseThrow().get(OWN, id, TaskNotes.FAILURE))
                .map(note -> new String(note, UTF_8));
    }

    @Test
    final void aLargeResultIsKeptWhole() {
        receipt(OWN, Draft.of("a"));
        Lease lease = ada.claimOne(OWN);
        String large = "x".repeat(1 << 20);
        ada.settle(OWN, List.of(result(lease, large)));
        assertThat(read(OWN, lease, TaskNotes.RESULT)).contains(large);
    }

    private boolean put(Lease lease, String name, String note) {
        return on(notes.put(lease.held(), publicId(lease), name, note.getBytes(UTF_8), LONG));
    }

    private Optional<String> read(String queue, Lease lease, String name) {
        return on(elsewhere.notes().orElseThrow().get(queue, publicId(lease), name))
                .map(note -> new String(note, UTF_8));
    }

    private static Settlement result(Lease lease, String text) {
        Result result = new Result(publicId(lease), text.getBytes(UTF_8), LONG);
        return new Settlement(lease.id(), lease.fence(), new Outcome.Done(Optional.of(result)));
    }
}
