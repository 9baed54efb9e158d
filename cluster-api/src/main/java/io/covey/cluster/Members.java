package io.covey.cluster;

import java.util.List;
import java.util.Optional;

/**
 * Who is in the cluster, as this node last heard. A node that stops beating is out after its lease; one that closes is
 * out at once.
 */
public interface Members {

    /**
     * The nodes alive, this one included, oldest first. Does not block: the list is renewed with each beat.
     *
     * @return the members
     */
    List<Node> list();

    /**
     * Finds a member alive.
     *
     * @param id a node's id
     * @return the node, empty if it is not alive
     */
    Optional<Node> find(String id);

    /**
     * Asks the backend now instead of waiting for the next beat.
     *
     * @return the nodes alive, oldest first
     * @throws TransportException if the backend does not answer
     */
    List<Node> refresh();

    /**
     * Hears of changes, in order, on a thread of this node's that is not a network thread. Each incarnation joins once
     * and leaves once, unless it was taken for dead and comes back: then it joins again.
     * {@link #list} shows a change before anybody hears of it.
     *
     * @param listener hears of each change after this call
     * @return ends the listening
     */
    Registration onChange(Listener listener);

    /** Hears of a change. */
    @FunctionalInterface
    interface Listener {

        /**
         * A member came or went.
         *
         * @param change what happened
         * @param node to whom
         */
        void changed(Change change, Node node);
    }

    /** What can happen to a member. More may come. */
    enum Change {
        /** It joined. */
        JOINED,
        /** It said goodbye. */
        LEFT,
        /** It was silent for longer than its lease. */
        DIED
    }
}
