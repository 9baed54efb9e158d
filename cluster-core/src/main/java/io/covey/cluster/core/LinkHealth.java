package io.covey.cluster.core;

import io.covey.cluster.Health;
import io.covey.cluster.MessageStats;
import io.covey.cluster.Registration;
import io.covey.cluster.Rejection;
import io.covey.cluster.core.messaging.Messaging;
import io.covey.cluster.core.runtime.Listeners;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Transport.LinkState;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state of the transport, and what became of the messages, as health. */
final class LinkHealth implements Health {
    private static final Logger LOG = LoggerFactory.getLogger(LinkHealth.class);

    private final NodeContext node;
    private final Listeners<Consumer<State>> listeners;
    private final Messaging messaging;
    private final Registration inTransport;
    private final NodeChecks checks;
    private volatile State state;

    LinkHealth(NodeContext node, Messaging messaging, NodeChecks checks) {
        this.checks = checks;
        this.node = node;
        this.messaging = messaging;
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
        return messaging.rejected();
    }

    @Override
    public MessageStats messages() {
        return messaging.stats();
    }

    @Override
    public Report live() {
        return checks.report(Question.LIVE);
    }

    @Override
    public Report ready() {
        return checks.report(Question.READY);
    }

    @Override
    public Registration check(Question question, String name, Supplier<Optional<String>> trouble) {
        return checks.add(question, name, trouble);
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
            LOG.atInfo().addKeyValue("event", "backend.up").log("{} answers again", where);
        } else {
            LOG.atWarn()
                    .addKeyValue("event", "backend.down")
                    .log("{} does not answer: {}; it is tried on and on", where, link.reason());
        }
        listeners.tell(listener -> listener.accept(now));
    }
}
