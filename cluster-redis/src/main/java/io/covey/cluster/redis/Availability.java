package io.covey.cluster.redis;

import io.covey.cluster.Registration;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.spi.Transport.LinkState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the server answers: up while both the connection for commands and the bus' link are. */
final class Availability implements RedisDriverFactory.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Availability.class);

    private final Serial serial = new Serial();
    private final List<Consumer<LinkState>> listeners = new CopyOnWriteArrayList<>();
    private Optional<String> commandsDown = Optional.empty();
    private Optional<String> linkDown = Optional.of("not connected yet");
    private LinkState state = new LinkState(false, "not connected yet");
    private volatile boolean closed;

    @Override
    public void onUp() {
        serial.execute(() -> {
            commandsDown = Optional.empty();
            changed();
        });
    }

    @Override
    public void onDown(String reason) {
        serial.execute(() -> {
            commandsDown = Optional.of(reason);
            changed();
        });
    }

    void linkUp() {
        serial.execute(() -> {
            linkDown = Optional.empty();
            changed();
        });
    }

    void linkDown(String reason) {
        serial.execute(() -> {
            linkDown = Optional.of(reason);
            changed();
        });
    }

    Registration listen(Consumer<LinkState> listener) {
        // A registration of its own each, though the same listener may come twice.
        Consumer<LinkState> own = listener::accept;
        serial.execute(() -> {
            if (!closed) {
                tell(own, state);
                listeners.add(own);
            }
        });
        return () -> {
            listeners.remove(own);
            serial.execute(() -> listeners.remove(own));
        };
    }

    void close() {
        closed = true;
        listeners.clear();
    }

    private void changed() {
        Optional<String> reason = commandsDown.or(() -> linkDown);
        LinkState now = new LinkState(reason.isEmpty(), reason.orElse(""));
        boolean news = now.up() != state.up();
        state = now;
        if (news) {
            listeners.forEach(listener -> tell(listener, now));
        }
    }

    private static void tell(Consumer<LinkState> listener, LinkState state) {
        try {
            listener.accept(state);
        } catch (RuntimeException | Error e) {
            LOG.warn("A listener failed to hear that the transport is {}; it will hear of the next change", state, e);
        }
    }
}
