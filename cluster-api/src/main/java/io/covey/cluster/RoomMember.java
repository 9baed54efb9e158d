package io.covey.cluster;

import java.time.Instant;
import java.util.Map;

/**
 * Somebody in a room.
 *
 * @param id who
 * @param metadata what the application said of the member
 * @param joinedAt when it joined, by the backend's clock; later if it joined again on another node
 * @param node the id of the node it belongs to
 */
public record RoomMember(String id, Map<String, String> metadata, Instant joinedAt, String node) {

    /** Copies the metadata. */
    public RoomMember {
        metadata = Map.copyOf(metadata);
    }
}
