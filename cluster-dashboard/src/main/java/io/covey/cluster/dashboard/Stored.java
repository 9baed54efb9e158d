package io.covey.cluster.dashboard;

/**
 * A task that nobody runs.
 *
 * @param queue where it is
 * @param id by which it can be cancelled
 */
record Stored(String queue, String id) {}
