package io.covey.cluster.tasks;

import io.covey.cluster.TransportException;
import java.util.Objects;
import java.util.stream.Stream;

/** A run had to end while it waited for a backend that was away: no fault of its task, and no attempt. */
final class UnansweredException extends TransportException {
    private static final long serialVersionUID = 1L;
    private static final int DEEPEST = 50;

    UnansweredException(String message) {
        super(message);
    }

    UnansweredException(String message, Throwable cause) {
        super(message, cause);
    }

    static boolean isBehind(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Backtrace::cause)
                .limit(DEEPEST)
                .anyMatch(UnansweredException.class::isInstance);
    }
}
