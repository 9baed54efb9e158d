package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.LeaseAttempt;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.Transport.LinkState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a transport to a backend in another process promises while it cannot be reached, and afterwards. */
public abstract class OutageContract extends TransportContract {
    private OutageHarness line;
    private Transport transport;
    private Transport beside;

    @Override
    protected abstract OutageHarness harness() throws Exception;

    @BeforeEach
    final void openTransports() {
        line = (OutageHarness) backend();
        transport = open();
        beside = closedAfterwards(line.openBeside());
    }

    @Test
    final void theStateIsToldAtOnceAndAtEachChangeInOrder() {
        List<LinkState> states = new CopyOnWriteArrayList<>();
        Registration listening = transport.onState(states::add);
        eventually().until(() -> ups(states).equals(List.of(true)));
        line.cut();
        eventually().until(() -> {
            transport.time();
            return ups(states).equals(List.of(true, false));
        });
        assertThat(states.get(1).reason()).isNotBlank().doesNotContain("\n");
        line.mend();
        eventually().until(() -> ups(states).equals(List.of(true, false, true)));
        assertThat(states.get(2).reason()).isEmpty();
        listening.close();
    }

    @Test
    final void callsFailInFiniteTimeWhileTheLineIsCutAndSucceedAfterwards() {
        failAndRecover(line::cut);
    }

    @Test
    final void callsFailInFiniteTimeWhileNothingAnswersAndSucceedAfterwards() {
        failAndRecover(line::silence);
    }

    private void failAndRecover(Runnable outage) {
        CacheStore cache = transport.cache().orElseThrow();
        on(cache.put("before", bytes("1"), new Expiry.Never(), new Match.Any()));
        outage.run();
        List<CompletionStage<?>> calls = new ArrayList<>(List.of(
                cache.get("before"),
                cache.put("during", bytes("2"), new Expiry.Never(), new Match.Any()),
                transport.locks().orElseThrow().extend("l", "ada", Worker.LEASE),
                transport.directory().orElseThrow().counts(Set.of("nodes")),
                transport.bus().orElseThrow().publish("/a/b", bytes("m")),
                transport.time()));
        transport.tasks().ifPresent(tasks -> {
            calls.add(tasks.enqueue("q", new Call("lane", 1), List.of(Producer.task("t"))));
            calls.add(tasks.inspector().totals());
        });
        for (CompletionStage<?> call : calls) {
            assertThatThrownBy(() -> on(call)).isInstanceOf(TransportException.class);
        }
        line.mend();
        eventually().ignoreExceptions().until(() -> on(cache.get("before")).isPresent());
        assertThat(on(cache.put("after", bytes("3"), new Expiry.Never(), new Match.Any())))
                .isTrue();
    }

    @Test
    final void subscriptionsAreLiveAgainAfterTheLineWasCutAndTellTheGap() {
        MessageBus bus = transport.bus().orElseThrow();
        MessageBus other = beside.bus().orElseThrow();
        Map<String, Recorder> recorders =
                Map.of("/a/b", new Recorder(), "/a/*", new Recorder(), "/**", new Recorder(), "/c/d", new Recorder());
        recorders.forEach((pattern, recorder) -> on(bus.subscribe(new ChannelPattern(pattern), recorder)));
        on(other.publish("/a/b", bytes("before")));
        on(other.publish("/c/d", bytes("before")));
        eventually().until(() -> recorders.values().stream().noneMatch(r -> r.heard.isEmpty()));
        line.cut();
        line.mend();
        AtomicInteger sent = new AtomicInteger();
        eventually().until(() -> {
            String after = "after" + sent.incrementAndGet();
            on(other.publish("/a/b", bytes(after)));
            on(other.publish("/c/d", bytes(after)));
            return recorders.values().stream()
                    .allMatch(r -> r.texts().stream().anyMatch(text -> text.startsWith("after")));
        });
        recorders.forEach((pattern, recorder) -> {
            assertThat(recorder.gaps).as(pattern).isNotEmpty();
            assertThat(recorder.texts(pattern.startsWith("/c") ? "/c/d" : "/a/b"))
                    .as(pattern)
                    .doesNotHaveDuplicates();
        });
    }

