package io.covey.cluster;

import java.util.Optional;

/** A subscription that was made; ends when it is closed. */
public interface Subscription extends Registration {

    /**
     * What it has heard up to now.
     *
     * @return the numbers, read one after the other
     */
    SubscriptionStats stats();

    /**
     * Whether nothing was missing between the start asked for and the first message published afterwards.
     *
     * @return false if the history did not reach back to a {@link Start#after}; then the listener heard of a gap first
     */
    boolean recovered();

    /**
     * Where in the history the subscriber is: after the last message that its listener returned from.
     *
     * @return empty if the topic has no history
     */
    Optional<Position> position();
}
