package io.covey.cluster.spi;

import io.covey.cluster.spi.TaskBroker.Held;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What is kept of a task beside it, for a time: its result, its progress, the effects that it has done. */
public interface TaskNotes {

    /** The name of the note that holds a task's result. */
    String RESULT = "result";

    /**
     * The name of the note that says why a task will never be done: {@code exception LF message} in UTF-8. The backend keeps it,
     * in one step with the end, for {@link #FAILURE_KEPT}: of tasks whose producer knows them, that have failed for good, killed
     * too many owners, or were cancelled while they waited. It is gone when the failed task is run again.
     */
    String FAILURE = "failure";

    /** For how long it is known why a task failed. */
    Duration FAILURE_KEPT = Duration.ofHours(1);

    /** The name of the note that says how far a task is. */
    String PROGRESS = "progress";

    /**
     * Keeps something of a leased task, replacing what has its name.
     *
     * @param held the lease
     * @param id the task as its producer knows it
     * @param name of the note, 1 to 200 characters
     * @param note up to 1 MiB
     * @param keep for how long
     * @return false if the lease's fence is not the task's newest, or the task has ended; nothing was kept then
     * @throws IllegalArgumentException if the name or the note is too long, or the name is empty
     */
    CompletionStage<Boolean> put(Held held, String id, String name, byte[] note, Duration keep);

    /**
     * Reads a note.
     *
     * @param queue the task's queue
     * @param id the task as its producer knows it
     * @param name of the note
     * @return empty if there is none, or not any more
     */
    CompletionStage<Optional<byte[]>> get(String queue, String id, String name);
}
