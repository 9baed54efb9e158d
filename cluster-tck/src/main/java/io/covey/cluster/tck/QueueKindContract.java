package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Status;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the two kinds of queue promise: which tasks they take, and what is left of them when they are claimed. */
public abstract class QueueKindContract extends FeatureContract {
    private static final Map<String, String> HEADERS =
            Map.of("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "日本", "\"\\\n{}", "", "");

    @Test
    final void aQueueAboutWhichNothingWasSaidIsSharedAndItsTasksHaveNoIds() {
        assertThat(on(control.settings(Q))).isEqualTo(QueueSettings.defaults());
        receipt(Q, Draft.of("a"));
        Readable content = readable(ada.claimOne(Q));
        assertThat(content.id()).isEmpty();
        assertThat(content.headers()).isEmpty();
        assertThat(content.key()).isEmpty();
        assertThat(content.unique()).isEmpty();
    }

    @Test
    final void whatASharedQueueCannotKeepIsRefusedWholeAndTheSettingIsNamed() {
        for (Draft draft : List.of(Draft.of("b").headers(HEADERS), Draft.of("b").key("k"))) {
            List<NewTask> tasks = Draft.tasks(Draft.of("a"), draft, Draft.of("c"));
            refused(() -> broker.enqueue(Q, newLane(), tasks), Q, "OWN");
        }
        assertThat(ada.claim(Q, 10)).isEmpty();
        assertThat(info(Q).waiting()).isZero();
    }

    @Test
    final void aRefusedCallTookNoStepOnItsLaneAndIsTakenWhenTheSettingWasChanged() {
        Call call = new Call("lane", 1);
        List<NewTask> tasks = Draft.tasks(Draft.of("a").id("x").headers(HEADERS));
        refused(() -> broker.enqueue(Q, call, tasks), Q, "OWN");
        change(Q, settings -> settings.withKind(Kind.OWN));
        assertThat(on(broker.enqueue(Q, call, tasks)).status()).isEqualTo(Status.OK);
        assertThat(on(elsewhere.enqueue(Q, call, tasks)).status()).isEqualTo(Status.REPLAY);
        assertThat(readable(ada.claimOne(Q)).headers()).isEqualTo(HEADERS);
        assertThat(ada.claim(Q, 10)).isEmpty();
    }

    @Test
    final void idHeadersAndKeyOfATaskAreHandedOutAsTheyWereGiven() {
        receipt(OWN, Draft.of("a").id("my id").headers(HEADERS).key("tenant 7/\"é\""));
        Lease lease = bob.claimOne(OWN);
        Readable content = readable(lease);
        assertThat(content.type()).isEqualTo("a");
        assertThat(new String(content.args(), UTF_8)).isEqualTo("[\"a\"]");
        assertThat(content.id()).contains("my id");
        assertThat(content.headers()).isEqualTo(HEADERS);
        assertThat(content.key()).contains("tenant 7/\"é\"");
        assertThat(content.unique()).isEmpty();
        assertThat(bob.settle(lease, DONE)).isEqualTo(Settled.DONE);
    }

    @Test
    final void theReceiptOfATaskIsTheIdInItAlsoIfNobodyGaveOne() {
        List<String> receipts =
                add(OWN, Draft.of("a"), Draft.of("b"), Draft.of("c").id("mine")).receipts();
        assertThat(receipts).doesNotContain("").last().isEqualTo("mine");
        assertThat(new HashSet<>(receipts)).hasSize(3);
        List<Lease> leases = bob.claim(OWN, 10);
        assertThat(leases.stream().map(lease -> readable(lease).id().orElseThrow()))
                .containsExactlyElementsOf(receipts);
    }

