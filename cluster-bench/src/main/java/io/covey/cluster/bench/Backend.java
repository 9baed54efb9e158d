package io.covey.cluster.bench;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Secret;
import io.covey.cluster.redis.embedded.RedisServer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * What a trial runs against, for its length: for {@code local} nothing, else one Redis, started or given by
 * {@code COVEY_REDIS_URI}, where it leaves no key behind. Used by one thread.
 */
final class Backend implements AutoCloseable {
    private static final String LOCAL = "local";
    private static final int SCAN_COUNT = 1000;

    // JMH shows a profiler nothing of the states, so it finds here what they run against.
    private static volatile @Nullable Backend running;
    private static volatile @Nullable Usage last;

    private final String transport;
    private final @Nullable RedisServer server;
    private final @Nullable RedisClient control;
    private final String namespace = "bench-" + UUID.randomUUID();
    private final Deque<Cluster> nodes = new ArrayDeque<>();
    private Usage aside = Usage.NONE;

    private Backend(String transport, @Nullable RedisServer server, @Nullable RedisClient control) {
        this.transport = transport;
        this.server = server;
        this.control = control;
    }

    /**
     * @param transport {@code local}, {@code jedis} or {@code lettuce}
     */
    static Backend start(String transport) {
        Backend backend;
        if (transport.equals(LOCAL)) {
            backend = new Backend(transport, null, null);
        } else {
            RedisServer server = RedisServer.start();
            backend = new Backend(transport, server, RedisClient.create(server.uri()));
        }
        running = backend;
        return backend;
    }

    /** What the running trial has spent, nothing if none runs. */
    static Optional<Usage> spent() {
        return Optional.ofNullable(running).map(Backend::usage);
    }

    /** What the last trial that ended had spent by then. */
    static Optional<Usage> spentByLast() {
        return Optional.ofNullable(last);
    }

    /** A prefix for keys, which are removed at the end. */
    String namespace() {
        return namespace;
    }

    /** The Redis, for a raw client. */
    String uri() {
        if (server == null) {
            throw new IllegalStateException("There is no Redis behind " + transport);
        }
        return server.uri();
    }

    /** Another node of this trial's cluster; it leaves with {@link #wipe} or {@link #close}. */
    Cluster join(String name) {
        String uri = server == null ? LOCAL + ":" + namespace : uri().replaceFirst("://", "+" + transport + "://");
        Cluster node = Cluster.join(ClusterConfig.builder(uri)
                .namespace(namespace)
                .taskNamespace(namespace)
                .name(name)
                .token(Secret.of(namespace))
                .build());
        nodes.push(node);
        return node;
    }

    /** Runs something whose cost is no part of what is measured. */
    void aside(Runnable work) {
        Usage before = Usage.now(control);
        work.run();
        aside = aside.plus(Usage.now(control).minus(before));
    }

    /** Closes the nodes and removes everything written so far. */
    void wipe() {
        nodes.forEach(Cluster::close);
        nodes.clear();
        if (control != null) {
            remove(control);
        }
    }

    private void remove(RedisClient redis) {
        ScanParams mine = new ScanParams().match("*" + namespace + "*").count(SCAN_COUNT);
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            ScanResult<String> page = redis.scan(cursor, mine);
            List<String> keys = page.getResult();
            if (!keys.isEmpty()) {
                redis.unlink(keys.toArray(String[]::new));
            }
            cursor = page.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
    }

    private Usage usage() {
        return Usage.now(control).minus(aside);
    }

    @Override
    public void close() {
        last = usage();
        running = null;
        wipe();
        if (control != null) {
            control.close();
        }
        if (server != null) {
            server.close();
        }
    }
}
