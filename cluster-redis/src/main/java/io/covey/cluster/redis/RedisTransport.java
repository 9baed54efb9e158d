package io.covey.cluster.redis;

import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisDriver;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.ListStore;
import io.covey.cluster.spi.LockStore;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.SemaphoreStore;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private final String description;
    private final Availability availability;
    private final RedisDriver driver;
    private final Redis redis;
    private final RedisMessageBus bus;
    private final RedisTaskBroker tasks;
    private final CacheStore cache;
    private final ListStore lists;
    private final LockStore locks;
    private final SemaphoreStore semaphores;
    private final Directory directory;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RedisTransport(
            RedisUri uri,
            TransportConfig config,
            Availability availability,
            RedisDriver driver,
            boolean shardedChannels,
            Duration heartbeat) {
        boolean cluster = uri.topology() == RedisUri.Topology.CLUSTER;
        this.description = uri.toString();
        this.availability = availability;
        this.driver = driver;
        Keys keys = new Keys(config.namespace(), config.taskNamespace(), uri.database(), cluster);
        this.redis = new Redis(driver, keys, uri, config.commandTimeout(), timer());
        this.bus = new RedisMessageBus(redis, availability, shardedChannels, heartbeat);
        this.tasks = new RedisTaskBroker(redis);
        this.lists = new RedisListStore(redis);
        RedisInvalidations invalidations = new RedisInvalidations(redis);
        this.cache = new RedisCacheStore(redis, invalidations);
        availability.listen(state -> {
            if (state.up()) {
                invalidations.doubt();
            }
        });
        this.locks = new RedisLockStore(redis, bus);
        this.semaphores = new RedisSemaphoreStore(redis, bus);
        this.directory = new RedisDirectory(redis);
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
        return open(config, drivers, HEARTBEAT);
    }

    static RedisTransport open(TransportConfig config, RedisDriverFactory drivers, Duration heartbeat) {
        RedisUri uri = RedisUri.parse(config.uri());
        uri.replication().ifPresent(replication -> {
            if (replication.timeout().multipliedBy(2).compareTo(config.commandTimeout()) > 0) {
                throw new IllegalArgumentException("replicaTimeout must be at most half of the command timeout of "
                        + config.commandTimeout().toMillis() + " ms, was "
                        + replication.timeout().toMillis() + " ms in " + uri);
            }
        });
        Availability availability = new Availability();
        RedisDriver driver = drivers.open(uri, config.connectTimeout(), config.commandTimeout(), availability);
        boolean shardedChannels;
        try {
            shardedChannels = ServerCheck.pass(driver, uri, config.connectTimeout());
        } catch (RuntimeException e) {
            driver.close();
            throw e;
        }
        RedisTransport transport = new RedisTransport(uri, config, availability, driver, shardedChannels, heartbeat);
        try {
            Await.on(transport.bus.firstUp(), config.connectTimeout(), "connecting the bus to " + uri);
            return transport;
        } catch (RuntimeException e) {
            transport.close();
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

    Redis redis() {
        return redis;
    }

    RedisMessageBus messages() {
        return bus;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Optional<CacheStore> cache() {
        return Optional.of(cache);
    }

    @Override
    public Optional<ListStore> lists() {
        return Optional.of(lists);
    }

    @Override
    public Optional<LockStore> locks() {
        return Optional.of(locks);
    }

    @Override
    public Optional<SemaphoreStore> semaphores() {
        return Optional.of(semaphores);
    }

    @Override
    public Optional<Directory> directory() {
        return Optional.of(directory);
    }

    @Override
    public Optional<MessageBus> bus() {
        return Optional.of(bus);
    }

    @Override
    public Optional<TaskBroker> tasks() {
        return Optional.of(tasks);
    }

    @Override
    public CompletionStage<Instant> time() {
        return redis.send(RedisCommand.of("TIME")).thenApply(reply -> {
            List<Object> parts = Replies.list(reply);
            return Instant.ofEpochSecond(Replies.number(parts.get(0)), Replies.number(parts.get(1)) * 1000);
        });
    }

    @Override
    public Optional<Traffic> traffic() {
        return Optional.of(driver.traffic());
    }

    @Override
    public CompletionStage<Map<String, String>> facts() {
        return ServerFacts.of(redis);
    }

    @Override
    public Registration onState(Consumer<LinkState> listener) {
        return availability.listen(listener);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            availability.close();
            bus.close();
            tasks.close();
            driver.close();
            redis.close();
        }
    }
}
