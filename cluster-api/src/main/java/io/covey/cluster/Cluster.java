package io.covey.cluster;

import io.covey.cluster.spi.NodeProvider;
import io.covey.cluster.spi.Transport;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ServiceLoader;

/**
 * A node's membership of a cluster and everything shared with the other nodes. Thread-safe.
 *
 * <pre>{@code
 * try (Cluster cluster = Cluster.join("redis://localhost:6379")) { // or "local:", nothing else changes
 *     cluster.cache("profiles", Profile.class).put("ada", profile, Duration.ofMinutes(10));
 * }
 * }</pre>
 */
public interface Cluster extends AutoCloseable {

    /**
     * Joins the cluster behind a URI with the default settings. The server token is taken from the file that the
     * environment variable {@code COVEY_TOKEN_FILE} names, or from {@code COVEY_TOKEN}, if one is set.
     *
     * @param uri {@code local:}, {@code redis://}, {@code rediss://}, {@code redis-sentinel://},
     *     {@code redis-cluster://}, or any scheme of a {@link io.covey.cluster.spi.TransportProvider} on the class path
     * @return the running node
     * @throws TransportException if the backend cannot be reached or refuses, within the connect timeout
     * @throws ClusterException if no transport, or more than one, answers to the URI
     */
    static Cluster join(String uri) {
        return join(ClusterConfig.of(uri));
    }

    /**
     * Joins a cluster.
     *
     * @param config the settings
     * @return the running node
     * @throws TransportException if the backend cannot be reached or refuses, within the connect timeout
     * @throws ClusterException if no transport, or more than one, answers to the URI
     */
    static Cluster join(ClusterConfig config) {
        return ServiceLoader.load(NodeProvider.class)
                .findFirst()
                .orElseThrow(() -> new ClusterException("No node engine on the class path: add io.covey:cluster-core, "
                        + "or a transport such as io.covey:cluster-redis-lettuce that brings it"))
                .join(config);
    }

    /**
     * The settings this node joined with.
     *
     * @return the settings
     */
    ClusterConfig config();

    /**
     * This node.
     *
     * @return its identity, the same for the life of this object
     */
    Node self();

    /**
     * A cache shared by all nodes, values in the default format of their type: {@code byte[]} and {@code String} as they
     * are, protobuf messages as protobuf, everything else as JSON.
     *
     * @param <V> the type of the values
     * @param name {@code [A-Za-z0-9_.:-]{1,128}}
     * @param type the type of the values
     * @return the cache; asking twice is cheap
     */
    default <V> Cache<V> cache(String name, Class<V> type) {
        return cache(name, type, CacheOptions.none());
    }

    /**
     * A cache shared by all nodes, values in the default format of their type.
     *
     * @param <V> the type of the values
     * @param name {@code [A-Za-z0-9_.:-]{1,128}}
     * @param type the type of the values
     * @param options how the cache behaves on this node
     * @return the cache; asking twice is cheap
     */
    default <V> Cache<V> cache(String name, Class<V> type, CacheOptions options) {
        return cache(name, codec(type), options);
    }

    /**
     * A cache shared by all nodes, values in a format of the caller's.
     *
     * @param <V> the type of the values
     * @param name {@code [A-Za-z0-9_.:-]{1,128}}
     * @param codec the format
     * @return the cache
     */
    default <V> Cache<V> cache(String name, Codec<V> codec) {
        return cache(name, codec, CacheOptions.none());
    }

    /**
     * A cache shared by all nodes, values in a format of the caller's.
     *
     * @param <V> the type of the values
     * @param name {@code [A-Za-z0-9_.:-]{1,128}}
     * @param codec the format
     * @param options how the cache behaves on this node
     * @return the cache
     */
    <V> Cache<V> cache(String name, Codec<V> codec, CacheOptions options);

    /**
     * A list shared by all nodes, items in the default format of their type.
     *
     * @param <E> the type of the items
     * @param name {@code [A-Za-z0-9_.:-]{1,128}}
     * @param type the type of the items
     * @return the list; asking twice is cheap
     */
    <E> SharedList<E> list(String name, Class<E> type);

    /**
     * A list shared by all nodes, items in a format of the caller's.
     *
     * @param <E> the type of the items
     * @param name {@code [A-Za-z0-9_.:-]{1,128}}
     * @param codec the format
     * @return the list
     */
    <E> SharedList<E> list(String name, Codec<E> codec);

