package io.covey.cluster.tasks;

import io.covey.cluster.spi.Names;
import java.time.Instant;
import java.util.Optional;

/**
 * What else can be said of a task that is added. Immutable.
 *
 * @param queue another queue than its type's
 * @param id a name given by the caller: within 24 hours a second task of this id is not added to the queue
 * @param due when it may run, empty for now; backends may round up to a second
 */
public record EnqueueOptions(Optional<String> queue, Optional<String> id, Optional<Instant> due) {
    private static final EnqueueOptions NONE = new EnqueueOptions(Optional.empty(), Optional.empty(), Optional.empty());
    private static final int LONGEST_ID = 200;

    /** Checks the components. */
    public EnqueueOptions {
        queue.ifPresent(name -> Names.check("queue", name));
        id.ifPresent(text -> {
            if (text.isEmpty() || text.length() > LONGEST_ID) {
                throw new IllegalArgumentException("The id of a task must have 1 to " + LONGEST_ID + " characters, had "
                        + text.length() + ": \"" + Names.printable(text) + "\"");
            }
        });
    }

    /**
     * Nothing special: the queue of the type, no id, now.
     *
     * @return the options
     */
    public static EnqueueOptions none() {
        return NONE;
    }

    /**
     * With an id.
     *
     * @param text 1 to 200 characters
     * @return a copy
     */
    public EnqueueOptions withId(String text) {
        return new EnqueueOptions(queue, Optional.of(text), due);
    }

    /**
     * On a queue.
     *
     * @param name {@code [A-Za-z0-9_.:-]{1,128}}
     * @return a copy
     */
    public EnqueueOptions withQueue(String name) {
        return new EnqueueOptions(Optional.of(name), id, due);
    }

    /**
     * Not before a time.
     *
     * @param time by the backend's clock, see {@link io.covey.cluster.Cluster#clock()}; in the past means now
     * @return a copy
     */
    public EnqueueOptions withDue(Instant time) {
        return new EnqueueOptions(queue, id, Optional.of(time));
    }
}
