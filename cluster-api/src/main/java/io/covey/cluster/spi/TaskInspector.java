package io.covey.cluster.spi;

import io.covey.cluster.spi.TaskBroker.Failure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Looks into queues without changing them. */
public interface TaskInspector {

    /**
     * The queues known to the backend, by name.
     *
     * @return what is in each
     */
    CompletionStage<List<QueueInfo>> queues();

    /**
     * What does not belong to one queue.
     *
     * @return {@code delayed}, {@code failed} and perhaps more, each with its count
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
     * What is in a queue.
     *
     * @param queue its name
     * @param waiting tasks that wait, those to be run again included
     * @param active tasks that are leased
     * @param retry tasks that wait for their retry
     */
    record QueueInfo(String queue, long waiting, long active, long retry) {}

    /**
     * A task that has failed.
     *
     * @param queue where it was
     * @param failure why it failed
     */
    record FailedTask(String queue, Failure failure) {}
}
