package io.covey.cluster;

import io.covey.cluster.spi.ChannelPattern;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the messages of a node are signed, immutable. See docs/security.md.
 *
 * @param tokens the server tokens: the first signs, all are accepted; without any, and unless {@code off}, messages
 *     between nodes are refused
 * @param file where the tokens came from, which is read again when it changes; or empty
 * @param off whether nothing is signed and everything is accepted
 * @param namespaces the channels of which everything below belongs to the secured namespace; {@code /cluster} is always
 *     among them
 */
public record Security(List<Secret> tokens, Optional<TokenFile> file, boolean off, Set<String> namespaces) {
    /** How many server tokens are accepted at a time. */
    public static final int MOST_TOKENS = 16;

    /** Where nodes speak to nodes. */
    public static final String CLUSTER_NAMESPACE = "/cluster";

    /** Checks and copies the components. */
    public Security {
        tokens = checked(tokens);
        if (off && !tokens.isEmpty()) {
            throw new IllegalArgumentException("Security is off or there is a server token, not both");
        }
        namespaces.forEach(ChannelPattern::exact);
        namespaces = Stream.concat(Stream.of(CLUSTER_NAMESPACE), namespaces.stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * No token: messages between nodes are refused, unless they stay in the process; topics are not signed.
     *
     * @return what a node has that was told nothing
     */
    public static Security none() {
        return new Security(List.of(), Optional.empty(), false, Set.of());
    }

    static List<Secret> checked(List<Secret> tokens) {
        List<Secret> distinct = tokens.stream().distinct().toList();
        if (distinct.size() > MOST_TOKENS) {
            throw new IllegalArgumentException(
                    "At most " + MOST_TOKENS + " server tokens are accepted at a time, were " + distinct.size());
        }
        return distinct;
    }
}
