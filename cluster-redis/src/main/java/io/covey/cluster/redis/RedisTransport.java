package io.covey.cluster.redis;

import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisDriver;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A transport on Redis 6.2 or newer, or Valkey: standalone, behind Sentinel, or Redis Cluster.
 *
 * <p>Keys start with the namespace and, for tasks, with the task namespace; on Redis Cluster the task namespace
 * {@code resque} becomes {@code {resque}}, so that its keys share one slot. Channels carry the number of the database
 * besides, since pub/sub knows no databases.
 *
 * <p>A transport is up while both its connection for commands and its link for pub/sub are.
 */
public final class RedisTransport implements Transport {
    private final String description;
    private final Availability availability;
    private final RedisDriver driver;
    private final ScheduledThreadPoolExecutor timer;
    private final Redis redis;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RedisTransport(RedisUri uri, TransportConfig config, Availability availability, RedisDriver driver) {
        boolean cluster = uri.topology() == RedisUri.Topology.CLUSTER;
        this.description = uri.toString();
        this.availability = availability;
        this.driver = driver;
        this.timer = timer();
        Keys keys = new Keys(config.namespace(), config.taskNamespace(), uri.database(), cluster);
        this.redis = new Redis(driver, keys, cluster, config.commandTimeout(), timer);
    }

    /**
     * Connects. Blocks until the server has answered, for at most about the connect timeout.
     *
     * @param config where and how; its URI is one that {@link RedisUri} can read
     * @param drivers the client library to connect with
     * @return an open transport
     * @throws TransportException in one line, if the server cannot be reached, refuses, or is older than Redis 6.2
     * @throws IllegalArgumentException if the URI cannot be read
     */
    public static RedisTransport open(TransportConfig config, RedisDriverFactory drivers) {
        RedisUri uri = RedisUri.parse(config.uri());
        Availability availability = new Availability();
        RedisDriver driver = drivers.open(uri, config.connectTimeout(), config.commandTimeout(), availability);
        try {
            ServerCheck.pass(driver, uri, config.connectTimeout());
            return new RedisTransport(uri, config, availability, driver);
        } catch (RuntimeException e) {
            driver.close();
            throw e;
        }
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "covey-redis-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public CompletionStage<Instant> time() {
        return redis.send(RedisCommand.of("TIME")).thenApply(reply -> {
            List<Object> parts = Replies.list(reply);
            return Instant.ofEpochSecond(Replies.number(parts.get(0)), Replies.number(parts.get(1)) * 1000);
        });
    }

    @Override
    public Registration onState(Consumer<LinkState> listener) {
        return availability.listen(listener);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            availability.close();
            driver.close();
            timer.shutdownNow();
        }
    }
}
