package io.covey.cluster.tasks;

/**
 * The receipt of a task.
 *
 * @param queue where it was added
 * @param id the id that the caller gave, or a receipt. It names this call's task, not the run: queues in the bytes of resque
 *     have no room for an id, so there {@link TaskContext#id()} is made at the claim and is another
 * @param accepted false if its id was known, so that it was not added again
 */
public record Enqueued(String queue, String id, boolean accepted) {}
