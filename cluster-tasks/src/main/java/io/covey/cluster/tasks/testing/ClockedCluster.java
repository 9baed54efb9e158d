package io.covey.cluster.tasks.testing;

import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterClock;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Codec;
import io.covey.cluster.Health;
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
import io.covey.cluster.spi.Transport;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A node that knows the time of its backend at once, which another learns every half minute. */
final class ClockedCluster implements Cluster {
    private final Cluster node;
    private final ClusterClock clock;

    ClockedCluster(Cluster node, InstantSource clock) {
        this.node = node;
        this.clock = new Told(clock);
    }

    private record Told(InstantSource source) implements ClusterClock {

        @Override
        public Instant instant() {
            return source.instant();
        }

        @Override
        public Duration offset() {
            return Duration.between(Instant.now(), instant());
        }

        @Override
        public Duration error() {
            return Duration.ZERO;
        }
    }

    @Override
    public ClusterClock clock() {
        return clock;
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
        return node.cache(name, codec, options);
    }

    @Override
    public <E> SharedList<E> list(String name, Class<E> type) {
        return node.list(name, type);
    }

    @Override
    public <E> SharedList<E> list(String name, Codec<E> codec) {
        return node.list(name, codec);
    }

    @Override
    public <M> Topic<M> topic(String channel, Class<M> type) {
        return node.topic(channel, type);
    }

    @Override
    public <M> Topic<M> topic(String channel, Codec<M> codec) {
        return node.topic(channel, codec);
    }

    @Override
    public Lock lock(String name) {
        return node.lock(name);
    }

    @Override
    public Semaphore semaphore(String name, int permits) {
        return node.semaphore(name, permits);
    }

    @Override
    public Stats stats(String namespace) {
        return node.stats(namespace);
    }

    @Override
    public Members members() {
        return node.members();
    }

    @Override
    public Owners owners() {
        return node.owners();
    }

    @Override
    public Rooms rooms() {
        return node.rooms();
    }

    @Override
    public SignedBus bus() {
        return node.bus();
    }

    @Override
    public <T> Codec<T> codec(Class<T> type) {
        return node.codec(type);
    }

    @Override
    public Tokens tokens() {
        return node.tokens();
    }

    @Override
    public Codec<?> codecOf(Type type) {
        return node.codecOf(type);
    }

    @Override
    public Health health() {
        return node.health();
    }

    @Override
    public Registration listen(NodeListener listener) {
        return node.listen(listener);
    }

    @Override
    public Registration around(TopicMiddleware middleware) {
        return node.around(middleware);
    }

    @Override
    public Transport transport() {
        return node.transport();
    }

    @Override
    public Registration closeWith(Drainable closeable) {
        return node.closeWith(closeable);
    }

    @Override
    public void close() {
        node.close();
    }

    @Override
    public void close(Duration drain) {
        node.close(drain);
    }
}
