package io.covey.cluster.core.local;

import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.spi.TransportProvider;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Opens {@code local:} and {@code local:NAME}. All connections of one name in this process lead to one backend, so that
 * two nodes on {@code local:} are a cluster of two; other names lead to other backends. What a backend holds is gone when
 * its last connection is closed.
 */
public final class LocalTransportProvider implements TransportProvider {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Map<String, Shared> OPEN = new HashMap<>();

    /** For {@link java.util.ServiceLoader}. */
    public LocalTransportProvider() {}

    @Override
    public String artifact() {
        return "io.covey:cluster-core";
    }

    @Override
    public Set<String> schemes() {
        return Set.of("local");
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the URI is neither {@code local:} nor {@code local:NAME}
     */
    @Override
    public Transport open(TransportConfig config) {
        String name = name(config);
        LOCK.lock();
        try {
            Shared shared = OPEN.computeIfAbsent(name, absent -> new Shared(LocalBackend.create()));
            Transport opened = shared.backend.open(config, () -> left(name));
            shared.connections++;
            return opened;
        } finally {
            LOCK.unlock();
        }
    }

    private static void left(String name) {
        LOCK.lock();
        try {
            OPEN.computeIfPresent(name, (same, shared) -> --shared.connections == 0 ? null : shared);
        } finally {
            LOCK.unlock();
        }
    }

    private static String name(TransportConfig config) {
        String name = config.uri().substring(config.uri().indexOf(':') + 1);
        if (!config.scheme().equals("local")) {
            throw new IllegalArgumentException(
                    "A URI of the in-process transport starts with local:, was " + config.printableUri());
        }
        return name.isEmpty() ? name : Names.check("name after local:", name);
    }

    private static final class Shared {
        private final LocalBackend backend;
        private int connections;

        private Shared(LocalBackend backend) {
            this.backend = backend;
        }
    }
}
