package io.covey.cluster.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.TaskBroker.Content;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets workers and producers of ours obey the locks of node-resque's plugins, beside a fleet of node-resque or actionhero that
 * uses them. Only for queues of kind SHARED; queues of ours have limits of keys, which lose no race.
 *
 * <p>QueueLock needs nothing of this: {@link TaskType#uniqueUntilStarted(Duration)} takes the same lock.
 */
public final class NodeResqueLocks {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration AGAIN = Duration.ofMillis(1001);

    private final Cluster cluster;
    private final QueueControl control;
    private final Duration timeout;

    private NodeResqueLocks(Cluster cluster) {
        this.cluster = cluster;
        this.control = Brokers.control(cluster);
        this.timeout = cluster.config().transport().patience();
    }

    /**
     * The locks beside the queues of a cluster.
     *
     * @param cluster a running node
     * @return takes and looks at locks for as long as the node runs; there is nothing to close
     * @throws io.covey.cluster.ClusterException if the transport cannot change waiting tasks
     */
    public static NodeResqueLocks on(Cluster cluster) {
        return new NodeResqueLocks(cluster);
    }

    /**
     * As node-resque's JobLock: of the tasks of one type with the same arguments one runs at a time, among workers of both
     * makes. One that finds another running is delayed by a second, as a new task: its attempts are forgotten. When a task is
     * done, what node-resque's Retry has counted of it is forgotten, too. A task that runs again after a death keeps its
     * lock.
     *
     * @param <P> the type of the payload
     * @param longest the lock is free after this time at the latest; node-resque's own is one hour
     * @param handler what runs under the lock
     * @return a handler; it throws if the queue is not of kind SHARED
     */
    public <P> TaskHandler<P> oneAtATime(Duration longest, TaskHandler<P> handler) {
        if (longest.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("longest must be at least 1s, was " + longest);
        }
        return (payload, task) -> run(longest, handler, payload, task);
    }

    private <P> void run(Duration longest, TaskHandler<P> handler, P payload, TaskContext task) throws Exception {
        Content.Readable content = task instanceof RunContext run
                ? run.content()
                : new Content.Readable(task.type(), new byte[] {'[', ']'});
        if (content.id().isPresent()) {
            throw new IllegalStateException("Task " + task.type() + " keeps to node-resque's JobLock, but its queue "
                    + task.queue() + " is of kind OWN: set the limits of its keys instead");
        }
        byte[] args = content.args();
        String what = "lock a run of task " + task.type() + " of queue " + task.queue();
        if (!Await.on(control.lockRun(task.queue(), task.type(), args, task.id(), longest), timeout, what)) {
            task.assertMine();
            // the same for a run that takes this one's place because its worker died: it adds no second copy
            String copy = "again." + task.id() + "." + (task.attempt() - task.deliveries());
            TaskQueue.on(cluster)
                    .enqueue(
                            TaskType.raw(task.type()).on(task.queue()),
                            new String(args, UTF_8),
                            EnqueueOptions.none()
                                    .withId(copy)
                                    .withDue(cluster.clock().instant().plus(AGAIN)));
            return;
        }
        boolean done = false;
        try {
            handler.run(payload, task);
            done = true;
        } finally {
            unlock(task, args, done, "un" + what);
        }
    }

    /** What the handler has come to stands, whatever becomes of the lock. */
    private void unlock(TaskContext task, byte[] args, boolean done, String what) {
        try {
            Await.on(control.unlockRun(task.queue(), task.type(), args, task.id(), done), timeout, what);
        } catch (ClusterException e) {
            LOG.warn(
                    "The lock of a run of task {} (queue {}) stays until its time ends: {}",
                    task.id(),
                    task.queue(),
                    e.getMessage());
        }
    }

    /**
     * As node-resque's DelayQueueLock: a task that is to run at once is not added while one of the same type and arguments is
     * delayed. As there, both may be added if they come at the same time.
     *
     * @return to be put around the enqueueing of a {@link TaskQueue}; the receipt of a task that is not added says
     *     {@link Enqueued#duplicate()}
     */
    public EnqueueMiddleware unlessDelayed() {
        return (tasks, rest) -> {
            List<NewTask<?>> free =
                    tasks.stream().filter(task -> !isDelayed(task)).toList();
            if (free.size() == tasks.size()) {
                return rest.enqueue(tasks);
            }
            List<Enqueued> added = free.isEmpty() ? List.of() : rest.enqueue(free);
            List<Enqueued> receipts = new ArrayList<>(tasks.size());
            int next = 0;
            for (NewTask<?> task : tasks) {
                boolean isFree = next < free.size() && free.get(next) == task;
                receipts.add(isFree ? added.get(next++) : new Enqueued(task.queue(), "", false));
            }
            return receipts;
        };
    }

    private <P> boolean isDelayed(NewTask<P> task) {
        return task.options().due().isEmpty()
                && !TaskQueue.on(cluster)
                        .queue(task.queue())
                        .delayedAt(task.type(), task.payload())
                        .isEmpty();
    }
}
