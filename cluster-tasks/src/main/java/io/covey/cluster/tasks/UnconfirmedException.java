package io.covey.cluster.tasks;

import io.covey.cluster.TransportException;
import java.util.Optional;

/**
 * No answer came in time, repeats included: the task may have been added or not. Whoever gave it an id adds it again
 * with the same id; within 24 hours it enters once.
 */
public class UnconfirmedException extends TransportException {
    private static final long serialVersionUID = 1L;
    private final transient Optional<String> id;

    /**
     * With the id of the task.
     *
     * @param message one line, without secrets
     * @param id the id that the caller gave, of the first task of a batch; empty if it gave none
     * @param cause what led to it
     */
    public UnconfirmedException(String message, Optional<String> id, Throwable cause) {
        super(message, cause);
        this.id = id;
    }

    /**
     * The id that the caller gave.
     *
     * @return of the first task of a batch; empty if it gave none
     */
    public Optional<String> id() {
        return id;
    }
}
