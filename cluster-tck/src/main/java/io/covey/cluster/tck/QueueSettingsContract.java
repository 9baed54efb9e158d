package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.QueueSettings.Rate;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What changing the settings of queues promises, and pausing them. */
public abstract class QueueSettingsContract extends FeatureContract {

    @Test
    final void settingsAreWhatWasSetForEverybodyAndEachQueueHasItsOwn() {
        Rate rate = new Rate(100, Duration.ofMinutes(1), 7);
        QueueSettings all = new QueueSettings(
                Kind.OWN,
                true,
                Optional.of(5),
                Optional.of(rate),
                Optional.of(2),
                Optional.of(Rate.of(1_000_000, Duration.ofDays(1))));
        assertThat(change("all", settings -> all)).isEqualTo(all);
        assertThat(on(elsewhere.control().orElseThrow().settings("all"))).isEqualTo(all);
        assertThat(on(control.settings("other"))).isEqualTo(QueueSettings.defaults());
        assertThat(change("all", settings -> settings)).isEqualTo(all);
        QueueSettings back = QueueSettings.defaults();
        assertThat(change("all", settings -> back)).isEqualTo(back);
        assertThat(on(elsewhere.control().orElseThrow().settings("all"))).isEqualTo(back);
    }

    @Test
    final void changesAtOnceAreAllKept() throws Exception {
        change(Q, settings -> settings.withLimits(Optional.of(1), Optional.empty()));
        Race.of(8, number -> {
            TaskBroker mine = number % 2 == 0 ? broker : elsewhere;
            for (int i = 0; i < 5; i++) {
                on(mine.control()
                        .orElseThrow()
                        .change(
                                Q,
                                settings -> settings.withLimits(
                                        settings.concurrency().map(most -> most + 1), settings.rate())));
            }
            return number;
        });
        assertThat(on(control.settings(Q)).concurrency()).contains(41);
    }

    @Test
    final void aChangeThatThrowsChangesNothing() {
        change(Q, settings -> settings.withPaused(true));
        assertThatThrownBy(() -> change(Q, settings -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessageContaining("no");
        assertThat(on(control.settings(Q)).paused()).isTrue();
    }

    @Test
    final void aPausedQueueHandsOutNothingAndSaysWhenToAskAgain() {
        for (String queue : List.of(Q, OWN)) {
            add(queue, Draft.of("a"), Draft.of("b"));
            change(queue, settings -> settings.withPaused(true));
            TurnAnswer answer = ada.send(ada.next(queue, List.of(), 10, true));
            assertThat(answer.status()).isEqualTo(Status.OK);
            assertThat(answer.leases()).isEmpty();
            assertThat(answer.state().ready()).isZero();
            assertThat(answer.state().pause()).isPositive();
            assertThat(info(queue).paused()).isTrue();
            assertThat(info(queue).waiting()).isEqualTo(2);
            assertThat(accepted(queue, Draft.of("c"))).isTrue();
            assertThat(bob.claim(queue, 10)).isEmpty();
            change(queue, settings -> settings.withPaused(false));
            assertThat(info(queue).paused()).isFalse();
            TurnAnswer resumed = bob.send(bob.next(queue, List.of(), 2, false));
            assertThat(types(resumed.leases())).containsExactly("a", "b");
            assertThat(resumed.state().pause()).isZero();
            assertThat(resumed.state().ready()).isEqualTo(1);
        }
    }

    @Test
    final void whatIsLeasedGoesOnWhileItsQueueIsPaused() {
        for (String queue : List.of(Q, OWN)) {
            add(queue, Draft.of("done"), Draft.of("failed"), Draft.of("retried"), Draft.of("released"), Draft.of("x"));
            Turn turn = ada.next(queue, List.of(), 5, false);
            List<Lease> leases = ada.send(turn).leases();
            assertThat(leases).hasSize(5);
            change(queue, settings -> settings.withPaused(true));
            assertThat(ada.beat(leases.toArray(Lease[]::new))).isEmpty();
            assertThat(ada.send(turn).leases()).hasSize(5);
            assertThat(ada.settle(leases.get(0), DONE)).isEqualTo(Settled.DONE);
            assertThat(ada.settle(leases.get(1), fail(leases.get(1), "broken"))).isEqualTo(Settled.DONE);
            assertThat(ada.settle(leases.get(2), RETRY_NOW)).isEqualTo(Settled.DONE);
            assertThat(ada.settle(leases.get(3), RELEASE)).isEqualTo(Settled.DONE);
            backend().pass(LONGER_THAN_LEASE, queue);
            assertThat(upkeep(queue)).isNotEmpty();
            assertThat(bob.claim(queue, 10)).isEmpty();
            assertThat(bob.claimSolo(queue, 10)).isEmpty();
            assertThat(bob.look(queue).state().ready()).isZero();
            change(queue, settings -> settings.withPaused(false));
            assertThat(types(workOff(bob, queue, 10))).containsExactlyInAnyOrder("retried", "released", "x");
        }
    }

    @Test
    final void aPauseOfOneQueueIsNoneOfAnother() {
        producer.enqueue("one", "a");
        producer.enqueue("two", "b");
        change("one", settings -> settings.withPaused(true));
        List<TurnAnswer> answers =
                on(broker.turn(List.of(ada.next("one", List.of(), 5, false), ada.next("two", List.of(), 5, false))));
        assertThat(answers.get(0).leases()).isEmpty();
        assertThat(answers.get(0).state().pause()).isPositive();
        assertThat(types(answers.get(1).leases())).containsExactly("b");
        assertThat(answers.get(1).state().pause()).isZero();
    }

    @Test
    final void aDelayedTaskOfAPausedQueueWaitsForTheEndOfThePause() {
        change(OWN, settings -> settings.withPaused(true));
        add(OWN, Draft.of("a").due(on(transport.time()).plusMillis(100)));
        backend().elapse(Duration.ofMillis(300));
        upkeep(OWN);
        assertThat(ada.claim(OWN, 5)).isEmpty();
        change(OWN, settings -> settings.withPaused(false));
        assertThat(type(elapseUntilClaimed(ada, OWN))).isEqualTo("a");
    }
}
