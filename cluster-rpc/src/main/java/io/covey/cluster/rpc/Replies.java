package io.covey.cluster.rpc;

import io.covey.cluster.Node;
import io.covey.cluster.rpc.RpcException.Reason;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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
     * Who was asked.
     *
     * @return the members when the call was sent
     */
    public Set<Node> expected() {
        Set<Node> expected = new LinkedHashSet<>(answers.keySet());
        expected.addAll(failures.keySet());
        return expected;
    }

    /**
     * Who said that it has no result: it threw, does not serve the procedure, is busy, or could not read the argument.
     *
     * @return some of those in {@code failures}
     */
    public Set<Node> failed() {
        return failuresWith(Set.of(Reason.FAILED, Reason.UNKNOWN_PROCEDURE, Reason.BUSY, Reason.BAD_ARGUMENT));
    }

    /**
     * Who died or left before it answered, or has never opened its calls. Nobody waited for it until the timeout.
     *
     * @return some of those in {@code failures}
     */
    public Set<Node> died() {
        return failuresWith(Set.of(Reason.NODE_LOST, Reason.NO_NODE));
    }

    /**
     * Who is alive and had not answered at the timeout.
     *
     * @return some of those in {@code failures}
     */
    public Set<Node> silent() {
        return failuresWith(Set.of(Reason.TIMEOUT));
    }

    private Set<Node> failuresWith(Set<Reason> reasons) {
        return failures.entrySet().stream()
                .filter(failure -> reasons.contains(failure.getValue().reason()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(LinkedHashSet::new));
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
     * The answer that came first.
     *
     * @return who answered what
     * @throws RpcException the first failure, if nobody answered
     */
    public Reply<R> first() {
        Map.Entry<Node, R> first = atLeast(1).answers.entrySet().iterator().next();
        return new Reply<>(first.getKey(), first.getValue());
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
                        Reason.NO_NODE,
                        n + " answers were asked for and only " + answers.size() + " members are there"));
    }
}
