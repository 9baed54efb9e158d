package io.covey.cluster.core.messaging;

import io.covey.cluster.Gap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A gap of messages that no history has, where a channel is heard with one: there may be none. Told at once to whoever has
 * heard such messages, to others before the first that they hear. Not thread-safe.
 */
public final class UnkeptGap {
    private boolean heard;
    private @Nullable Gap untold;

    /** Nothing was heard or lost yet. */
    public UnkeptGap() {}

    /**
     * Such messages may be lost.
     *
     * @param gap of which
     * @return the gap, if it is to be told now
     */
    public Optional<Gap> lost(Gap gap) {
        if (heard) {
            return Optional.of(gap);
        }
        untold = gap;
        return Optional.empty();
    }

    /**
     * Such a message comes.
     *
     * @return what is to be told before it is heard
     */
    public Optional<Gap> untold() {
        return Optional.ofNullable(untold);
    }

    /** Such a message was heard. */
    public void heard() {
        heard = true;
        untold = null;
    }
}
