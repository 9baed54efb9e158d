package io.covey.cluster.redis.operator;

import io.covey.cluster.ClusterException;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.KeyFamilies;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.redis.driver.RedisUri.Endpoint;
import io.covey.cluster.redis.driver.RedisUri.Topology;
import io.covey.cluster.spi.TransportConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The servers behind a URI: those that have keys, and the sentinels. */
final class Landscape implements AutoCloseable {
    private static final RedisDriverFactory.Listener NOBODY = new RedisDriverFactory.Listener() {
        @Override
        public void onUp() {
            // each question says by itself whether it was answered
        }

        @Override
        public void onDown(String reason) {
            // the same
        }
    };

    private final TransportConfig config;
    private final RedisUri uri;
    private final RedisDriverFactory drivers;
    private final Findings findings;
    private final List<Instance> masters = new ArrayList<>();
    private final List<Instance> sentinels = new ArrayList<>();

    /**
     * Connects to all of them, blocking.
     *
     * @throws TransportException if no server that has keys can be reached
     */
    Landscape(TransportConfig config, RedisDriverFactory drivers, Findings findings) {
        this.config = config;
        this.uri = RedisUri.parse(config.uri());
        this.drivers = drivers;
        this.findings = findings;
        try {
            find();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void find() {
        switch (uri.topology()) {
            case STANDALONE -> masters.add(connect(uri));
            case SENTINEL -> masters.add(connect(uri.at(masterOfSentinels())));
            case CLUSTER -> {
                for (Endpoint master : mastersOfCluster()) {
                    reach(uri.at(master)).ifPresent(masters::add);
                }
            }
        }
        if (masters.isEmpty()) {
            throw new TransportException("No master of " + uri + " can be reached");
        }
    }

    private Instance connect(RedisUri server) {
        return new Instance(
                server,
                drivers.open(server, config.connectTimeout(), config.commandTimeout(), NOBODY),
                config.commandTimeout(),
                findings);
    }

    /** One that does not answer is a finding, not the end. */
    private Optional<Instance> reach(RedisUri server) {
        try {
            return Optional.of(connect(server));
        } catch (TransportException e) {
            findings.danger(
                    server.endpoints().get(0).toString(),
                    "it cannot be reached: " + e.getMessage(),
                    "what only it has cannot be read or changed, and calls that need it are refused",
                    "start it, or take it out of the URI and the set-up");
            return Optional.empty();
        }
    }

    private Endpoint masterOfSentinels() {
        for (Endpoint sentinel : uri.endpoints()) {
            reach(uri.sentinel(sentinel)).ifPresent(sentinels::add);
        }
        for (Instance sentinel : sentinels) {
            List<?> address = sentinel.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", master())
                    .<List<?>>map(Reply::list)
                    .orElse(List.of());
            if (address.size() == 2) {
                return new Endpoint(Reply.text(address.get(0)), Integer.parseInt(Reply.text(address.get(1))));
            }
        }
        throw new TransportException("No sentinel of " + uri + " names a master called " + Reply.shown(master()));
    }

    private Set<Endpoint> mastersOfCluster() {
        List<String> reasons = new ArrayList<>();
        for (Endpoint seed : uri.endpoints()) {
            try (Instance one = connect(uri.at(seed))) {
                Set<Endpoint> found = new LinkedHashSet<>();
                for (Object range : Reply.list(one.ask("CLUSTER", "SLOTS").orElse(List.of()))) {
                    List<?> server = Reply.list(Reply.list(range).get(2));
                    String host = server.get(0) == null ? "" : Reply.text(server.get(0));
                    found.add(new Endpoint(
                            host.isEmpty() || host.equals("?") ? seed.host() : host,
                            Math.toIntExact(Reply.number(server.get(1), 0))));
                }
                if (!found.isEmpty()) {
                    return found;
                }
                reasons.add(seed + " knows no slots");
            } catch (ClusterException | IndexOutOfBoundsException e) {
                reasons.add(String.valueOf(e.getMessage()));
            }
        }
        throw new TransportException("No node of " + uri + " says who has the slots: " + String.join("; ", reasons));
    }

    TransportConfig config() {
        return config;
    }

    RedisUri uri() {
        return uri;
    }

    boolean isCluster() {
        return uri.topology() == Topology.CLUSTER;
    }

    KeyFamilies families() {
        return KeyFamilies.of(config.namespace(), config.taskNamespace(), isCluster());
    }

    /** Those that have keys: one, or all masters of a cluster. */
    List<Instance> masters() {
        return masters;
    }

    List<Instance> sentinels() {
        return sentinels;
    }

    /** The name of the master behind the sentinels. */
    String master() {
        return uri.master().orElse("");
    }

    /** What the sentinels' URI and the roster of one of them say about the master. */
    Map<String, String> asSeenBy(Instance sentinel) {
        return sentinel.ask("SENTINEL", "MASTER", master()).map(Reply::pairs).orElse(Map.of());
    }

    @Override
    public void close() {
        masters.forEach(Instance::close);
        sentinels.forEach(Instance::close);
    }
}
