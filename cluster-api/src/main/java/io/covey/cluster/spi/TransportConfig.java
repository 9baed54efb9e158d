package io.covey.cluster.spi;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Where a backend is and how to talk to it, immutable.
 *
 * @param uri the URI, possibly with a password
 * @param namespace the prefix of all keys and channels of the cluster
 * @param taskNamespace the prefix of the task queues, which fleets of other makes may share
 * @param connectTimeout how long the first connection may take
 * @param commandTimeout how long an answer may take
 */
public record TransportConfig(
        String uri, String namespace, String taskNamespace, Duration connectTimeout, Duration commandTimeout) {

    private static final Pattern SCHEME = Pattern.compile("([a-z][a-z0-9+.-]*):.*", Pattern.DOTALL);
    /** Up to the last @ after the slashes, or after the beginning where somebody forgot the scheme; and in parameters. */
    private static final Pattern PASSWORD =
            Pattern.compile("(?<=//).*(?=@)|^(?!.*//).+(?=@)|(?<=(?i:password|pwd)=)[^;&]*", Pattern.DOTALL);

    /** Checks and copies the components. */
    public TransportConfig {
        if (!SCHEME.matcher(uri).matches()) {
            throw new IllegalArgumentException(
                    "A cluster URI starts with a scheme, such as local: or redis://host:6379, was "
                            + PASSWORD.matcher(uri).replaceAll("***"));
        }
        Names.check("namespace", namespace);
        Names.check(
                "task namespace",
                taskNamespace.startsWith("{") && taskNamespace.endsWith("}") && taskNamespace.length() > 2
                        ? taskNamespace.substring(1, taskNamespace.length() - 1)
                        : taskNamespace);
        positive("connectTimeout", connectTimeout);
        positive("commandTimeout", commandTimeout);
    }

    /**
     * The defaults: namespaces {@code covey} and {@code resque}, 5 s to connect, 5 s for an answer.
     *
     * @param uri the URI
     * @return the settings
     */
    public static TransportConfig of(String uri) {
        return new TransportConfig(uri, "covey", "resque", Duration.ofSeconds(5), Duration.ofSeconds(5));
    }

    /**
     * The part of the URI before the first colon.
     *
     * @return for example {@code redis}
     */
    public String scheme() {
        return uri.substring(0, uri.indexOf(':'));
    }

    /**
     * The URI as it may be printed.
     *
     * @return with three stars for user and password
     */
    public String printableUri() {
        return PASSWORD.matcher(uri).replaceAll("***");
    }

    /**
     * With another namespace.
     *
     * @param other {@code [A-Za-z0-9_.:-]{1,128}}
     * @return a copy
     */
    public TransportConfig withNamespace(String other) {
        return new TransportConfig(uri, other, taskNamespace, connectTimeout, commandTimeout);
    }

    /**
     * With another namespace for task queues.
     *
     * @param other {@code [A-Za-z0-9_.:-]{1,128}}, possibly in braces
     * @return a copy
     */
    public TransportConfig withTaskNamespace(String other) {
        return new TransportConfig(uri, namespace, other, connectTimeout, commandTimeout);
    }

    /**
     * With other timeouts.
     *
     * @param connect how long the first connection may take
     * @param command how long an answer may take
     * @return a copy
     */
    public TransportConfig withTimeouts(Duration connect, Duration command) {
        return new TransportConfig(uri, namespace, taskNamespace, connect, command);
    }

    /**
     * How long to wait for a transport, which times its own commands: this is for one that does not.
     *
     * @return twice the time that an answer may take
     */
    public Duration patience() {
        return commandTimeout.multipliedBy(2);
    }

    private static void positive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + " must be positive, was " + value);
        }
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "TransportConfig[" + printableUri() + ", namespace=" + namespace + ", taskNamespace=" + taskNamespace
                + ", connectTimeout=" + connectTimeout + ", commandTimeout=" + commandTimeout + "]";
    }
}
