package io.covey.cluster.spi;

import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One page of a listing.
 *
 * @param <T> what is listed
 * @param items some items
 * @param next the cursor of the page after; empty if this was the last
 */
public record Page<T>(List<T> items, Optional<String> next) {

    /**
     * The items of all pages of a listing. A page is asked for when those before it are used up, on the thread that uses them.
     *
     * @param <T> what is listed
     * @param pages the page at a cursor, the first for an empty one; what it throws, the stream throws
     * @return a lazy stream of what the pages hold, which may be the same twice
     */
    public static <T> Stream<T> stream(Function<Optional<String>, Page<T>> pages) {
        return StreamSupport.stream(new Pages<>(pages), false).flatMap(page -> page.items.stream());
    }

    private static final class Pages<T> extends AbstractSpliterator<Page<T>> {
        private final Function<Optional<String>, Page<T>> pages;
        private Optional<String> cursor = Optional.empty();
        private boolean over;

        Pages(Function<Optional<String>, Page<T>> pages) {
            super(Long.MAX_VALUE, Spliterator.NONNULL | Spliterator.ORDERED);
            this.pages = pages;
        }

        @Override
        public boolean tryAdvance(Consumer<? super Page<T>> action) {
            if (over) {
                return false;
            }
            Page<T> page = pages.apply(cursor);
            cursor = page.next();
            over = cursor.isEmpty();
            action.accept(page);
            return true;
        }
    }
}
