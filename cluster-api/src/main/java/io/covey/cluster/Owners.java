package io.covey.cluster;

import java.util.Map;
import java.util.Optional;

/** A directory of things that live on one node: the connections of clients, say. What a dead node held is gone with it. */
public interface Owners {

    /**
     * Says that this node holds something. A claim by a later call, here or elsewhere, wins.
     *
     * @param kind for example {@code connection}; {@code [A-Za-z0-9_.-]{1,64}}
     * @param key which one; at most 200 characters
     * @param metadata what others may know of it
     * @return gives it up
     * @throws TransportException if the backend does not answer
     */
    Registration hold(String kind, String key, Map<String, String> metadata);

    /**
     * Finds the holder.
     *
     * @param kind the kind
     * @param key which one
     * @return the node that holds it and is alive, empty if there is none
     * @throws TransportException if the backend does not answer
     */
    Optional<Node> find(String kind, String key);
}
