package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.History;
import io.covey.cluster.Registration;
import io.covey.cluster.Start;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.HistoryPage;
import io.covey.cluster.spi.MessageBus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link MessageBus#sharded} promises, also where there is but one shard. */
public abstract class ShardedBusContract extends TransportContract {
    private MessageBus bus;
    private MessageBus elsewhere;

    @BeforeEach
    final void openBuses() {
        bus = open().bus().orElseThrow().sharded();
        elsewhere = open().bus().orElseThrow().sharded();
    }

    @Test
    final void messagesOfManyChannelsAreEachHeardOnceAndInOrder() {
        int channels = 50;
        List<Recorder> recorders = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
            recorders.add(new Recorder());
            subscribe("/sharded/c" + i, recorders.get(i));
        }
        List<CompletionStage<Delivery>> sent = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            for (int i = 0; i < channels; i++) {
                sent.add(bus.publish("/sharded/c" + i, bytes("m" + n)));
            }
        }
        assertThat(sent).allSatisfy(stage -> assertThat(on(stage)).isEqualTo(Delivery.SOME));
        List<String> expected = IntStream.range(0, 20).mapToObj(n -> "m" + n).toList();
        recorders.forEach(recorder -> {
            eventually().until(() -> recorder.heard.size() >= 20);
            assertThat(recorder.texts()).isEqualTo(expected);
            assertThat(recorder.gaps).isEmpty();
        });
    }

    @Test
    final void itIsToldForCertainWhetherSomebodyHears() {
        assertThat(on(bus.publish("/a/b", bytes("m")))).isEqualTo(Delivery.NONE);
        assertThat(on(bus.publish("/a/b", bytes("m"), History.last(10)))).isEqualTo(Delivery.NONE);
        Registration registration = subscribe("/a/b", new Recorder());
        assertThat(on(bus.publish("/a/b", bytes("m")))).isEqualTo(Delivery.SOME);
        assertThat(on(bus.publish("/a/b", bytes("m"), History.last(10)))).isEqualTo(Delivery.SOME);
        registration.close();
        eventually().until(() -> on(bus.publish("/a/b", bytes("m"))) == Delivery.NONE);
    }

    @Test
    final void historiesAreKeptWithinTheShardToo() {
        Recorder recorder = new Recorder();
        subscribe("/a/b", recorder);
        for (int i = 0; i < 10; i++) {
            on(bus.publish("/a/b", bytes("m" + i), History.last(5)));
        }
        eventually().until(() -> recorder.places.size() == 10);
        HistoryPage page = on(elsewhere.read("/a/b", Start.last(5), 100));
        assertThat(page.messages())
                .extracting(kept -> new String(kept.message(), UTF_8))
                .containsExactly("m5", "m6", "m7", "m8", "m9");
        assertThat(page.newest()).isEqualTo(recorder.places.get(9).position());
        assertThat(on(elsewhere.read("/a/b", Start.after(recorder.places.get(5).position()), 100)))
                .satisfies(rest -> assertThat(rest.complete()).isTrue())
                .satisfies(rest -> assertThat(rest.messages()).hasSize(4));
    }

    private Registration subscribe(String channel, Recorder recorder) {
        return on(elsewhere.subscribe(new ChannelPattern(channel), recorder));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
