package io.covey.cluster;

import java.util.List;

/**
 * A part of a history, as it was read.
 *
 * @param <M> the type of the messages
 * @param messages in the order in which they were published
 * @param recovered whether none is missing between the start and the first of them
 * @param position after the last of them; with none, where the history ends
 */
public record Past<M>(List<Received<M>> messages, boolean recovered, Position position) {

    /** Copies the list. */
    public Past {
        messages = List.copyOf(messages);
    }
}
