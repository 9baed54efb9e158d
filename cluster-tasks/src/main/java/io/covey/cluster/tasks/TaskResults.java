package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.CodecException;
import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskNotes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What has become of tasks: their results and how far they are. A task of a queue of kind OWN is known by its receipt. On a
 * queue of kind SHARED only its worker knows what a task is called, see {@link TaskContext#id()}.
 */
public final class TaskResults {
    private static final long FIRST_PAUSE = Duration.ofMillis(10).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofMillis(250).toNanos();

    private final Cluster cluster;
    private final TaskNotes notes;
    private final Duration timeout;

    TaskResults(Cluster cluster, Duration timeout) {
        this.cluster = cluster;
        this.notes = Brokers.notes(cluster);
        this.timeout = timeout;
    }

    /**
     * The result of a task.
     *
     * @param <R> the type of the result
     * @param task its receipt
     * @param type the class of the result
     * @return empty if it has none, or not yet, or not any more
     * @throws CodecException if the result is of another type
     * @throws TransportException if the backend does not answer
     */
    public <R> Optional<R> get(Enqueued task, Class<R> type) {
        return get(task.queue(), task.id(), type);
    }

    /**
     * The result of a task.
     *
     * @param <R> the type of the result
     * @param queue its queue
     * @param id its id
     * @param type the class of the result
     * @return empty if it has none, or not yet, or not any more
     * @throws CodecException if the result is of another type
     * @throws TransportException if the backend does not answer
     */
    public <R> Optional<R> get(String queue, String id, Class<R> type) {
        return note(queue, id, TaskNotes.RESULT)
                .map(bytes -> cluster.codec(type).decode(bytes));
    }

    /**
     * Waits for the result of a task.
     *
     * @param <R> the type of the result
     * @param task its receipt
     * @param type the class of the result
     * @param longest how long
     * @return empty if it had none by then: it is not done, or its handler gave no result
     * @throws TaskFailedException as soon as it is known that it will not be done: it has failed for good, was cancelled, or
     *     was dropped as its type says, less than an hour ago. One that tools removed by what it is, or that was replaced while
     *     it was debounced, is not told of
     * @throws RefusedException if the queue is of kind SHARED, whose tasks a receipt does not name
     * @throws CodecException if the result is of another type
     * @throws TransportException if the backend does not answer, or the thread was interrupted meanwhile
     */
    public <R> Optional<R> await(Enqueued task, Class<R> type, Duration longest) {
        long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(longest);
        Optional<R> result = get(task, type);
        if (result.isEmpty()) {
            refuseShared(task.queue());
        }
        long pause = FIRST_PAUSE;
        while (result.isEmpty()) {
            Optional<TaskFailure> failure = failure(task);
            if (failure.isPresent()) {
                throw new TaskFailedException(task, failure.get());
            }
            if (end - System.nanoTime() <= 0) {
                break;
            }
            sleep(Math.max(1, Math.min(pause, end - System.nanoTime())), task);
            pause = Math.min(LONGEST_PAUSE, pause * 2);
            result = get(task, type);
        }
        return result;
    }

    /**
     * Why a task will not be done.
     *
     * @param task its receipt
     * @return empty if it may be done yet or is, or it was longer ago than an hour
     * @throws TransportException if the backend does not answer
     */
    public Optional<TaskFailure> failure(Enqueued task) {
        return failure(task.queue(), task.id());
    }

    /**
     * Why a task will not be done.
     *
     * @param queue its queue
     * @param id its id
     * @return empty if it may be done yet or is, or it was longer ago than an hour
     * @throws TransportException if the backend does not answer
     */
    public Optional<TaskFailure> failure(String queue, String id) {
        return note(queue, id, TaskNotes.FAILURE).map(TaskFailure::of);
    }

    /**
     * How far a task is.
     *
     * @param task its receipt
     * @return empty if it has said nothing, or some time ago
     * @throws TransportException if the backend does not answer
     */
    public Optional<TaskProgress> progress(Enqueued task) {
        return progress(task.queue(), task.id());
    }

    /**
     * How far a task is.
     *
     * @param queue its queue
     * @param id its id
     * @return empty if it has said nothing, or some time ago
     * @throws TransportException if the backend does not answer
     */
    public Optional<TaskProgress> progress(String queue, String id) {
        return note(queue, id, TaskNotes.PROGRESS).map(TaskProgress::of);
    }

    private Optional<byte[]> note(String queue, String id, String name) {
        return Await.on(
                notes.get(queue, id, name), timeout, "read the " + name + " of task " + id + " of queue " + queue);
    }

    private void refuseShared(String queue) {
        Kind kind = Brokers.of(cluster)
                .control()
                .map(control -> Await.on(control.settings(queue), timeout, "read the settings of queue " + queue)
                        .kind())
                .orElse(Kind.OWN);
        if (kind == Kind.SHARED) {
            throw new RefusedException("The queue " + queue + " is of kind SHARED: its tasks carry no id by which a "
                    + "result could be waited for; set its kind to OWN while it is empty");
        }
    }

    private static void sleep(long nanos, Enqueued task) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransportException("interrupted while waiting for the result of task " + task.id(), e);
        }
    }
}
