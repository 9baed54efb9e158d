package io.covey.cluster;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** How a node is: whether its backend answers. */
public interface Health {

    /**
     * The state now.
     *
     * @return as last seen
     */
    State state();

    /**
     * Hears of each change, in order, on a thread of this node's that is not a network thread.
     *
     * @param listener hears the new state
     * @return ends the listening
     */
    Registration onChange(Consumer<State> listener);

    /**
     * A state.
     *
     * @param up whether the backend answers
     * @param since since when
     * @param reason why it is down, in one line; empty if it is up
     */
    record State(boolean up, Instant since, Optional<String> reason) {}
}