    @Test
    final void aSubscriptionMadeDuringAnOutageFailsOrIsLiveInTheEnd() {
        MessageBus bus = transport.bus().orElseThrow();
        Recorder recorder = new Recorder();
        line.cut();
        CompletionStage<Registration> subscribing = bus.subscribe(new ChannelPattern("/a/b"), recorder);
        line.mend();
        try {
            on(subscribing);
        } catch (TransportException e) {
            eventually()
                    .ignoreExceptions()
                    .until(() -> on(bus.subscribe(new ChannelPattern("/a/b"), recorder)) != null);
        }
        on(beside.bus().orElseThrow().publish("/a/b", bytes("m")));
        eventually().until(() -> recorder.texts().equals(List.of("m")));
    }

    @Test
    final void aSubscriptionThatTheBackendRefusesFromNowOnEndsAloudAndTheOthersGoOn() {
        MessageBus bus = transport.bus().orElseThrow();
        Recorder refused = new Recorder();
        Recorder other = new Recorder();
        on(bus.subscribe(new ChannelPattern("/a/b"), refused));
        on(bus.subscribe(new ChannelPattern("/c"), other));
        Skip.unless(line.refuse("/a/b"), "the end of a subscription", "this backend cannot be brought to end one");
        eventually().until(() -> !refused.ends.isEmpty());
        eventually().ignoreExceptions().until(() -> {
            on(beside.bus().orElseThrow().publish("/c", bytes("after")));
            return other.texts().contains("after");
        });
        assertThat(refused.ends)
                .singleElement()
                .satisfies(reason -> assertThat(reason).isNotBlank().doesNotContain("\n"));
        assertThat(other.ends).isEmpty();
    }

    @Test
    final void aCallWhoseAnswerWasLostIsRepeatedWithoutASecondEffect() {
        TaskBroker tasks = tasks(transport);
        List<NewTask> added = List.of(Producer.task("a"));
        on(tasks.enqueue("q", new Call("lane", 1), added));
        Supplier<CompletionStage<Enqueued>> enqueue = () -> tasks.enqueue("q", new Call("lane", 2), added);
        line.loseAnswers();
        assertThatThrownBy(() -> on(enqueue.get())).isInstanceOf(TransportException.class);
        line.mend();
        Enqueued answer = eventually().ignoreExceptions().until(() -> on(enqueue.get()), a -> true);
        assertThat(answer.status()).isIn(Status.OK, Status.REPLAY);
        Worker bob = new Worker(tasks(beside), "bob");
        assertThat(bob.claim("q", 10)).hasSize(2);
    }

    @Test
    final void whatIsHeldIsStillHeldAfterAnOutage() {
        TaskBroker tasks = tasks(transport);
        Worker ada = new Worker(tasks, "ada");
        new Producer(tasks, "producer").enqueue("q", "a");
        Lease lease = ada.claimOne("q");
        LeaseAttempt held = on(transport.locks().orElseThrow().acquire("l", "ada", Worker.LEASE));
        line.cut();
        line.mend();
        eventually().ignoreExceptions().until(() -> ada.beat(lease).isEmpty());
        assertThat(ada.settle(lease, new Outcome.Done())).isEqualTo(Settled.DONE);
        assertThat(on(transport.locks().orElseThrow().acquire("l", "ada", Worker.LEASE)))
                .isEqualTo(held)
                .isInstanceOf(LeaseAttempt.Granted.class);
    }

    @Test
    final void aWatchHintsAgainAfterAnOutage() {
        List<String> hints = new CopyOnWriteArrayList<>();
        Registration watching = tasks(transport).watch(Set.of("q"), hints::add);
        line.cut();
        line.mend();
        Producer producer = new Producer(tasks(beside), "producer");
        Worker bob = new Worker(tasks(beside), "bob");
        eventually().ignoreExceptions().until(() -> on(transport.time()) != null);
        hints.clear();
        eventually().until(() -> {
            producer.enqueue("q", "t");
            bob.claim("q", 200);
            return !hints.isEmpty();
        });
        watching.close();
    }

    @Test
    final void closingDuringAnOutageEndsOpenCallsAndReturns() {
        line.silence();
        CompletionStage<?> call = transport.cache().orElseThrow().get("ada");
        transport.close();
        transport.close();
        assertThatThrownBy(() -> on(call)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> on(transport.cache().orElseThrow().get("ada"))).isInstanceOf(RuntimeException.class);
    }

    private static TaskBroker tasks(Transport of) {
        Skip.unless(of.tasks().isPresent(), "tasks over a broken line", "this transport has no tasks");
        return of.tasks().orElseThrow();
    }

    private static List<Boolean> ups(List<LinkState> states) {
        return states.stream().map(LinkState::up).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