    @Test
    final void aTaskKeepsWhatItCarriesOverRetryReleaseAndDeath() {
        String id = receipt(OWN, Draft.of("a").headers(HEADERS).key("k").unique("u", Until.DONE));
        Lease first = ada.claimOne(OWN);
        Readable content = readable(first);
        assertThat(content.unique()).hasValueSatisfying(unique -> {
            assertThat(unique.key()).contains("u");
            assertThat(unique.until()).isEqualTo(Until.DONE);
            assertThat(unique.longest()).isEqualTo(Duration.ofHours(1));
        });
        ada.settle(first, RETRY_NOW);
        Lease second = claimEventually(bob, OWN);
        bob.settle(second, RELEASE);
        Lease third = ada.claimOne(OWN);
        backend().pass(LONGER_THAN_LEASE, OWN);
        upkeep(OWN);
        Lease fourth = bob.claimOne(OWN);
        for (Lease lease : List.of(second, third, fourth)) {
            assertThat(lease.id()).isEqualTo(first.id());
            assertThat(readable(lease).id()).contains(id);
            assertThat(readable(lease).headers()).isEqualTo(HEADERS);
            assertThat(readable(lease).key()).contains("k");
            assertThat(readable(lease).unique()).isEqualTo(content.unique());
        }
        assertThat(fourth.attempt()).isEqualTo(3);
    }

    @Test
    final void aDelayedTaskKeepsItsIdHeadersAndKey() {
        String id = receipt(
                OWN,
                Draft.of("a").headers(HEADERS).key("k").due(on(transport.time()).plusMillis(300)));
        assertThat(bob.claim(OWN, 5)).isEmpty();
        Lease lease = elapseUntilClaimed(bob, OWN);
        assertThat(readable(lease).id()).contains(id);
        assertThat(readable(lease).headers()).isEqualTo(HEADERS);
        assertThat(readable(lease).key()).contains("k");
        assertThat(lease.attempt()).isEqualTo(1);
        assertThat(lease.deliveries()).isEqualTo(1);
    }

    @Test
    final void aDelayedTaskOfAnOwnQueueComesNotBeforeItsMillisecond() {
        var due = on(transport.time()).plusMillis(700);
        receipt(OWN, Draft.of("a").due(due));
        elapseUntilClaimed(bob, OWN);
        assertThat(on(transport.time())).isAfterOrEqualTo(due.minusMillis(1));
    }

    @Test
    final void theKindOfAQueueThatHasTasksCannotBeChangedButItsLimitsCan() {
        receipt(Q, Draft.of("a"));
        receipt(OWN, Draft.of("a"));
        cannotBeChanged();
        Lease shared = ada.claimOne(Q);
        Lease own = ada.claimOne(OWN);
        cannotBeChanged();
        ada.settle(shared, RETRY_MUCH_LATER);
        ada.settle(own, RETRY_MUCH_LATER);
        cannotBeChanged();
        change(Q, settings -> settings.withLimits(Optional.of(3), Optional.empty()));
        assertThat(on(control.settings(Q)).concurrency()).contains(3);
    }

    private void cannotBeChanged() {
        refused(() -> control.change(Q, settings -> settings.withKind(Kind.OWN)), Q);
        refused(() -> control.change(OWN, settings -> settings.withKind(Kind.SHARED)), OWN);
        assertThat(on(control.settings(Q)).kind()).isEqualTo(Kind.SHARED);
        assertThat(on(control.settings(OWN)).kind()).isEqualTo(Kind.OWN);
    }

    @Test
    final void theKindOfAQueueWhoseTasksAreAllDoneCanBeChanged() {
        receipt(Q, Draft.of("a"));
        done(ada, ada.claim(Q, 1));
        assertThat(change(Q, settings -> settings.withKind(Kind.OWN)).kind()).isEqualTo(Kind.OWN);
        String id = receipt(Q, Draft.of("b").key("k"));
        assertThat(readable(ada.claimOne(Q)).id()).contains(id);
    }

    @Test
    final void aTaskOfAnotherMakeOnAnOwnQueueIsHandedOutWithWhatItHas() {
        Skip.unless(
                backend().pushRaw(OWN, "{\"class\":\"foreign\",\"queue\":\"own\",\"args\":[1]}".getBytes(UTF_8)),
                "tasks of other makes",
                "nobody but this transport can write to its queues");
        receipt(OWN, Draft.of("mine"));
        List<Lease> leases = workOff(ada, OWN, 5);
        assertThat(types(leases)).containsExactlyInAnyOrder("foreign", "mine");
        Readable foreign = leases.stream()
                .map(FeatureContract::readable)
                .filter(content -> content.type().equals("foreign"))
                .findFirst()
                .orElseThrow();
        assertThat(new String(foreign.args(), UTF_8)).isEqualTo("[1]");
        assertThat(foreign.headers()).isEmpty();
        assertThat(foreign.key()).isEmpty();
    }
}
