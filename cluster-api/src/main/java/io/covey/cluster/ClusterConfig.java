package io.covey.cluster;

import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The settings of a node, immutable.
 *
 * @param transport where the backend is and how to talk to it
 * @param ready a transport that was opened already, which the node closes with itself; then the URI is not looked at
 * @param name what a person calls this node; two nodes may share it
 * @param metadata what the other members may know of this node
 * @param security how messages are signed
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
        Security security,
        Duration beat,
        Duration drain,
        int maxValueBytes,
        int maxFrameBytes) {

    /** The environment variable that holds the server token. */
    public static final String TOKEN_VARIABLE = "COVEY_TOKEN";

    /** The environment variable that names a file with the server token, and others that are accepted; it goes first. */
    public static final String TOKEN_FILE_VARIABLE = "COVEY_TOKEN_FILE";

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
        private Supplier<Security> security = Builder::ofTheEnvironment;
        private final Set<String> secured = new LinkedHashSet<>();
        private Duration beat = Duration.ofSeconds(5);
        private Duration drain = Duration.ofSeconds(25);
        private int maxValueBytes = 16 * MIB;
        private int maxFrameBytes = MIB;

        private Builder(TransportConfig transport) {
            this.transport = transport;
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
         * Sets the server tokens, whatever the environment says.
         *
         * @param signing signs, and is accepted
         * @param accepted are accepted too, while tokens are replaced
         * @return this
         */
        public Builder token(Secret signing, Secret... accepted) {
            List<Secret> tokens =
                    Stream.concat(Stream.of(signing), Stream.of(accepted)).toList();
            this.security = () -> signed(tokens, Optional.empty());
            return this;
        }

        /**
         * Sets the file with the server tokens, whatever the environment says. It is read by {@link #build}, and again by
         * the running node when it changes, which is noticed within 5 s; what cannot be used then changes nothing.
         *
         * @param file one token a line: the first signs, all are accepted; empty lines and those that begin with
         *     {@code #} are passed over
         * @return this
         */
        public Builder tokenFile(Path file) {
            this.security = () -> ofFile(new TokenFile(file));
            return this;
        }

        /**
         * Turns security off, whatever the environment says: nothing is signed and every message is accepted, so that
         * whoever reaches the backend can call what the nodes serve. The node says so when it starts. Nodes with a token
         * accept nothing of a node without.
         *
         * @return this
         */
        public Builder withoutSecurity() {
            this.security = () -> new Security(List.of(), Optional.empty(), true, Set.of());
            return this;
        }

        /**
         * Adds to the secured namespace, beside {@code /cluster}: topics cannot publish or subscribe there, only
         * {@link Cluster#bus}. The same on every node.
         *
         * @param channel a channel, which is secured with all below it
         * @return this
         * @throws IllegalArgumentException if it is not a channel
         */
        public Builder secured(String channel) {
            this.secured.add(ChannelPattern.exact(channel));
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
         * @throws IllegalArgumentException if one is out of its limits, such as a server token that is too weak
         * @throws UncheckedIOException if a file with server tokens cannot be read
         */
        public ClusterConfig build() {
            return new ClusterConfig(
                    transport, ready, name, metadata, security(), beat, drain, maxValueBytes, maxFrameBytes);
        }

        private Security security() {
            Security chosen = security.get();
            return new Security(chosen.tokens(), chosen.file(), chosen.off(), secured);
        }

        private static Security ofTheEnvironment() {
            Optional<String> file = variable(TOKEN_FILE_VARIABLE);
            if (file.isPresent()) {
                return ofFile(new TokenFile(Path.of(file.get())));
            }
            return signed(variable(TOKEN_VARIABLE).map(Secret::of).stream().toList(), Optional.empty());
        }

        private static Optional<String> variable(String name) {
            return Optional.ofNullable(System.getenv(name)).filter(text -> !text.isEmpty());
        }

        private static Security ofFile(TokenFile file) {
            return signed(file.read(), Optional.of(file));
        }

        private static Security signed(List<Secret> tokens, Optional<TokenFile> file) {
            return new Security(tokens, file, false, Set.of());
        }
    }
}
