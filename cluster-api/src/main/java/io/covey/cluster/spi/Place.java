package io.covey.cluster.spi;

import io.covey.cluster.Position;

/**
 * Where a message stands in the history of its channel.
 *
 * @param epoch of the history
 * @param previous the offset of the message before it, 0 if it is the first of the epoch
 * @param offset its own, greater than that
 */
public record Place(String epoch, long previous, long offset) {

    /**
     * After this message.
     *
     * @return the position
     */
    public Position position() {
        return new Position(epoch, offset);
    }
}
