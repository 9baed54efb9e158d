package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.EarlierAttempt;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueControl.Listed;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskBroker.Content.Unreadable;
import io.covey.cluster.spi.TaskBroker.Dedupe.Unique;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Release;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What running failed tasks again, and dropping them, promises. */
public abstract class FailedTaskContract extends FeatureContract {

    @Test
    final void aFailedTaskThatIsRetriedIsANewOneAndFailedNoMore() {
        for (String queue : List.of(Q, OWN)) {
            add(queue, Draft.of("a").args("[1,{\"x\":[]}]"), Draft.of("b"));
            failAll(queue);
            FailedTask task = listed("a");
            assertThat(on(control.retry(task))).isTrue();
            assertThat(on(elsewhere.control().orElseThrow().retry(task))).isFalse();
            assertThat(on(control.drop(task))).isFalse();
            assertThat(failedTypes()).containsExactly("b");
            Lease again = ada.claimOne(queue);
            assertThat(type(again)).isEqualTo("a");
            assertThat(new String(readable(again).args(), UTF_8)).isEqualTo("[1,{\"x\":[]}]");
            assertThat(again.attempt()).isEqualTo(1);
            assertThat(again.deliveries()).isEqualTo(1);
            assertThat(ada.settle(again, DONE)).isEqualTo(Settled.DONE);
            assertThat(ada.claim(queue, 5)).isEmpty();
            assertThat(on(control.drop(listed("b")))).isTrue();
            assertThat(on(broker.inspector().totals())).containsEntry("failed", 0L);
        }
    }

    @Test
    final void aRetriedTaskOfAnOwnQueueKeepsHeadersAndKeyAndHasAnId() {
        receipt(OWN, Draft.of("a").headers(Map.of("h", "v")).key("k"));
        failAll(OWN);
        assertThat(on(control.retry(listed("a")))).isTrue();
        Lease again = workOff(ada, OWN, 1).get(0);
        assertThat(readable(again).headers()).containsEntry("h", "v");
        assertThat(readable(again).key()).contains("k");
        assertThat(readable(again).id()).isPresent();
    }

    @Test
    final void aUniqueTaskThatIsRetriedTakesItsLockAgainUnlessAnotherHasIt() {
        for (Draft draft : List.of(
                Draft.of("u").unique(Until.DONE),
                Draft.of("k").unique("named", Until.DONE).key("key"))) {
            for (boolean many : List.of(false, true)) {
                assertThat(accepted(OWN, draft)).isTrue();
                failFreeing(draft);
                assertThat(retry(many)).isTrue();
                assertThat(accepted(OWN, draft)).isFalse();
                Lease again = ada.claimOne(OWN);
                assertThat(accepted(OWN, draft)).isFalse();
                freeing(again, draft, DONE);

                assertThat(accepted(OWN, draft)).isTrue();
                failFreeing(draft);
                String holder = receipt(OWN, draft);
                assertThat(retry(many)).isTrue();
                List<Lease> both = ada.claim(OWN, 5);
                assertThat(both).hasSize(2);
                int first = publicId(both.get(0)).equals(holder) ? 0 : 1;
                freeing(both.get(1 - first), draft, DONE);
                assertThat(accepted(OWN, draft)).isFalse();
                freeing(both.get(first), draft, DONE);
            }
        }
    }

    @Test
    final void aRetriedTaskThatStillHadItsLockFreesItWhenItIsCancelled() {
        for (Until until : List.of(Until.DONE, Until.STARTED)) {
            Draft draft = Draft.of("u").unique("kept" + until, until, Duration.ofHours(1));
            String id = receipt(OWN, draft);
            Lease lease = ada.claimOne(OWN);
            ada.settle(lease, fail(lease, "broken"));
            assertThat(accepted(OWN, draft)).isFalse();
            assertThat(retry(until == Until.DONE)).isTrue();
            assertThat(accepted(OWN, draft)).isFalse();
            assertThat(on(control.cancel(OWN, id))).isEqualTo(QueueControl.Cancelled.REMOVED);
            assertThat(accepted(OWN, draft)).isTrue();
            freeing(ada.claimOne(OWN), draft, DONE);
        }
    }

