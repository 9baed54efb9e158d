package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.Gap;
import io.covey.cluster.History;
import io.covey.cluster.Registration;
import io.covey.cluster.SignedBus;
import io.covey.cluster.SignedBus.Message;
import io.covey.cluster.Start;
import io.covey.cluster.spi.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What {@link SignedBus} promises to nodes, and to its quick listeners no less than to the others. */
public abstract class SignedBusContract extends TwoNodesContract {
    private static final String CHANNEL = "/cluster/test";
    private static final String ANSWERS = "/cluster/answers";
    private static final int EACH = 200;

    @Test
    final void aQuickListenerHearsWhatAnyOtherDoesInTheOrderOfEachSenderAndOneCallAtATime() throws Exception {
        Ear quick = new Ear(true, message -> {});
        Ear patient = new Ear(false, message -> {});
        subscribe(two, CHANNEL, quick);
        subscribe(two, CHANNEL, patient);
        Race.of(2, sender -> {
            SignedBus bus = (sender == 0 ? one : two).bus();
            List<CompletionStage<Delivery>> sent = new ArrayList<>();
            for (int i = 0; i < EACH; i++) {
                sent.add(bus.publish(CHANNEL, sender, bytes("m" + i)));
            }
            sent.forEach(TransportContract::on);
            return sender;
        });
        List<String> expected = IntStream.range(0, EACH).mapToObj(i -> "m" + i).toList();
        for (Ear ear : List.of(quick, patient)) {
            eventually().until(() -> ear.heard.size() >= 2 * EACH);
            for (Cluster sender : List.of(one, two)) {
                assertThat(ear.heard.stream()
                                .filter(message ->
                                        message.sender().equals(sender.self().id()))
                                .map(SignedBusContract::text))
                        .isEqualTo(expected);
            }
            assertThat(ear.overlapped).isFalse();
            assertThat(ear.gaps).isEmpty();
        }
    }

    @Test
    final void aMessageBringsItsChannelSenderKindAndTime() {
        Ear ear = new Ear(true, message -> {});
        subscribe(two, CHANNEL, ear);
        long before = on(open().time()).toEpochMilli();
        publish(one, 7, "hello");
        eventually().until(() -> !ear.heard.isEmpty());
        Message message = ear.heard.get(0);
        assertThat(message.channel()).isEqualTo(CHANNEL);
        assertThat(message.sender()).isEqualTo(one.self().id());
        assertThat(message.kind()).isEqualTo(7);
        assertThat(text(message)).isEqualTo("hello");
        assertThat(message.sentAtMillis()).isBetween(before - 5_000, before + PATIENCE.toMillis());
        assertThat(message.position()).isEmpty();
    }

    @Test
    final void aListenerThatThrowsHearsTheNextMessageThoughItIsQuick() {
        for (boolean quick : List.of(true, false)) {
            String channel = CHANNEL + "/" + quick;
            Ear ear = new Ear(quick, message -> {
                if (message.kind() == 0) {
                    throw new IllegalStateException("on purpose");
                }
                if (message.kind() == 1) {
                    throw new NoClassDefFoundError("on purpose");
                }
            });
            subscribe(two, channel, ear);
            for (int kind = 0; kind < 3; kind++) {
                on(one.bus().publish(channel, kind, bytes("m")));
            }
            eventually().until(() -> ear.heard.size() == 3);
            assertThat(ear.gaps).isEmpty();
        }
    }

    /** The bus' own answers must not need the thread that it is called on. */
    @Test
    final void aQuickListenerMayPublishWhatItHears() {
        List<CompletionStage<Delivery>> answered = new CopyOnWriteArrayList<>();
        Ear answers = new Ear(true, message -> {});
        subscribe(one, ANSWERS, answers);
        subscribe(
                two,
                CHANNEL,
                new Ear(
                        true,
                        message -> answered.add(two.bus().publish(ANSWERS, message.kind() + 1, message.payload()))));
        for (int i = 0; i < EACH; i++) {
            publish(one, i, "m" + i);
        }
        eventually().until(() -> answers.heard.size() == EACH);
        assertThat(answers.heard.stream().map(Message::kind))
                .containsExactlyElementsOf(
                        IntStream.range(0, EACH).mapToObj(i -> i + 1).toList());
        assertThat(answered)
                .hasSize(EACH)
                .allSatisfy(stage -> assertThat(on(stage)).isNotEqualTo(Delivery.NONE));
    }

    @Test
    final void aListenerThatIsClosedHearsNoMoreThoughItIsQuick() {
        for (boolean quick : List.of(true, false)) {
            Ear closed = new Ear(quick, message -> {});
            Ear stays = new Ear(true, message -> {});
            Registration registration = subscribe(two, CHANNEL, closed);
            subscribe(two, CHANNEL, stays);
            publish(one, 1, "before");
            eventually().until(() -> closed.heard.size() == 1 && stays.heard.size() == 1);
            registration.close();
            registration.close();
            publish(one, 1, "after");
            eventually().until(() -> stays.heard.size() == 2);
            assertThat(closed.heard).hasSize(1);
        }
    }

    @Test
    final void whoComesLaterHearsWhatWasKeptAndGoesOnLive() {
        History history = History.last(10);
        for (int i = 0; i < 5; i++) {
            on(one.bus().publish(CHANNEL, i, bytes("m" + i), history));
        }
        Ear ear = new Ear(false, message -> {});
        on(two.bus().subscribe(CHANNEL, history, Start.last(2), ear));
        on(one.bus().publish(CHANNEL, 5, bytes("m5"), history));
        eventually().until(() -> ear.heard.size() == 3);
        assertThat(ear.heard.stream().map(SignedBusContract::text)).containsExactly("m3", "m4", "m5");
        assertThat(ear.heard)
                .allSatisfy(message -> assertThat(message.position()).isPresent());
        assertThat(two.bus().read(CHANNEL, history, Start.last(3), 3).messages().stream()
                        .map(kept -> text(kept.message())))
                .containsExactly("m3", "m4", "m5");
    }

    private static Registration subscribe(Cluster node, String channel, Ear ear) {
        return on(node.bus().subscribe(channel, ear));
    }

    private static void publish(Cluster from, int kind, String text) {
        on(from.bus().publish(CHANNEL, kind, bytes(text)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(Message message) {
        return new String(message.payload(), UTF_8);
    }

    private static final class Ear implements SignedBus.Listener {
        private final List<Message> heard = new CopyOnWriteArrayList<>();
        private final List<Gap> gaps = new CopyOnWriteArrayList<>();
        private final AtomicBoolean inCall = new AtomicBoolean();
        private final boolean quick;
        private final Consumer<Message> then;
        private volatile boolean overlapped;

        Ear(boolean quick, Consumer<Message> then) {
            this.quick = quick;
            this.then = then;
        }

        @Override
        public void onMessage(Message message) {
            overlapped |= !inCall.compareAndSet(false, true);
            heard.add(message);
            try {
                then.accept(message);
            } finally {
                inCall.set(false);
            }
        }

        @Override
        public void onGap(Gap gap) {
            gaps.add(gap);
        }

        @Override
        public boolean isQuick() {
            return quick;
        }
    }
}
