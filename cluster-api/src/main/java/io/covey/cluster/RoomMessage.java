package io.covey.cluster;

import java.time.Instant;
import java.util.Optional;

/**
 * What was said in a room.
 *
 * @param <M> the type of the message
 * @param room the room's name
 * @param from the member who said it, empty if the application did
 * @param message what
 * @param sentAt when, by the backend's clock
 * @param node the id of the node it was said on
 * @param toOthers whether it is not for the member who said it
 * @param position its place in the room's history, to go on from later; empty if it was said without one
 */
public record RoomMessage<M>(
        String room,
        Optional<String> from,
        M message,
        Instant sentAt,
        String node,
        boolean toOthers,
        Optional<Position> position) {

    /**
     * Whether a member shall get it.
     *
     * @param member who
     * @return false only for the one who said it, if it was said to the others
     */
    public boolean isFor(String member) {
        return !toOthers || from.isEmpty() || !from.get().equals(member);
    }
}
