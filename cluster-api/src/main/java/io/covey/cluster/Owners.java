package io.covey.cluster;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A directory of things that live on one node: the connections of clients, say. What a dead node held is gone with it. */
public interface Owners {

    /**
     * Says that this node holds something. A claim by a later call, here or elsewhere, wins.
     *
     * @param kind for example {@code connection}; {@code [A-Za-z0-9_.-]{1,64}}
     * @param key which one; at most 200 characters
     * @param metadata what others may know of it
     * @return gives it up (as soon as the backend answers, if it does not), and says whom it was taken from
     * @throws TransportException if the backend does not answer; should it be held all the same, it is given up as soon as the
     *     backend does
     */
    Hold hold(String kind, String key, Map<String, String> metadata);

    /**
     * Finds the holder.
     *
     * @param kind the kind
     * @param key which one
     * @return the node that holds it and is alive, empty if there is none
     * @throws TransportException if the backend does not answer
     */
    default Optional<Node> find(String kind, String key) {
        return look(kind, key).map(Owned::node);
    }

    /**
     * Finds the holder and what it said of the thing. One round trip.
     *
     * @param kind the kind
     * @param key which one
     * @return the thing, empty if no node that is alive holds it
     * @throws TransportException if the backend does not answer
     */
    Optional<Owned> look(String kind, String key);

    /**
     * Lists all things of a kind, read page by page as the stream is consumed.
     *
     * @param kind the kind
     * @return what nodes that are alive hold, each once, in no order; what comes or goes meanwhile may be among it or not
     * @throws TransportException if the backend does not answer, while the stream is consumed
     */
    Stream<Owned> list(String kind);

    /**
     * Counts the things of a kind. One round trip, whatever the number.
     *
     * @param kind the kind
     * @return how many; those of a node that died are counted until its death is noticed
     * @throws TransportException if the backend does not answer
     */
    long count(String kind);

    /**
     * How many things of a kind this node holds, as it knows. Asks nobody.
     *
     * @param kind the kind
     * @return their number
     */
    int held(String kind);

    /** A thing that this node holds until it gives it up. */
    interface Hold extends Registration {

        /**
         * Whom it was taken from. Nobody tells that node.
         *
         * @return the id of the node that held it, which may be dead; empty if nobody did, or this node
         */
        Optional<String> takenFrom();
    }

    /**
     * A thing that is held.
     *
     * @param kind what kind of thing
     * @param key which one
     * @param metadata what its holder said of it
     * @param node its holder
     */
    record Owned(String kind, String key, Map<String, String> metadata, Node node) {

        /** Copies the metadata. */
        public Owned {
            metadata = Map.copyOf(metadata);
        }
    }
}
