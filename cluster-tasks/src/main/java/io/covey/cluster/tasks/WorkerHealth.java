package io.covey.cluster.tasks;

import java.util.List;

/**
 * How a worker is.
 *
 * @param up whether it gets on with its work, as far as it knows
 * @param reasons why it does not, one line each; empty if it does
 */
public record WorkerHealth(boolean up, List<String> reasons) {

    /** Copies the reasons. */
    public WorkerHealth {
        reasons = List.copyOf(reasons);
    }
}
