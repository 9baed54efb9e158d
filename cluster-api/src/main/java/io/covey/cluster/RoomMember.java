package io.covey.cluster;

import java.time.Instant;
import java.util.Map;

/**
 * Somebody in a room.
 *
 * @param id who
 * @param metadata what the application said of him
 * @param joinedAt when he joined, by the backend's clock; later if he joined again on another node
 * @param node the id of the node he belongs to
 */
public record RoomMember(String id, Map<String, String> metadata, Instant joinedAt, String node) {

    /** Copies the metadata. */
    public RoomMember {
        metadata = Map.copyOf(metadata);
    }
}
