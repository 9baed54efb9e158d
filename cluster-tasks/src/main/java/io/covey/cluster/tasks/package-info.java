/**
 * Task queues: {@link io.covey.cluster.tasks.TaskQueue} adds tasks, a {@link io.covey.cluster.tasks.Worker} runs them.
 *
 * <p>At least once: a task runs again only if the process that ran it died or was silent for longer than its lease, or if
 * its handler threw and its {@link io.covey.cluster.tasks.RetryPolicy} allows another attempt. One completion of a task
 * is accepted. "Exactly once" needs a resource that checks {@link io.covey.cluster.tasks.TaskContext#fence()} or stores
 * the task's id together with the effect.
 */
@NullMarked
package io.covey.cluster.tasks;

import org.jspecify.annotations.NullMarked;
