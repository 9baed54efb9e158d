package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Registration;
import io.covey.cluster.TopicMiddleware;
import io.covey.cluster.spi.Delivery;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TopicLayersTest extends TwoNodes {
    private final LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private final class Layer implements TopicMiddleware {
        private final String name;

        Layer(String name) {
            this.name = name;
        }

        @Override
        public CompletionStage<Delivery> publish(String channel, Map<String, String> headers, Sending rest) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(name, "after " + headers.size());
            return rest.send(more);
        }

        @Override
        public void deliver(String channel, Map<String, String> headers, Runnable rest) {
            seen.add(name + " at " + channel + " " + new java.util.TreeMap<>(headers));
            rest.run();
        }
    }

    private String next() throws InterruptedException {
        return seen.poll(60, TimeUnit.SECONDS);
    }

    @Test
    void layersStandAroundEveryMessageTheFirstOutsideAndTheirHeadersTravel() throws InterruptedException {
        one.around(new Layer("a"));
        Registration inner = one.around(new Layer("b"));
        two.around(new Layer("c"));
        two.around(new Layer("d"));
        two.topic("/chat/*", String.class).subscribe((channel, message) -> seen.add(message));
        one.topic("/chat/lobby", String.class).publish("hello");
        assertThat(next()).isEqualTo("c at /chat/lobby {a=after 0, b=after 1}");
        assertThat(next()).isEqualTo("d at /chat/lobby {a=after 0, b=after 1}");
        assertThat(next()).isEqualTo("hello");
        inner.close();
        one.topic("/chat/lobby", String.class).publish("again");
        assertThat(next()).isEqualTo("c at /chat/lobby {a=after 0}");
    }

    @Test
    void ofTwoEqualLayersTheOneThatIsClosedGoesOnceHoweverOftenItIsClosed() throws InterruptedException {
        Layer same = new Layer("same");
        Registration first = two.around(same);
        two.around(new Layer("between"));
        Registration second = two.around(same);
        two.topic("/chat/lobby", String.class).subscribe((channel, message) -> seen.add(message));
        second.close();
        second.close();
        one.topic("/chat/lobby", String.class).publish("hello");
        assertThat(next()).startsWith("same at");
        assertThat(next()).startsWith("between at");
        assertThat(next()).isEqualTo("hello");
        first.close();
        one.topic("/chat/lobby", String.class).publish("again");
        assertThat(next()).startsWith("between at");
        assertThat(next()).isEqualTo("again");
    }

    @Test
    void whoHasNoLayersHearsMessagesWithHeadersAndHeadersThatAreTooLongAreRefused() throws InterruptedException {
        one.around(new Layer("a"));
        two.topic("/chat/lobby", String.class).subscribe((channel, message) -> seen.add(message));
        one.topic("/chat/lobby", String.class).publish("hello");
        assertThat(next()).isEqualTo("hello");
        one.around(new Layer("x".repeat(5000)));
        assertThatThrownBy(() -> one.topic("/chat/lobby", String.class).publish("too much"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 16 headers");
    }
}
