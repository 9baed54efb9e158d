package io.covey.cluster.rpc;

import io.covey.cluster.ClusterException;
import io.covey.cluster.Members;
import io.covey.cluster.Node;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.wire.RpcOffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What the other nodes say that they serve, and what they said when they were asked. It says whom to ask first; those who
 * offer nothing are asked in the end all the same, since news of what they serve may be under way.
 */
final class Offers {
    private static final int MOST_NODES = 10_000;
    private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Ranks, the best first: it says that it serves it; nobody knows; busy, or suspected to be dead; it says that it does not. */
    private static final int OFFERED = 0;

    private static final int UNKNOWN = 1;
    private static final int LATE = 2;
    private static final int DENIED = 3;

    private final Map<String, Known> byNode = new ConcurrentHashMap<>();
    private final Members members;

    Offers(Members members) {
        this.members = members;
    }

    private static final class Known {
        private final Set<String> offered;
        private final boolean more;
        private final Set<String> denied = ConcurrentHashMap.newKeySet();
        private volatile long busyAt = System.nanoTime() - BUSY_NANOS;

        Known(RpcOffer offer) {
            this.offered =
                    offer.getProcedureList().stream().filter(Procedure::isName).collect(Collectors.toUnmodifiableSet());
            this.more = offer.getMore();
        }

        int rank(String procedure) {
            if (denied.contains(procedure)) {
                return DENIED;
            }
            if (!offered.contains(procedure)) {
                return more ? UNKNOWN : DENIED;
            }
            return System.nanoTime() - busyAt < BUSY_NANOS ? LATE : OFFERED;
        }
    }

    void heard(String node, RpcOffer offer) {
        if (byNode.size() >= MOST_NODES) {
            byNode.keySet().removeIf(id -> members.find(id).isEmpty());
        }
        if (byNode.size() < MOST_NODES || byNode.containsKey(node)) {
            byNode.put(node, new Known(offer));
        }
    }

    /** Whether it has ever said what it serves, were it nothing. */
    boolean knows(Node node) {
        return byNode.containsKey(node.id());
    }

    /** It runs nothing any more. */
    void closing(String node) {
        heard(node, RpcOffer.getDefaultInstance());
    }

    void gone(Node node) {
        byNode.remove(node.id());
    }

    /** A node said that it does not serve it, or that it is busy. */
    void refused(Node node, String procedure, Reason reason) {
        if (reason == Reason.UNKNOWN_PROCEDURE) {
            known(node).denied.add(procedure);
        } else if (reason == Reason.BUSY) {
            known(node).busyAt = System.nanoTime();
        }
    }

    private Known known(Node node) {
        return byNode.computeIfAbsent(
                node.id(), id -> new Known(RpcOffer.newBuilder().setMore(true).build()));
    }

    /** One of the best, at random, among those that were not asked. */
    Optional<Node> pick(String procedure, Map<String, Node> asked) {
        List<Node> nodes = members.list();
        List<Node> late = members.suspected();
        int from = ThreadLocalRandom.current().nextInt(nodes.size());
        Optional<Node> best = Optional.empty();
        int bestRank = Integer.MAX_VALUE;
        for (int i = 0; i < nodes.size() && bestRank > OFFERED; i++) {
            Node node = nodes.get((from + i) % nodes.size());
            Known known = byNode.get(node.id());
            int rank = known == null ? UNKNOWN : known.rank(procedure);
            if (!late.isEmpty() && late.contains(node)) {
                rank = Math.max(rank, LATE);
            }
            if (rank < bestRank && !asked.containsKey(node.id())) {
                best = Optional.of(node);
                bestRank = rank;
            }
        }
        return best;
    }

    /** Of those who joined meanwhile. */
    private Optional<Node> refreshed(String procedure, Map<String, Node> asked) {
        try {
            members.refresh();
            return pick(procedure, asked);
        } catch (ClusterException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    /**
     * Whom a call to any may ask.
     *
     * @param lookups where lookups block
     */
    Candidates any(String procedure, Executor lookups) {
        return new Candidates() {
            @Override
            public Optional<Node> known(Map<String, Node> asked) {
                return pick(procedure, asked);
            }

            @Override
            public CompletionStage<Optional<Node>> find(Map<String, Node> asked) {
                return CompletableFuture.supplyAsync(() -> refreshed(procedure, asked), lookups);
            }

            @Override
            public boolean isOne() {
                return false;
            }

            @Override
            public void refused(Node node, Reason reason) {
                Offers.this.refused(node, procedure, reason);
            }

            @Override
            public RpcException none(String name) {
                return new RpcException(Reason.NO_NODE, "rpc " + name + ": there is no member to ask; it was not sent");
            }
        };
    }
}
