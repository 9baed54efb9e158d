package io.covey.cluster.core.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.Transport.LinkState;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.spi.TransportProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class LocalTransportTest {
    private static final TransportConfig LOCAL = TransportConfig.of("local:");
    private static final String CHANNEL = "/a/b";
    private final TransportProvider provider = new LocalTransportProvider();

    @Test
    void theServiceLoaderFindsTheProviderOfLocal() {
        assertThat(ServiceLoader.load(TransportProvider.class))
                .anySatisfy(found -> assertThat(found.schemes()).containsExactly("local"));
    }

    @Test
    void twoConnectionsOfOneNameShareEverything() {
        try (Transport one = provider.open(LOCAL);
                Transport two = provider.open(LOCAL)) {
            put(one, "ada");
            assertThat(has(two, "ada")).isTrue();
            assertThat(one.inProcess()).isTrue();
            assertThat(one.description()).isEqualTo("local:");
        }
    }

    @Test
    void anotherNameAndAnotherNamespaceAreIsolated() {
        try (Transport one = provider.open(LOCAL);
                Transport named = provider.open(TransportConfig.of("local:named"));
                Transport spaced = provider.open(LOCAL.withNamespace("spaced"))) {
            put(one, "ada");
            assertThat(has(named, "ada")).isFalse();
            assertThat(has(spaced, "ada")).isFalse();
        }
    }

    @Test
    void queuesAreSharedByTaskNamespaceAlone() {
        try (Transport one = provider.open(LOCAL);
                Transport same = provider.open(LOCAL.withNamespace("spaced"));
                Transport other = provider.open(LOCAL.withTaskNamespace("other"))) {
            on(one.tasks()
                    .orElseThrow()
                    .enqueue(
                            "mail",
                            new Call("lane", 1),
                            List.of(new NewTask("t", "[]".getBytes(UTF_8), Optional.empty(), Optional.empty()))));
            assertThat(on(same.tasks().orElseThrow().inspector().queues())).hasSize(1);
            assertThat(on(other.tasks().orElseThrow().inspector().queues())).isEmpty();
        }
    }

    @Test
    void theStateIsGoneWhenTheLastConnectionOfItsNameCloses() {
        Transport one = provider.open(LOCAL);
        Transport two = provider.open(LOCAL);
        put(one, "ada");
        one.close();
        one.close();
        assertThat(has(two, "ada")).isTrue();
        two.close();
        try (Transport again = provider.open(LOCAL)) {
            assertThat(has(again, "ada")).isFalse();
        }
    }

    @Test
    void aNameThatIsNoneIsRefused() {
        assertThatThrownBy(() -> provider.open(TransportConfig.of("local:a/b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("local:");
        assertThatThrownBy(() -> provider.open(TransportConfig.of("redis://localhost")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aClosedConnectionAnswersWithATransportException() {
        Transport closed = LocalBackend.create().open(LOCAL);
        CacheStore cache = closed.cache().orElseThrow();
        MessageBus bus = closed.bus().orElseThrow();
        closed.close();
        List<CompletionStage<?>> stages = List.of(
                cache.get("ada"),
                closed.locks().orElseThrow().acquire("l", "o", Duration.ofSeconds(1)),
                closed.directory().orElseThrow().counts(Set.of()),
                closed.tasks().orElseThrow().turn(List.of()),
                bus.publish(CHANNEL, new byte[0]),
                closed.time());
        assertThat(stages)
                .allSatisfy(stage -> assertThatThrownBy(() -> on(stage))
                        .isInstanceOf(TransportException.class)
                        .hasMessage("local:: this connection is closed"));
        assertThatThrownBy(() -> closed.onState(state -> {})).isInstanceOf(TransportException.class);
        assertThatThrownBy(() -> closed.tasks().orElseThrow().watch(Set.of("q"), hint -> {}))
                .isInstanceOf(TransportException.class);
    }

    @Test
    void closingAConnectionEndsItsSubscriptionsAndNoOthers() {
        LocalBackend backend = sameThread();
        Transport closing = backend.open(LOCAL);
        Transport staying = backend.open(LOCAL);
        List<String> heard = new ArrayList<>();
        subscribe(closing, heard, "closing");
        Registration last = subscribe(staying, heard, "staying");
        MessageBus bus = staying.bus().orElseThrow();
        on(bus.publish(CHANNEL, new byte[0]));
        closing.close();
        assertThat(on(bus.publish(CHANNEL, new byte[0]))).isEqualTo(Delivery.SOME);
        last.close();
        assertThat(on(bus.publish(CHANNEL, new byte[0]))).isEqualTo(Delivery.NONE);
        assertThat(heard).containsExactly("closing", "staying", "staying");
    }

    @Test
    void onTheCallersThreadAMessageHasBeenHeardWhenPublishReturnsAlsoOneThatAListenerPublishes() {
        Transport transport = sameThread().open(LOCAL);
        MessageBus bus = transport.bus().orElseThrow();
        Thread caller = Thread.currentThread();
        List<String> heard = new ArrayList<>();
        on(bus.subscribe(new ChannelPattern("/**"), new Listening(channel -> {
            assertThat(Thread.currentThread()).isSameAs(caller);
            heard.add(channel);
            if (channel.equals("/first")) {
                bus.publish("/second", new byte[0]);
                heard.add("end of first");
            }
        })));
        on(bus.publish("/first", new byte[0]));
        assertThat(heard).containsExactly("/first", "end of first", "/second");
    }

    @Test
    void aListenerThatThrowsHearsTheNextMessage() {
        Transport transport = sameThread().open(LOCAL);
        MessageBus bus = transport.bus().orElseThrow();
        List<String> heard = new ArrayList<>();
        on(bus.subscribe(new ChannelPattern(CHANNEL), new Listening(channel -> {
            heard.add(channel);
            throw new IllegalStateException("as a test wants it");
        })));
        on(bus.publish(CHANNEL, new byte[0]));
        on(bus.publish(CHANNEL, new byte[0]));
        assertThat(heard).hasSize(2);
    }

    @Test
    void theStateIsUpAtOnce() {
        List<LinkState> states = new ArrayList<>();
        Transport transport = sameThread().open(LOCAL);
        transport.onState(states::add);
        assertThat(states).containsExactly(new LinkState(true, ""));
    }

    private static LocalBackend sameThread() {
        return LocalBackend.create(LocalClock.system(), Runnable::run);
    }

    private static Registration subscribe(Transport to, List<String> heard, String name) {
        return on(to.bus()
                .orElseThrow()
                .subscribe(new ChannelPattern(CHANNEL), new Listening(channel -> heard.add(name))));
    }

    private static void put(Transport to, String key) {
        on(to.cache().orElseThrow().put(key, new byte[0], new Expiry.Never(), new Match.Any()));
    }

    private static boolean has(Transport at, String key) {
        return on(at.cache().orElseThrow().get(key)).isPresent();
    }

    private static <T> T on(CompletionStage<T> stage) {
        return Await.on(stage, Duration.ofSeconds(5), "test");
    }
}
