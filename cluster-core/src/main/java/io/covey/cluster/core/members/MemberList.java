package io.covey.cluster.core.members;

import io.covey.cluster.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Members, oldest first.
 *
 * @param list the members
 * @param byId the same by id
 */
record MemberList(List<Node> list, Map<String, Node> byId) {
    private static final Comparator<Node> OLDEST_FIRST =
            Comparator.comparing(Node::joinedAt).thenComparing(Node::id);

    static MemberList of(Collection<Node> nodes) {
        List<Node> sorted = new ArrayList<>(nodes);
        sorted.sort(OLDEST_FIRST);
        Map<String, Node> byId = new HashMap<>();
        sorted.forEach(node -> byId.put(node.id(), node));
        return new MemberList(List.copyOf(sorted), Map.copyOf(byId));
    }
}
