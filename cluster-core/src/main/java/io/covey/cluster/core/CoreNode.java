package io.covey.cluster.core;

import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterClock;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Codec;
import io.covey.cluster.Health;
import io.covey.cluster.Health.Question;
import io.covey.cluster.Lock;
import io.covey.cluster.Members;
import io.covey.cluster.Node;
import io.covey.cluster.NodeListener;
import io.covey.cluster.Owners;
import io.covey.cluster.Registration;
import io.covey.cluster.Rooms;
import io.covey.cluster.Semaphore;
import io.covey.cluster.SharedList;
import io.covey.cluster.SignedBus;
import io.covey.cluster.Stats;
import io.covey.cluster.Tokens;
import io.covey.cluster.Topic;
import io.covey.cluster.TopicMiddleware;
import io.covey.cluster.core.cache.Caches;
import io.covey.cluster.core.codec.Codecs;
import io.covey.cluster.core.list.Lists;
import io.covey.cluster.core.lock.Locks;
import io.covey.cluster.core.members.DirectoryOwners;
import io.covey.cluster.core.members.Heartbeat;
import io.covey.cluster.core.messaging.Messaging;
import io.covey.cluster.core.rooms.RoomBook;
import io.covey.cluster.core.runtime.BackendClock;
import io.covey.cluster.core.runtime.Lifecycle;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.core.runtime.NodeThreads;
import io.covey.cluster.core.runtime.Probe;
import io.covey.cluster.core.stats.StatsBook;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.Transport;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node: hands out its parts, and ends them in order. */
final class CoreNode implements Cluster {
    private static final Logger LOG = LoggerFactory.getLogger(CoreNode.class);

    private static final Duration STANDSTILL = Duration.ofSeconds(30);
    /** What every bus promises. */
    private static final Duration DEAF = Duration.ofSeconds(15);

    private final NodeContext node;
    private final Messaging messaging;
    private final Lists lists;
    private final Locks locks;
    private final Caches caches;
    private final StatsBook stats;
    private final Heartbeat heartbeat;
    private final DirectoryOwners owners;
    private final RoomBook rooms;
    private final LinkHealth health;
    private final Farewell farewell;

    /** Starts nothing yet. */
    CoreNode(ClusterConfig config, Transport transport, Instant now, long asked) {
        BackendClock clock = new BackendClock(System::nanoTime);
        clock.learn(now, asked);
        this.node = new NodeContext(
                Identity.of(config, clock.instant()),
                config,
                transport,
                new NodeThreads(config.name()),
                clock,
                new Lifecycle(config.name()));
        Directory directory = node.require(transport.directory(), "directory of members");
        this.messaging = new Messaging(node);
        this.lists = new Lists(node);
        this.locks = new Locks(node);
        this.caches = new Caches(node);
        this.stats = new StatsBook(node);
        this.owners = new DirectoryOwners(node, directory, this::members);
        this.rooms = new RoomBook(node, directory, this::members, messaging::bus);
        this.heartbeat = new Heartbeat(node, directory, this::registerAgain);
        this.farewell = new Farewell(config.name());
        this.health = new LinkHealth(node, messaging, checks());
    }

    private NodeChecks checks() {
        NodeChecks checks = new NodeChecks();
        Probe timer = new Probe("the timer", node.threads().timer(), node.clock()::nanos, STANDSTILL);
        checks.add(Question.LIVE, "heartbeat", heartbeat::stopped);
        checks.add(Question.LIVE, "timer", timer::trouble);
        checks.add(
                Question.READY, "node", () -> Optional.of("the node is closing").filter(text -> farewell.begun()));
        checks.add(
                Question.READY,
                "backend",
                () -> Optional.of(health.state())
                        .filter(state -> !state.up())
                        .map(state -> state.reason().orElse("it does not answer")));
        checks.add(Question.READY, "subscriptions", this::deaf);
        checks.add(Question.READY, "membership", heartbeat::unheard);
        return checks;
    }

    private Optional<String> deaf() {
        return node.transport()
                .bus()
                .flatMap(MessageBus::unproven)
                .filter(silent -> silent.compareTo(DEAF) > 0)
                .map(silent -> "nothing proves for " + silent.toMillis() + " ms that the subscriptions hear");
    }

    void start() {
        messaging.start();
        heartbeat.start(messaging.secured() ? Optional.of(messaging.bus()) : Optional.empty());
        LOG.atInfo()
                .addKeyValue("event", "node.joined")
                .log(
                        "Node {} joined {}: {} member(s)",
                        node.self().id(),
                        node.transport().description(),
                        heartbeat.list().size());
    }

    private void registerAgain() {
        owners.registerAgain();
        rooms.registerAgain();
    }

    /** Ends what was begun when joining failed; the transport is its opener's. */
    void abandon() {
        node.threads().stopBeat();
        // the backend may know this node already, whatever failed afterwards
        heartbeat.leave();
        health.close();
        node.life().end();
        node.threads().close();
    }

    @Override
    public ClusterConfig config() {
        return node.config();
    }

    @Override
    public Node self() {
        return node.self();
    }

    @Override
    public <V> Cache<V> cache(String name, Codec<V> codec, CacheOptions options) {
        return caches.cache(name, codec, options);
    }

    @Override
    public <E> SharedList<E> list(String name, Class<E> type) {
        return list(name, Codecs.of(type));
    }

    @Override
    public <E> SharedList<E> list(String name, Codec<E> codec) {
        return lists.list(name, codec);
    }

    @Override
    public <M> Topic<M> topic(String channel, Class<M> type) {
        return topic(channel, Codecs.of(type));
    }

    @Override
    public <M> Topic<M> topic(String channel, Codec<M> codec) {
        return messaging.topic(channel, codec);
    }

    @Override
    public Lock lock(String name) {
        return locks.handle(name);
    }

    @Override
    public Semaphore semaphore(String name, int permits) {
        return locks.semaphore(name, permits);
    }

    @Override
    public Stats stats(String namespace) {
        return stats.of(namespace);
    }

    @Override
    public Members members() {
        return heartbeat;
    }

    @Override
    public Owners owners() {
        return owners;
    }

    @Override
    public Rooms rooms() {
        return rooms;
    }

    @Override
    public SignedBus bus() {
        return messaging.bus();
    }

    @Override
    public Tokens tokens() {
        return messaging.tokens();
    }

    @Override
    public <T> Codec<T> codec(Class<T> type) {
        return Codecs.of(type);
    }

    @Override
    public Codec<?> codecOf(Type type) {
        return Codecs.of(type);
    }

    @Override
    public ClusterClock clock() {
        return node.clock();
    }

    @Override
    public Health health() {
        return health;
    }

    @Override
    public Registration listen(NodeListener listener) {
        node.life().ensureOpen();
        return node.news().add(listener);
    }

    @Override
    public Registration around(TopicMiddleware middleware) {
        return messaging.around(middleware);
    }

    @Override
    public Transport transport() {
        return node.transport();
    }

    @Override
    public Registration closeWith(Drainable closeable) {
        node.life().ensureOpen();
        return farewell.add(closeable);
    }

    @Override
    public void close() {
        close(node.config().drain());
    }

    @Override
    public void close(Duration drain) {
        farewell.once(
                drain,
                List.of(
                        locks::close,
                        stats::close,
                        caches::close,
                        node.threads()::stopBeat,
                        heartbeat::leave,
                        health::close,
                        node.life()::end,
                        node.transport()::close,
                        node.threads()::close,
                        () -> LOG.atInfo()
                                .addKeyValue("event", "node.left")
                                .log("Node {} left", node.self().id())));
    }
}
