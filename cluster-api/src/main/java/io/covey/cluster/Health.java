package io.covey.cluster;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** How a node is: whether its backend answers, and what became of the messages. */
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
     * How many messages were dropped for what reason since this node joined. A message that several subscriptions of
     * this node drop counts for each.
     *
     * @return every reason with its count, a copy
     */
    Map<Rejection, Long> rejected();

    /**
     * How many messages this node has sent and heard.
     *
     * @return the counts now
     */
    MessageStats messages();

    /**
     * A state.
     *
     * @param up whether the backend answers
     * @param since since when
     * @param reason why it is down, in one line; empty if it is up
     */
    record State(boolean up, Instant since, Optional<String> reason) {}
}
