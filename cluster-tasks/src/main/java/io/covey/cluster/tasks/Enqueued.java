package io.covey.cluster.tasks;

/**
 * The receipt of a task.
 *
 * @param queue where it was added
 * @param id the id that the caller gave, or a receipt that names this task
 * @param accepted false if its id was known, so that it was not added again
 */
public record Enqueued(String queue, String id, boolean accepted) {}
