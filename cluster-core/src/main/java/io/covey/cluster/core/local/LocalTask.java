package io.covey.cluster.core.local;

import io.covey.cluster.spi.TaskBroker.Content;

/** A task of a queue, and where it is. Guarded by its queue. */
final class LocalTask {
    static final long NO_FENCE = 0;

    final String id;
    final Content content;
    Place place = Place.WAITING;
    /** Its position among those that are to run again. */
    long position;

    String owner = "";
    long fence = NO_FENCE;
    int deliveries;
    int attempts;

    LocalTask(String id, Content content) {
        this.id = id;
        this.content = content;
    }

    enum Place {
        WAITING,
        LEASED,
        REDO,
        LAST,
        RETRY,
        ENDED
    }
}
