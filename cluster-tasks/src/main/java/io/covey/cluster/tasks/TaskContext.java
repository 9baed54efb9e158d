package io.covey.cluster.tasks;

import io.covey.cluster.LeaseLostException;
import io.covey.cluster.TransportException;

/** The task that a handler runs. */
public interface TaskContext {

    /**
     * Names the task from its first claim on, over retries and second runs. On queues in the bytes of resque it is not
     * what {@link Enqueued#id()} said, which has no place there: put what you need to follow into the payload.
     *
     * @return its id
     */
    String id();

    /**
     * The queue it came from.
     *
     * @return the queue
     */
    String queue();

    /**
     * Which run this is. Runs that were given back at a stop do not count.
     *
     * @return from 1
     */
    int attempt();

    /**
     * How many workers were handed the task since it was last settled in order, this one included. More than 1 means that
     * a worker died with it.
     *
     * @return from 1
     */
    int deliveries();

    /**
     * A number that grows from claim to claim of a queue. A resource that remembers the newest fence of a task and refuses
     * an older one is safe from a worker that was paused for longer than its lease.
     *
     * @return positive and below 2^53
     */
    long fence();

    /**
     * Whether the task was surely this worker's when this method was called. Ask right before an effect.
     *
     * @return false once the task is lost, and while nothing confirmed the lease for as long as it lasts; a later
     *     confirmation makes it true again
     */
    boolean stillMine();

    /**
     * Returns if the task is surely this worker's; where that is not known, asks the backend and waits for the answer, up
     * to one lease.
     *
     * @throws LeaseLostException if the task is lost: it was or will be run elsewhere
     * @throws TransportException if no answer came in time, or the thread was interrupted meanwhile
     */
    void assertMine();
}
