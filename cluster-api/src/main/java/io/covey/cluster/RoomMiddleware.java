package io.covey.cluster;

import java.util.Map;
import java.util.Optional;

/**
 * Has a say in what members do on one node; see {@link Rooms#use}. Asked on the thread that joins, leaves or says; what it
 * throws reaches the caller of that method, and nothing was done. The end of a node asks nobody.
 *
 * @param <M> the type of the messages
 */
public interface RoomMiddleware<M> {

    /**
     * Somebody wants to join.
     *
     * @param room the room's name
     * @param member who
     * @param metadata what the member brings
     * @return what the member joins with
     * @throws RoomRefusedException to refuse
     */
    default Map<String, String> join(String room, String member, Map<String, String> metadata) {
        return metadata;
    }

    /**
     * Somebody wants to leave, or shall be removed.
     *
     * @param room the room's name
     * @param member who
     * @throws RoomRefusedException to refuse
     */
    default void leave(String room, String member) {}

    /**
     * A member wants to say something.
     *
     * @param room the room's name
     * @param from who
     * @param message what
     * @return what is said instead; empty to drop it without a word
     * @throws RoomRefusedException to refuse
     */
    default Optional<M> say(String room, String from, M message) {
        return Optional.of(message);
    }
}