    private boolean retry(boolean many) {
        FailedTask task = failures(1).get(0);
        return many ? on(control.retryAll(List.of(new Listed(task, 0)))).count() == 1 : on(control.retry(task));
    }

    private void failFreeing(Draft draft) {
        Lease lease = ada.claimOne(OWN);
        freeing(lease, draft, fail(lease, "broken"));
    }

    private void freeing(Lease lease, Draft draft, Outcome outcome) {
        Optional<String> key = ((Unique) draft.task().dedupe().orElseThrow()).key();
        Release release = new Release(key, lease.content());
        assertThat(ada.settle(OWN, List.of(new Settlement(lease.id(), lease.fence(), outcome, Optional.of(release)))))
                .containsExactly(Settled.DONE);
    }

    @Test
    final void aDroppedTaskIsGoneForGood() {
        add(Q, Draft.of("a"), Draft.of("b"), Draft.of("c"));
        failAll(Q);
        FailedTask task = listed("b");
        assertThat(on(control.drop(task))).isTrue();
        assertThat(on(elsewhere.control().orElseThrow().drop(task))).isFalse();
        assertThat(on(control.retry(task))).isFalse();
        assertThat(failedTypes()).containsExactly("a", "c");
        assertThat(workOff(ada, Q, 5)).isEmpty();
    }

    @Test
    final void ofTwoAlikeOneIsRetriedOrDropped() {
        for (boolean drops : List.of(false, true)) {
            add(Q, Draft.of("twin"), Draft.of("twin"));
            failAll(Q);
            List<FailedTask> twins = failures(2);
            assertThat(on(drops ? control.drop(twins.get(0)) : control.retry(twins.get(0))))
                    .isTrue();
            assertThat(on(broker.inspector().totals())).containsEntry("failed", 1L);
            assertThat(ada.claim(Q, 5)).hasSize(drops ? 0 : 1);
            assertThat(on(control.drop(on(broker.inspector().failed(0, 10)).get(0))))
                    .isTrue();
        }
    }

    @Test
    final void ofManyWhoRetryAtOnceOneDoesIt() throws Exception {
        for (int round = 0; round < 5; round++) {
            add(Q, Draft.of("a"));
            failAll(Q);
            FailedTask task = failures(1).get(0);
            List<Boolean> did = Race.of(6, number -> {
                QueueControl mine =
                        (number % 2 == 0 ? broker : elsewhere).control().orElseThrow();
                return on(number == 5 ? mine.drop(task) : mine.retry(task));
            });
            assertThat(did).containsOnlyOnce(true);
            assertThat(ada.claim(Q, 10)).hasSize(did.get(5) ? 0 : 1);
            assertThat(on(broker.inspector().totals())).containsEntry("failed", 0L);
        }
    }

