package io.covey.cluster.spi;

import io.covey.cluster.Position;
import java.util.List;

/**
 * A part of a history, read in one step.
 *
 * @param newest the present epoch, and the offset of the last message published in it, 0 if there was none
 * @param complete whether no message is missing between the start and the first of these; without any, whether there is
 *     none after the start
 * @param messages each next to the one before it
 */
public record HistoryPage(Position newest, boolean complete, List<Kept> messages) {

    /** Copies the list. */
    public HistoryPage {
        messages = List.copyOf(messages);
    }

    /**
     * Whether more was kept behind the last of these when it was read.
     *
     * @return false if these are all
     */
    public boolean more() {
        return !messages.isEmpty() && messages.get(messages.size() - 1).place().offset() < newest.offset();
    }
}
