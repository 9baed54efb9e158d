package io.covey.cluster.core;

import io.covey.cluster.Health;
import io.covey.cluster.Registration;
import io.covey.cluster.Rejection;
import io.covey.cluster.core.runtime.Listeners;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Transport.LinkState;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state of the transport, and what the messaging did not let in, as health. */
final class LinkHealth implements Health {
    private static final Logger LOG = LoggerFactory.getLogger(LinkHealth.class);

    private final NodeContext node;
    private final Listeners<Consumer<State>> listeners;
    private final Supplier<Map<Rejection, Long>> rejected;
    private final Registration inTransport;
    private volatile State state;

    LinkHealth(NodeContext node, Supplier<Map<Rejection, Long>> rejected) {
        this.node = node;
        this.rejected = rejected;
        this.listeners = new Listeners<>("the health", node.threads());
        this.state = new State(true, node.clock().instant(), Optional.empty());
        this.inTransport = node.transport().onState(this::changed);
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public Registration onChange(Consumer<State> listener) {
        node.life().ensureOpen();
        return listeners.add(listener);
    }

    @Override
    public Map<Rejection, Long> rejected() {
        return rejected.get();
    }

    void close() {
        inTransport.close();
    }

    private void changed(LinkState link) {
        State before = state;
        if (before.up() == link.up()) {
            return;
        }
        State now =
                new State(link.up(), node.clock().instant(), link.up() ? Optional.empty() : Optional.of(link.reason()));
        state = now;
        String where = node.transport().description();
        if (link.up()) {
            LOG.info("{} answers again", where);
        } else {
            LOG.warn("{} does not answer: {}; it is tried on and on", where, link.reason());
        }
        listeners.tell(listener -> listener.accept(now));
    }
}
