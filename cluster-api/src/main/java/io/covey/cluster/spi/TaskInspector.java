package io.covey.cluster.spi;

import io.covey.cluster.RefusedException;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Looks into queues without changing them. */
public interface TaskInspector {

    /**
     * The queues known to the backend, by name.
     *
     * @return what is in each
     */
    CompletionStage<List<QueueInfo>> queues();

    /**
     * The names of the queues that ever had tasks, of any make. Cheap.
     *
     * @return the names
     */
    default CompletionStage<Set<String>> names() {
        return queues().thenApply(all -> all.stream().map(QueueInfo::queue).collect(Collectors.toUnmodifiableSet()));
    }

    /**
     * What does not belong to one queue.
     *
     * @return {@code delayed} (those that {@link QueueInfo} does not count), {@code failed} and perhaps more, each with its
     *     count
     */
    CompletionStage<Map<String, Long>> totals();

    /**
     * Failed tasks, oldest first.
     *
     * @param offset how many to skip
     * @param limit how many at most
     * @return the failures
     */
    CompletionStage<List<FailedTask>> failed(long offset, int limit);

    /**
     * The tasks of a queue that nobody runs, in one state, a page at a time: those that wait about in the order in which they
     * will be handed out, the others by their time. While tasks move, some may be listed twice or not at all.
     *
     * @param queue its name
     * @param state which
     * @param cursor empty to begin, else that of the page before
     * @param limit about how many
     * @return some tasks, perhaps none although there are more pages
     */
    default CompletionStage<Page<StoredTask>> tasks(String queue, State state, Optional<String> cursor, int limit) {
        return CompletableFuture.failedStage(
                new RefusedException("This transport cannot list the tasks of queue " + queue + ", only count them"));
    }

    /**
     * What has gone through the queues that the backend knows, by name: two answers make a rate.
     *
     * @return empty if the backend does not count that
     */
    default CompletionStage<List<QueueFlow>> flows() {
        return CompletableFuture.completedStage(List.of());
    }

    /** Where a task is that nobody runs. */
    enum State {
        /** It may run: see {@link QueueInfo#waiting}. */
        WAITING,
        /** It has failed and runs again at its time. */
        RETRY,
        /** It was never tried, and runs at its time. */
        DELAYED
    }

    /**
     * A task that nobody runs.
     *
     * @param id by which it can be cancelled, see {@link QueueControl#cancel}; empty if it has none yet
     * @param content what it is
     * @param due when it may run; empty if it may now
     */
    record StoredTask(String id, Content content, Optional<Instant> due) {}

    /**
     * What has gone through a queue since it exists.
     *
     * @param queue its name
     * @param done tasks that workers of ours have done
     * @param failed tasks of it that have failed for good, counted by us
     * @param oldest since when the task has waited that has waited longest, where the backend knows; empty if none waits
     */
    record QueueFlow(String queue, long done, long failed, Optional<Instant> oldest) {}

    /**
     * What is in a queue.
     *
     * @param queue its name
     * @param waiting tasks that wait, those to be run again included
     * @param active tasks that are leased
     * @param retry tasks that wait for their retry
     * @param delayed tasks that wait for their time, where the backend counts them by queue
     * @param paused whether nothing is handed out
     */
    record QueueInfo(String queue, long waiting, long active, long retry, long delayed, boolean paused) {

        /**
         * A queue without delayed tasks, not paused.
         *
         * @param queue its name
         * @param waiting tasks that wait
         * @param active tasks that are leased
         * @param retry tasks that wait for their retry
         */
        public QueueInfo(String queue, long waiting, long active, long retry) {
            this(queue, waiting, active, retry, 0, false);
        }
    }

    /**
     * A task that has failed.
     *
     * @param queue where it was
     * @param failure why it failed
     * @param entry what the backend knows it by, see {@link QueueControl#retry}
     */
    record FailedTask(String queue, Failure failure, byte[] entry) {

        /**
         * One that cannot be named to the backend.
         *
         * @param queue where it was
         * @param failure why it failed
         */
        public FailedTask(String queue, Failure failure) {
            this(queue, failure, new byte[0]);
        }
    }
}