    @Test
    final void whatAFailedTaskWasAndHowOftenItRanIsListed() {
        String id = receipt(OWN, Draft.of("a"));
        Lease lease = ada.claimOne(OWN);
        Failure failure = new Failure(
                lease.content(),
                "java.lang.IllegalStateException",
                "message",
                List.of("at a.b"),
                "worker-9",
                on(transport.time()),
                id,
                7,
                List.of());
        ada.settle(lease, new Outcome.Fail(failure));
        Failure listed = failures(1).get(0).failure();
        assertThat(listed.task()).isEqualTo(id);
        assertThat(listed.attempts()).isEqualTo(7);
        assertThat(listed.exception()).isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    final void theLastFiveAttemptsBeforeTheLastAreKept() {
        attemptsAreKept(Q, Draft.of("a"));
        attemptsAreKept(OWN, Draft.of("a"));
        attemptsAreKept(OWN, Draft.of("a").key("k"));
    }

    private void attemptsAreKept(String queue, Draft draft) {
        add(queue, draft);
        Lease lease = ada.claimOne(queue);
        assertThat(lease.earlier()).isEmpty();
        List<EarlierAttempt> all = List.of();
        for (int i = 0; i < EarlierAttempt.MOST + 2; i++) {
            Worker worker = i % 2 == 0 ? ada : bob;
            Worker next = i % 2 == 0 ? bob : ada;
            boolean dies = i == 3;
            Instant before = on(transport.time()).truncatedTo(ChronoUnit.MILLIS);
            if (dies) {
                backend().pass(LONGER_THAN_LEASE, queue);
            } else {
                worker.settle(lease, new Outcome.Retry(Duration.ZERO, i + "|é\0\n" + "x".repeat(300)));
            }
            lease = elapseUntilClaimed(next, queue);
            EarlierAttempt last = lease.earlier().get(lease.earlier().size() - 1);
            assertThat(last.owner()).isEqualTo(worker.owner);
            assertThat(last.error()).startsWith(dies ? "" : i + "|é\\u0000\\nxxx");
            assertThat(last.error()).hasSize(dies ? 0 : EarlierAttempt.LONGEST_ERROR);
            assertThat(last.at()).isBetween(before, on(transport.time()));
            all = EarlierAttempt.append(all, last);
            assertThat(lease.earlier()).isEqualTo(all);
            next.settle(lease, RELEASE);
            lease = elapseUntilClaimed(next, queue);
            assertThat(lease.earlier()).isEqualTo(all);
        }
        Failure failure = new Failure(
                lease.content(), "E", "m", List.of(), "w", on(transport.time()), lease.id(), lease.attempt(), all);
        bob.settle(lease, new Outcome.Fail(failure));
        assertThat(failures(1).get(0).failure().earlier()).isEqualTo(all);
        assertThat(on(control.retry(failures(1).get(0)))).isTrue();
        lease = elapseUntilClaimed(ada, queue);
        assertThat(lease.earlier()).isEmpty();
        done(ada, List.of(lease));
    }

    @Test
    final void poisonIsListedWithItsRunsAndRunsAgainWhenRetried() {
        for (String queue : List.of(Q, OWN)) {
            receipt(queue, Draft.of("poison").args("[666]"));
            Lease last = null;
            for (int i = 0; i < Worker.MOST_DELIVERIES; i++) {
                List<Lease> leases = ada.claimSolo(queue, 1);
                assertThat(leases).hasSize(1);
                last = leases.get(0);
                backend().pass(LONGER_THAN_LEASE, queue);
                upkeep(queue);
            }
            FailedTask task = eventually()
                    .until(
                            () -> {
                                upkeep(queue);
                                return on(broker.inspector().failed(0, 10));
                            },
                            list -> list.size() == 1)
                    .get(0);
            assertThat(task.queue()).isEqualTo(queue);
            assertThat(task.failure().attempts()).isEqualTo(Worker.MOST_DELIVERIES);
            assertThat(task.failure().earlier())
                    .isEqualTo(Objects.requireNonNull(last).earlier());
            assertThat(last.earlier())
                    .hasSize(Worker.MOST_DELIVERIES - 1)
                    .allMatch(attempt ->
                            attempt.owner().equals(ada.owner) && attempt.error().isEmpty());
            assertThat(task.failure().task()).isEqualTo(publicId(last));
            assertThat(on(control.retry(task))).isTrue();
            Lease again = ada.claimOne(queue);
            assertThat(type(again)).isEqualTo("poison");
            assertThat(again.deliveries()).isEqualTo(1);
            done(ada, List.of(again));
        }
    }

    @Test
    final void bytesThatAreNoTaskAreRetriedAndDroppedAsTheyAre() {
        byte[] raw = {'{', 0, (byte) 0xff, '"'};
        Skip.unless(
                backend().pushRaw(Q, raw) && backend().pushRaw(Q, "x".getBytes(UTF_8)),
                "unreadable failed tasks",
                "nobody but this transport can write to its queues");
        failAll(Q);
        List<FailedTask> failed = failures(2);
        assertThat(on(control.retry(failed.get(0)))).isTrue();
        assertThat(on(control.drop(failed.get(1)))).isTrue();
        assertThat(ada.claimOne(Q).content())
                .isInstanceOfSatisfying(
                        Unreadable.class, content -> assertThat(content.raw()).isEqualTo(raw));
        failures(0);
    }

    @Test
    final void argumentsOfAThousandLevelsRunDelayedFailedAndRetried() {
        runDelayedFailedAndRetried("[".repeat(1000) + "]".repeat(1000));
    }

    @Test
    final void numbersTooSmallForAnyMachineRunDelayedFailedAndRetried() {
        runDelayedFailedAndRetried("[1e-99999999999]");
    }

    private void runDelayedFailedAndRetried(String args) {
        for (String queue : List.of(Q, OWN)) {
            Instant soon = on(transport.time()).plusMillis(500);
            add(queue, Draft.of("now").args(args), Draft.of("later").args(args).due(soon));
            for (String type : List.of("now", "later")) {
                Lease lease = elapseUntilClaimed(ada, queue);
                assertThat(type(lease)).isEqualTo(type);
                assertThat(new String(readable(lease).args(), UTF_8)).isEqualTo(args);
                ada.settle(lease, fail(lease, "broken"));
                failures(1);
                assertThat(listed(type).queue()).isEqualTo(queue);
                assertThat(on(control.retry(listed(type)))).isTrue();
                Lease again = ada.claimOne(queue);
                assertThat(new String(readable(again).args(), UTF_8)).isEqualTo(args);
                done(ada, List.of(again));
            }
        }
    }

    @Test
    final void largeBytesThatAreNoTaskAreListedAndRetriedAsTheyAre() {
        for (char filler : new char[] {'x', '\u00ff', '\u0001'}) {
            byte[] raw = String.valueOf(filler).repeat(3 << 20).getBytes(ISO_8859_1);
            Skip.unless(
                    backend().pushRaw(Q, raw),
                    "large unreadable failed tasks",
                    "nobody but this transport can write to its queues");
            failAll(Q);
            FailedTask failed = failures(1).get(0);
            assertThat(failed.queue()).isEqualTo(Q);
            assertThat(((Unreadable) failed.failure().content()).raw()).isEqualTo(raw);
            assertThat(on(control.retry(failed))).isTrue();
            Lease again = ada.claimOne(Q);
            assertThat(((Unreadable) again.content()).raw()).isEqualTo(raw);
            done(ada, List.of(again));
        }
    }

    @Test
    final void theNamesOfQueuesAreThoseThatEverHadTasks() {
        add("one", Draft.of("a"));
        add("two", Draft.of("b"));
        done(ada, ada.claim("one", 1));
        ada.claim("never", 1);
        assertThat(on(broker.inspector().names())).contains("one", "two").doesNotContain("never");
    }

    private void failAll(String queue) {
        List<Lease> leases = ada.claim(queue, 10);
        assertThat(leases).isNotEmpty();
        long before = on(broker.inspector().totals()).get("failed");
        leases.forEach(lease -> ada.settle(lease, fail(lease, "broken")));
        eventually().until(() -> {
            upkeep(queue);
            return on(broker.inspector().totals()).get("failed") == before + leases.size();
        });
    }

    private FailedTask listed(String type) {
        return on(broker.inspector().failed(0, 100)).stream()
                .filter(task -> task.failure().content() instanceof Readable content
                        && content.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private List<String> failedTypes() {
        return on(broker.inspector().failed(0, 100)).stream()
                .map(task -> ((Readable) task.failure().content()).type())
                .toList();
    }
}