    /**
     * A channel to publish on and subscribe to, messages in the default format of their type.
     *
     * @param <M> the type of the messages
     * @param channel {@code /a/b}; or a pattern {@code /a/*} or {@code /a/**}, which can only be subscribed to
     * @param type the type of the messages
     * @return the topic; asking twice is cheap
     * @throws IllegalArgumentException if {@code channel} is neither
     */
    <M> Topic<M> topic(String channel, Class<M> type);

    /**
     * A channel to publish on and subscribe to, messages in a format of the caller's.
     *
     * @param <M> the type of the messages
     * @param channel {@code /a/b}; or a pattern {@code /a/*} or {@code /a/**}, which can only be subscribed to
     * @param codec the format
     * @return the topic
     * @throws IllegalArgumentException if {@code channel} is neither
     */
    <M> Topic<M> topic(String channel, Codec<M> codec);

    /**
     * A lock shared by all nodes. Each object is one handle: two objects of one name exclude each other, also on one
     * node.
     *
     * @param name {@code [A-Za-z0-9_.:/-]{1,200}}
     * @return a new handle
     */
    Lock lock(String name);

    /**
     * A number of permits shared by all nodes.
     *
     * @param name {@code [A-Za-z0-9_.:/-]{1,200}}
     * @param permits how many may be held at a time, 1 to 1,000,000
     * @return the semaphore; asking twice is cheap
     */
    Semaphore semaphore(String name, int permits);

    /**
     * Counters shared by all nodes.
     *
     * @param namespace {@code [A-Za-z0-9_.:-]{1,128}}
     * @return the counters; asking twice answers the same object
     */
    Stats stats(String namespace);

    /**
     * Who is in the cluster.
     *
     * @return the members
     */
    Members members();

    /**
     * Which node holds what: connections and whatever else an application registers.
     *
     * @return the directory of owners
     */
    Owners owners();

    /**
     * Rooms whose members hear one another and know who is there.
     *
     * @return the rooms
     */
    Rooms rooms();

    /**
     * The bus that carries messages from node to node, each in a signed envelope: what RPC stands on.
     *
     * @return the bus
     * @throws NotSecuredException if this node has no server token and the transport leaves the process
     */
    SignedBus bus();

    /**
     * The server tokens of this node, to replace one while it runs.
     *
     * @return the tokens
     */
    Tokens tokens();

    /**
     * The default format of a type: {@code byte[]} and {@code String} as they are, protobuf messages as protobuf,
     * everything else as JSON.
     *
     * @param <T> the type
     * @param type the type
     * @return its codec
     */
    <T> Codec<T> codec(Class<T> type);

    /**
     * The default format of a type that may have arguments, such as {@code List<Profile>}.
     *
     * @param type the type; of a class, as {@link #codec(Class)}, and primitive types as their boxes
     * @return its codec
     */
    Codec<?> codecOf(Type type);

    /**
     * The time as the backend tells it, so that nodes with wrong clocks agree.
     *
     * @return a source that never blocks
     */
    ClusterClock clock();

    /**
     * How this node is.
     *
     * @return its health
     */
    Health health();

    /**
     * Has somebody hear what the parts of this node do, from now on.
     *
     * @param listener hears it where it happens
     * @return ends that
     */
    Registration listen(NodeListener listener);

    /**
     * Has something done around every message of the topics of this node, from now on. What was added first is outside.
     *
     * @param middleware what is done
     * @return ends that
     */
    Registration around(TopicMiddleware middleware);

    /**
     * The backend, for what is built on it.
     *
     * @return the transport
     */
    Transport transport();

    /**
     * Has something closed with this node, before its transport and in the reverse order of registration.
     *
     * @param closeable what to drain and close
     * @return ends the registration without closing
     */
    Registration closeWith(Drainable closeable);

    /** Leaves with the default drain time of the settings. Twice is fine. */
    @Override
    void close();

    /**
     * Leaves: drains what was registered with {@link #closeWith}, says goodbye to the other members, closes the
     * transport. No thread and no connection of this node is left. Twice is fine.
     *
     * @param drain how long running work may take to finish
     */
    void close(Duration drain);

    /** Something that can finish its work before it is closed. */
    @FunctionalInterface
    interface Drainable {

        /**
         * Stops taking work, waits for what is running, gives back the rest.
         *
         * @param drain how long running work may take
         */
        void close(Duration drain);
    }
}
