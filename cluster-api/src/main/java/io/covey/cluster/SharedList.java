package io.covey.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A list shared by all nodes: whoever pushes and pops at the same time gets items of his own. Every method is one round
 * trip and throws {@link TransportException} if the backend does not answer, and {@link CodecException}, naming list and
 * codec, if an item cannot be read.
 *
 * <p><b>A lost answer.</b> When the connection breaks, a push or pop is repeated for up to twice the command timeout, and
 * takes effect once whether or not the first try did. If there is no answer even then, an exception says that it is not
 * known whether items were added or removed.
 *
 * <p><b>What was popped is gone</b> if the process that popped it dies. For work that must be done use tasks, which are
 * leased; nor is there a pop that waits.
 *
 * <p>An item is at most as long as the settings allow for cache values (16 MiB by default). What does not fit is refused
 * with {@link IllegalArgumentException}. Thread-safe.
 *
 * @param <E> the type of the items
 */
public interface SharedList<E> {

    /** The most items that one call takes or answers. */
    int MOST = 1000;

    /**
     * The name.
     *
     * @return as given
     */
    String name();

    /**
     * The same list, of which each push through the object returned keeps only the newest items: in the same atomic step it
     * removes those at the other side that are too many.
     *
     * @param most how many are kept, at least 1
     * @return a view with this bound
     */
    SharedList<E> keeping(long most);

    /**
     * The same list, which disappears a time after the last push through the object returned.
     *
     * @param ttl 1 ms to 10 years
     * @return a view with this time to live
     */
    SharedList<E> expiringAfter(Duration ttl);

    /**
     * Adds an item at the end.
     *
     * @param item the item
     * @return how long the list is then
     */
    long push(E item);

    /**
     * Adds items at the end, all or none, in their order and with nothing between them.
     *
     * @param items at most {@link #MOST}
     * @return how long the list is then
     */
    long pushAll(List<E> items);

    /**
     * Adds an item at the head.
     *
     * @param item the item
     * @return how long the list is then
     */
    long pushFirst(E item);

    /**
     * Removes the first item.
     *
     * @return the item, empty if there is none
     */
    Optional<E> pop();

    /**
     * Removes the first items. If one of them cannot be read, it and the others are gone.
     *
     * @param most how many, 1 to {@link #MOST}
     * @return the items in their order, empty if there are none
     */
    List<E> pop(int most);

    /**
     * Removes the last item.
     *
     * @return the item, empty if there is none
     */
    Optional<E> popLast();

    /**
     * Reads some items and leaves them where they are.
     *
     * @param from how many are skipped at the head
     * @param most how many are read, 1 to {@link #MOST}
     * @return the items in their order, fewer where the list ends
     */
    List<E> range(long from, int most);

    /**
     * Reads the last items and leaves them where they are.
     *
     * @param most how many, 1 to {@link #MOST}
     * @return the items in their order
     */
    List<E> last(int most);

    /**
     * Counts the items.
     *
     * @return how many
     */
    long size();

    /**
     * Removes all items.
     *
     * @return false if there were none
     */
    boolean clear();
}
