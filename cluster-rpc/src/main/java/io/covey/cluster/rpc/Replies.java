package io.covey.cluster.rpc;

import io.covey.cluster.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What every member answered. The members expected are those alive when the call was sent; each is in {@code answers} or
 * in {@code failures}.
 *
 * @param <R> the type of the result
 * @param answers who answered what, in the order of arrival
 * @param failures who did not: it threw, does not serve the procedure, died meanwhile, or was silent until the timeout
 */
public record Replies<R>(Map<Node, R> answers, Map<Node, RpcException> failures) {

    /** Copies the maps, keeping their order. */
    public Replies {
        answers = new LinkedHashMap<>(answers);
        failures = new LinkedHashMap<>(failures);
    }

    /**
     * The results alone.
     *
     * @return in the order of arrival
     */
    public List<R> values() {
        return List.copyOf(answers.values());
    }

    /**
     * Demands a number of answers.
     *
     * @param n how many
     * @return this
     * @throws RpcException the first failure, if there are fewer answers
     */
    public Replies<R> atLeast(int n) {
        if (answers.size() >= n) {
            return this;
        }
        throw failures.values().stream()
                .findFirst()
                .orElseGet(() -> new RpcException(
                        RpcException.Reason.NO_NODE,
                        n + " answers were asked for and only " + answers.size() + " members are there"));
    }
}
