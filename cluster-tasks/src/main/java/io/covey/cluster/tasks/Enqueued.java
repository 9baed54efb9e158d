package io.covey.cluster.tasks;

/**
 * The receipt of a task.
 *
 * @param queue where it was added
 * @param id the id that the caller gave, or a receipt. On queues of kind OWN it names the task for good; queues in the bytes
 *     of resque have no room for an id, so there {@link TaskContext#id()} is made at the claim and is another
 * @param accepted false if its id was known or another like it held the lock, so that it was not added
 */
public record Enqueued(String queue, String id, boolean accepted) {

    /**
     * The other way round: it was not added, since its id was known or another like it is there.
     *
     * @return true if it was not added
     */
    public boolean duplicate() {
        return !accepted;
    }
}
