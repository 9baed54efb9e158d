package io.covey.cluster.tasks;

import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import java.time.Duration;

/** Something that happened in a worker. More kinds may come. */
public sealed interface WorkerEvent {

    /**
     * A handler starts.
     *
     * @param task which task
     */
    record Started(TaskRef task) implements WorkerEvent {}

    /**
     * A handler returned.
     *
     * @param task which task
     * @param took how long it ran
     */
    record Done(TaskRef task, Duration took) implements WorkerEvent {}

    /**
     * A handler threw; the task runs again.
     *
     * @param task which task
     * @param reason what it threw, in one line
     * @param delay not before this time from now
     */
    record Retried(TaskRef task, String reason, Duration delay) implements WorkerEvent {}

    /**
     * A task failed for good and is among the failed ones.
     *
     * @param task which task
     * @param reason why, in one line
     */
    record Failed(TaskRef task, String reason) implements WorkerEvent {}

    /**
     * A handler threw something after which its type's {@link RetryPolicy} drops the task.
     *
     * @param task which task
     * @param reason what it threw, in one line
     */
    record Discarded(TaskRef task, String reason) implements WorkerEvent {}

    /**
     * Somebody wanted a task to be stopped, and it was; it is among the failed ones. No {@link Failed} comes besides.
     *
     * @param task which task
     * @param started whether its handler had started
     */
    record Cancelled(TaskRef task, boolean started) implements WorkerEvent {}

    /**
     * A handler was interrupted because its time is over, or because somebody wants it to be stopped, and does not end. It
     * keeps its place and its lease until it does.
     *
     * @param task which task
     * @param reason why it was interrupted, in one line
     */
    record NotEnding(TaskRef task, String reason) implements WorkerEvent {}

    /**
     * A task was given back because the worker stops; the attempt does not count.
     *
     * @param task which task
     */
    record Released(TaskRef task) implements WorkerEvent {}

    /**
     * The worker was silent for too long: another has the task, or will.
     *
     * @param task which task
     */
    record LeaseLost(TaskRef task) implements WorkerEvent {}

    /**
     * The end of a task was reported too late and did not count.
     *
     * @param task which task
     * @param answer FENCED if it was claimed by another since, UNKNOWN if it was settled before or is gone
     */
    record Refused(TaskRef task, Settled answer) implements WorkerEvent {}

    /**
     * Upkeep found something, of any worker.
     *
     * @param event what
     */
    record Upkeep(TaskEvent event) implements WorkerEvent {}

    /**
     * The backend lost or replaced the data of a queue. The worker goes on.
     *
     * @param queue which
     * @param was the epoch before
     * @param is the epoch now
     */
    record DataEpochChanged(String queue, String was, String is) implements WorkerEvent {}

    /**
     * The worker lives and does not get on: it claims nothing for five beats and five seconds although there is something to
     * be claimed and place for it, or its own thread for that does not come round. It begins its conversations with the backend anew. Said once until it gets on.
     *
     * @param reason in one line
     */
    record NotGettingOn(String reason) implements WorkerEvent {}

    /**
     * The backend does not answer; the worker repeats its calls until it does.
     *
     * @param reason in one line
     */
    record Interrupted(String reason) implements WorkerEvent {}

    /**
     * The backend answers again.
     *
     * @param after how long it did not
     */
    record Resumed(Duration after) implements WorkerEvent {}

    /**
     * Names a task.
     *
     * @param queue where it came from
     * @param id its id
     * @param type its type; empty if it could not be read
     * @param attempt which run this is
     */
    record TaskRef(String queue, String id, String type, int attempt) {

        /** For example {@code task 42 (resize, queue images)}. */
        @Override
        public String toString() {
            return "task " + id + " (" + (type.isEmpty() ? "" : Names.printable(type) + ", ") + "queue " + queue + ")";
        }
    }
}
