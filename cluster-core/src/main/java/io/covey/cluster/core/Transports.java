package io.covey.cluster.core;

import io.covey.cluster.ClusterException;
import io.covey.cluster.spi.TransportProvider;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the one provider that answers to a URI's scheme. */
final class Transports {
    private static final String ADD = "add io.covey:cluster-redis-";
    private static final String ADD_REDIS = ADD + "jedis or io.covey:cluster-redis-lettuce";

    private Transports() {}

    static TransportProvider choose(String scheme, List<TransportProvider> providers) {
        List<TransportProvider> answering =
                providers.stream().filter(p -> p.schemes().contains(scheme)).toList();
        if (answering.isEmpty()) {
            throw none(scheme, providers);
        }
        if (answering.size() > 1) {
            throw new ClusterException(answering.size() + " transports on the class path answer to " + scheme
                    + "://: use "
                    + answering.stream()
                            .map(p -> own(scheme, p) + ":// for " + p.artifact())
                            .sorted()
                            .collect(Collectors.joining(" or ")));
        }
        return answering.get(0);
    }

    private static ClusterException none(String scheme, List<TransportProvider> providers) {
        String known = providers.stream()
                .flatMap(p -> p.schemes().stream())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        if (scheme.startsWith("redis") || scheme.startsWith("valkey")) {
            return new ClusterException("No transport on the class path answers to " + scheme + "://: " + toAdd(scheme)
                    + (known.isEmpty() ? "" : " (known schemes: " + known + ")"));
        }
        return new ClusterException("No transport on the class path answers to " + scheme + ": "
                + (known.isEmpty()
                        ? "there is none at all, " + ADD_REDIS
                        : "the schemes known are " + known + "; for Redis " + ADD_REDIS));
    }

    /** The driver that a scheme names, or either. */
    private static String toAdd(String scheme) {
        for (String driver : List.of("jedis", "lettuce")) {
            if (scheme.endsWith("+" + driver)) {
                return ADD + driver;
            }
        }
        return ADD_REDIS;
    }

    /** {@code rediss} becomes {@code rediss+jedis} where there is one, so that the choice of the driver changes no more. */
    private static String own(String scheme, TransportProvider provider) {
        return provider.schemes().stream()
                .filter(s -> s.startsWith(scheme + "+"))
                .findFirst()
                .orElseGet(() -> provider.schemes().iterator().next());
    }
}
