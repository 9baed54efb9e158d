package io.covey.cluster.core.local;

import io.covey.cluster.spi.EarlierAttempt;
import io.covey.cluster.spi.TaskBroker.Content;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A task of a queue, and where it is. Guarded by its queue. */
final class LocalTask {
    static final long NO_FENCE = 0;
    static final String NONE = "";

    final Content content;
    /** As its producer knows it, else {@link #NONE}. */
    final String publicId;
    /** Whose it is, else {@link #NONE}. */
    final String key;
    /** What is like it and waits for quiet, else {@link #NONE}. */
    String debounced = NONE;

    UniqueLocks.@Nullable Lock lock;
    /** As its leases name it, from the first claim on. */
    String id = NONE;

    Place place = Place.WAITING;
    /** Its position among those that are to run again. */
    long position;
    /** When it is due, if it waits for a time. */
    @Nullable
    Later later;

    String owner = NONE;
    long fence = NO_FENCE;
    int deliveries;
    int attempts;
    List<EarlierAttempt> earlier = List.of();
    /** Since when it waits, monotonic; 0 if it never did. */
    long waitsSince;

    LocalTask(Content content) {
        this.content = content;
        this.publicId =
                content instanceof Content.Readable readable ? readable.id().orElse(NONE) : NONE;
        this.key = content instanceof Content.Readable readable ? readable.key().orElse(NONE) : NONE;
    }

    /** How everybody names it: by its own id if it has one. */
    String name() {
        return publicId.isEmpty() ? id : publicId;
    }

    /** Somebody has had it in vain. */
    void attempted(String by, Instant at, String error) {
        earlier = EarlierAttempt.append(earlier, new EarlierAttempt(by, at, error));
    }

    boolean isOf(String type) {
        return content instanceof Content.Readable readable && readable.type().equals(type);
    }

    enum Place {
        WAITING,
        DELAYED,
        LEASED,
        REDO,
        LAST,
        RETRY,
        ENDED
    }

    /** A place in time. */
    record Later(long due, long number, LocalTask task) implements Comparable<Later> {

        @Override
        public int compareTo(Later other) {
            int byDue = Long.compare(due, other.due);
            return byDue == 0 ? Long.compare(number, other.number) : byDue;
        }
    }
}
