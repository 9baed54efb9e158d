package io.covey.cluster;

import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of a node, immutable.
 *
 * @param transport where the backend is and how to talk to it
 * @param ready a transport that was opened already, which the node closes with itself; then the URI is not looked at
 * @param name what a person calls this node; two nodes may share it
 * @param metadata what the other members may know of this node
 * @param token the server token, without which messages between nodes are refused
 * @param beat how often the node says that it is alive; it is dead after three beats of silence
 * @param drain how long {@link Cluster#close()} waits for running work
 * @param maxValueBytes the longest cache value
 * @param maxFrameBytes the longest message, at most 16 MiB
 */
public record ClusterConfig(
        TransportConfig transport,
        Optional<Transport> ready,
        String name,
        Map<String, String> metadata,
        Optional<Secret> token,
        Duration beat,
        Duration drain,
        int maxValueBytes,
        int maxFrameBytes) {

    /** The environment variable that holds the server token. */
    public static final String TOKEN_VARIABLE = "COVEY_TOKEN";

    private static final int MIB = 1 << 20;

    /** Checks and copies the components. */
    public ClusterConfig {
        metadata = Map.copyOf(metadata);
        Names.check("node name", name);
        between("beat", beat, Duration.ofMillis(300), Duration.ofMinutes(1));
        between("drain", drain, Duration.ZERO, Duration.ofHours(1));
        between("maxValueBytes", maxValueBytes, 1, 512 * MIB);
        between("maxFrameBytes", maxFrameBytes, 1024, 16 * MIB);
    }

    /**
     * The default settings for a URI, with the token of the environment.
     *
     * @param uri as for {@link Cluster#join(String)}
     * @return the settings
     */
    public static ClusterConfig of(String uri) {
        return builder(uri).build();
    }

    /**
     * Starts from the default settings for a URI, with the token of the environment.
     *
     * @param uri as for {@link Cluster#join(String)}
     * @return a builder
     */
    public static Builder builder(String uri) {
        return new Builder(TransportConfig.of(uri));
    }

    /**
     * How long a silent node counts as alive.
     *
     * @return three beats
     */
    public Duration lease() {
        return beat.multipliedBy(3);
    }

    private static void between(String what, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(what + " must be between " + least + " and " + most + ", was " + value);
        }
    }

    private static void between(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " must be between " + least + " and " + most + ", was " + value);
        }
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private TransportConfig transport;
        private Optional<Transport> ready = Optional.empty();
        private String name = "node";
        private final Map<String, String> metadata = new HashMap<>();
        private Optional<Secret> token;
        private Duration beat = Duration.ofSeconds(5);
        private Duration drain = Duration.ofSeconds(25);
        private int maxValueBytes = 16 * MIB;
        private int maxFrameBytes = MIB;

        private Builder(TransportConfig transport) {
            this.transport = transport;
            this.token = Optional.ofNullable(System.getenv(TOKEN_VARIABLE))
                    .filter(text -> !text.isEmpty())
                    .map(Secret::of);
        }

        /**
         * Sets how to talk to the backend.
         *
         * @param config the URI and its settings
         * @return this
         */
        public Builder transport(TransportConfig config) {
            this.transport = config;
            return this;
        }

        /**
         * Uses a transport that was opened already. The node closes it with itself.
         *
         * @param opened the transport
         * @return this
         */
        public Builder transport(Transport opened) {
            this.ready = Optional.of(opened);
            return this;
        }

        /**
         * Sets the prefix of every key and channel of this cluster. Clusters with other prefixes on one server see
         * nothing of each other.
         *
         * @param namespace {@code [A-Za-z0-9_.:-]{1,128}}, default {@code covey}
         * @return this
         */
        public Builder namespace(String namespace) {
            this.transport = transport.withNamespace(namespace);
            return this;
        }

        /**
         * Sets the prefix of the task queues, which may be shared with fleets of other makes.
         *
         * @param namespace {@code [A-Za-z0-9_.:-]{1,128}}, possibly in braces; default {@code resque}
         * @return this
         */
        public Builder taskNamespace(String namespace) {
            this.transport = transport.withTaskNamespace(namespace);
            return this;
        }

        /**
         * Sets the node's name.
         *
         * @param text {@code [A-Za-z0-9_.:-]{1,128}}, default {@code node}
         * @return this
         */
        public Builder name(String text) {
            this.name = text;
            return this;
        }

        /**
         * Adds something that the other members may know of this node.
         *
         * @param key what
         * @param value its value
         * @return this
         */
        public Builder metadata(String key, String value) {
            this.metadata.put(key, value);
            return this;
        }

        /**
         * Sets the server token.
         *
         * @param secret the token
         * @return this
         */
        public Builder token(Secret secret) {
            this.token = Optional.of(secret);
            return this;
        }

        /**
         * Sets how often the node says that it is alive.
         *
         * @param interval 300 ms to 1 minute, default 5 s; a silent node is dead after three
         * @return this
         */
        public Builder beat(Duration interval) {
            this.beat = interval;
            return this;
        }

        /**
         * Sets how long {@link Cluster#close()} waits for running work.
         *
         * @param time up to 1 hour, default 25 s
         * @return this
         */
        public Builder drain(Duration time) {
            this.drain = time;
            return this;
        }

        /**
         * Sets the longest cache value.
         *
         * @param bytes up to 512 MiB, default 16 MiB
         * @return this
         */
        public Builder maxValueBytes(int bytes) {
            this.maxValueBytes = bytes;
            return this;
        }

        /**
         * Sets the longest message.
         *
         * @param bytes 1 KiB to 16 MiB, default 1 MiB
         * @return this
         */
        public Builder maxFrameBytes(int bytes) {
            this.maxFrameBytes = bytes;
            return this;
        }

        /**
         * Checks and freezes the settings.
         *
         * @return the settings
         * @throws IllegalArgumentException if one is out of its limits
         */
        public ClusterConfig build() {
            return new ClusterConfig(
                    transport, ready, name, metadata, token, beat, drain, maxValueBytes, maxFrameBytes);
        }
    }
}
