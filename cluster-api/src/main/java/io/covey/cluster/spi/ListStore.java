package io.covey.cluster.spi;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * Lists of items under names. A list is there as long as it has items. Names are any text without control characters, at
 * most 1 KiB in UTF-8; the caller has checked that.
 *
 * <p>A call that is repeated after a lost answer takes effect once and is answered again, if it comes within
 * {@link #REMEMBERED} and four command timeouts. Lanes of pushes and of pops are different ones.
 */
public interface ListStore {

    /** The most items that are pushed or popped by one call. */
    int MOST = 1000;

    /** For how long a step of a lane is remembered at least. */
    Duration REMEMBERED = Duration.ofMinutes(1);

    /**
     * Adds items in their order, all or none: pushed at the end they follow the last one, pushed at the head the first of
     * them becomes the list's first. If the bound is passed then, items at the other side are removed in the same atomic
     * step.
     *
     * @param call for a repeat after a lost answer: the same again
     * @param list which list
     * @param items 1 to {@link #MOST}
     * @param side where to
     * @param bound what the list may grow to, and until when it is kept
     * @return how long the list is then
     */
    CompletionStage<Long> push(Call call, String list, List<byte[]> items, Side side, Bound bound);

    /**
     * Removes items, as one atomic step.
     *
     * @param call for a repeat after a lost answer: the same again
     * @param list which list
     * @param most 1 to {@link #MOST}
     * @param side where from
     * @return what was removed, the outermost first; empty if there is no list
     */
    CompletionStage<List<byte[]>> pop(Call call, String list, int most, Side side);

    /**
     * Reads items, as one snapshot.
     *
     * @param list which list
     * @param from where to begin: 0 is the first item, −1 the last, −2 the one before
     * @param most how many, at least 1
     * @return the items in their order, fewer where the list ends
     */
    CompletionStage<List<byte[]>> range(String list, long from, int most);

    /**
     * Counts the items.
     *
     * @param list which list
     * @return how many, 0 if there is no list
     */
    CompletionStage<Long> length(String list);

    /**
     * Removes a list with all its items.
     *
     * @param list which list
     * @return false if there was none
     */
    CompletionStage<Boolean> remove(String list);

    /** One of the two ends. */
    enum Side {
        /** Where item 0 is. */
        HEAD,
        /** Where the last item is. */
        END
    }

    /**
     * What a list may become.
     *
     * @param most the most items, at least 1; empty for any number
     * @param ttl how long the list is kept after this push, at least 1 ms; empty to leave that as it is
     */
    record Bound(OptionalLong most, Optional<Duration> ttl) {

        /** No bound. */
        public static final Bound NONE = new Bound(OptionalLong.empty(), Optional.empty());
    }
}
