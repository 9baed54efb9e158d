package io.covey.cluster.examples.acceptance;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Secret;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.TransportConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

/** A server of one test and the nodes that join it; {@code local} is a backend within the process. */
final class Backend implements AutoCloseable {
    /** How long an answer may take where the backend is to fail; otherwise as long as a busy machine may need. */
    static final Duration ANSWER = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final RedisServer redis;
    private final String uri;
    private final Duration answer;
    private final String space = "t" + UUID.randomUUID();
    private final Secret token = Secret.of("token " + UUID.randomUUID());
    private final Deque<Cluster> nodes = new ArrayDeque<>();

    Backend(String scheme) {
        this(scheme, PATIENCE);
    }

    Backend(String scheme, Duration answer) {
        this.answer = answer;
        redis = RedisServer.builder()
                .appendOnly(true)
                .setting("appendfsync", "always") // everysec may lose seconds while the disk is busy
                .start();
        uri = scheme.equals("local") ? "local:" : redis.uri().replaceFirst("redis", scheme);
    }

    String uri() {
        return uri;
    }

    /** For the environment of another process. */
    String token() {
        return new String(token.bytes(), StandardCharsets.UTF_8);
    }

    ClusterConfig.Builder config(String name) {
        return at(uri, name);
    }

    ClusterConfig.Builder at(String place, String name) {
        return ClusterConfig.builder(place)
                .transport(TransportConfig.of(place)
                        .withNamespace(space)
                        .withTaskNamespace(space)
                        .withTimeouts(answer, answer))
                .name(name)
                .token(token)
                .drain(Duration.ofSeconds(5));
    }

    Cluster join(ClusterConfig.Builder config) {
        Cluster node = Cluster.join(config.build());
        nodes.push(node);
        return node;
    }

    /** Connections that clients hold to the server, the one that asks left out. */
    long connections() {
        return redis.command("CLIENT", "LIST").lines().count() - 1;
    }

    @Override
    public void close() {
        nodes.forEach(Cluster::close);
        redis.close();
    }
}
