package io.covey.cluster.tasks;

import java.time.Instant;

/**
 * A recurring task as it stands in the cluster.
 *
 * @param queue where its tasks go
 * @param name names it in its queue
 * @param recurrence when it is due, for people: {@code every PT5M}, {@code 0 3 * * * Europe/Berlin}; what cannot be read is
 *     named so
 * @param type what is to be done
 * @param args with what: a JSON array
 * @param misfire what happens to times that passed while nobody looked
 * @param next when it is due next
 */
public record RecurringTask(
        String queue, String name, String recurrence, String type, String args, Misfire misfire, Instant next) {}
