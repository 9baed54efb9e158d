package io.covey.cluster;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Who is in the cluster, as this node last heard. A node that stops beating is suspected after one and a half beats and
 * out after its lease, which is three; one that closes is out at once.
 */
public interface Members {

    /**
     * The nodes alive, this one included, oldest first. Does not block: the list is renewed with each beat.
     *
     * @return the members
     */
    List<Node> list();

    /**
     * Those of {@link #list} that have not beaten for longer than one and a half beats: they may be dead, stopped, cut off
     * or just slow. Does not block.
     *
     * @return the members suspected, oldest first; never this node
     */
    List<Node> suspected();

    /**
     * The first of {@link #list}: the member that joined first, by the backend's clock. A hint for what is to be done by
     * one node and does no harm if two do it, since the nodes learn of a change one after the other; what must be done by
     * one only is for a {@link Cluster#lock} and its fence. Who closes hands over at once, who dies after its lease. Does
     * not block.
     *
     * @return the leader, perhaps this node
     */
    Node leader();

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
     * Hears of changes, on a thread of this node's that is not a network thread. {@link #list} and {@link #suspected} show a
     * change before anybody hears of it: who first listens and then lists misses nobody.
     *
     * <p>The changes of one incarnation come in this order: {@link Change#JOINED} unless it was there before; then
     * {@link Change#SUSPECTED} and {@link Change#RESUMED} by turns, as often as it happens; then either
     * {@link Change#LEFT} or {@link Change#DIED}, once, whether it was suspected at the time or not. Only a node that was
     * taken for dead and beats again joins once more under its old id, and can leave once more. Nothing is said about
     * the order of changes of different nodes.
     *
     * @param listener hears of each change after this call, one at a time
     * @return ends the listening
     */
    Registration onChange(Listener listener);

    /**
     * Hears who leads, soon after this call and whenever that changes, one call at a time on a thread of this node's. A
     * leader that was followed by another before the listener was called is left out.
     *
     * @param listener is given the {@link #leader}
     * @return ends the listening
     */
    Registration onLeader(Consumer<Node> listener);

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
        /** It has been silent for longer than one and a half beats. It is still a member. */
        SUSPECTED,
        /** It was suspected and beats again. */
        RESUMED,
        /** It said goodbye. */
        LEFT,
        /** It was silent for longer than its lease. */
        DIED
    }
}
