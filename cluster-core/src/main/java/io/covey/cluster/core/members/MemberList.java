package io.covey.cluster.core.members;

import io.covey.cluster.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Members, oldest first.
 *
 * @param list the members
 * @param byId the same by id
 * @param suspected those of them that are late
 */
record MemberList(List<Node> list, Map<String, Node> byId, List<Node> suspected) {
    private static final Comparator<Node> OLDEST_FIRST =
            Comparator.comparing(Node::joinedAt).thenComparing(Node::id);

    static MemberList of(Collection<Node> nodes, Set<String> suspects) {
        List<Node> sorted = sorted(nodes);
        Map<String, Node> byId = new HashMap<>();
        sorted.forEach(node -> byId.put(node.id(), node));
        List<Node> suspected =
                sorted.stream().filter(node -> suspects.contains(node.id())).toList();
        return new MemberList(sorted, Map.copyOf(byId), suspected);
    }

    static List<Node> sorted(Collection<Node> nodes) {
        List<Node> sorted = new ArrayList<>(nodes);
        sorted.sort(OLDEST_FIRST);
        return List.copyOf(sorted);
    }

    Node leader() {
        return list.get(0);
    }
}
