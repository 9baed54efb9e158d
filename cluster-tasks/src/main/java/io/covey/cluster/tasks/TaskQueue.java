package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.CodecException;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.TaskBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Adds tasks to queues. Thread-safe. A call returns when the backend has answered for it; after a lost answer the same
 * is sent again, which adds nothing twice, until the time-out. Calls of several threads to one queue that meet while an
 * answer is outstanding travel together. The tasks of one thread keep their order in a queue.
 *
 * <pre>{@code
 * TaskQueue tasks = TaskQueue.on(cluster);
 * tasks.enqueue(RESIZE, new Resize("cat.png", 200));
 * }</pre>
 */
public final class TaskQueue {
    /** Types are constants; an application that makes one for each task must not fill the memory. */
    private static final int MOST_FORMATS = 1000;

    private final Cluster cluster;
    private final TaskBroker broker;
    private final Duration timeout;
    private final Map<String, ProducerLane> lanes = new ConcurrentHashMap<>();
    private final Map<TaskType<?>, Args<?>> formats = new ConcurrentHashMap<>();

    private TaskQueue(Cluster cluster, Duration timeout) {
        this.cluster = cluster;
        this.broker = Brokers.of(cluster);
        this.timeout = timeout;
    }

    /**
     * The task queues of a cluster. Calls give up after twice the transport's command time-out.
     *
     * @param cluster a running node
     * @return adds tasks for as long as the node runs; there is nothing to close
     * @throws ClusterException if the transport has no tasks
     */
    public static TaskQueue on(Cluster cluster) {
        return new TaskQueue(
                cluster, cluster.config().transport().commandTimeout().multipliedBy(2));
    }

    /**
     * With another time-out.
     *
     * @param longest how long one call may take, repeats included
     * @return another object on the same queues
     */
    public TaskQueue withTimeout(Duration longest) {
        if (longest.isNegative() || longest.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, was " + longest);
        }
        return new TaskQueue(cluster, longest);
    }

    /**
     * Adds a task that may run at once.
     *
     * @param <P> the type of the payload
     * @param type what is to be done
     * @param payload with what
     * @return the receipt
     * @throws UnconfirmedException if it stayed unknown whether the task was added
     * @throws TransportException if it was not added; the message says why
     * @throws CodecException if the payload cannot be written
     */
    public <P> Enqueued enqueue(TaskType<P> type, P payload) {
        return enqueue(type, payload, EnqueueOptions.none());
    }

    /**
     * Adds a task.
     *
     * @param <P> the type of the payload
     * @param type what is to be done
     * @param payload with what
     * @param options queue, id and time
     * @return the receipt
     * @throws UnconfirmedException if it stayed unknown whether the task was added
     * @throws TransportException if it was not added; the message says why
     * @throws CodecException if the payload cannot be written
     */
    public <P> Enqueued enqueue(TaskType<P> type, P payload, EnqueueOptions options) {
        String queue = options.queue().orElse(type.queue());
        return lane(queue)
                .add(List.of(written(new NewTask<>(type, payload, options))))
                .get(0);
    }

    /**
     * Adds a task that may run after a delay.
     *
     * @param <P> the type of the payload
     * @param type what is to be done
     * @param payload with what
     * @param delay from now; backends may round up to a second
     * @return the receipt
     * @throws UnconfirmedException if it stayed unknown whether the task was added
     * @throws TransportException if it was not added; the message says why
     * @throws CodecException if the payload cannot be written
     */
    public <P> Enqueued enqueueIn(TaskType<P> type, P payload, Duration delay) {
        return enqueueAt(type, payload, cluster.clock().instant().plus(delay));
    }

    /**
     * Adds a task that may run from a time on.
     *
     * @param <P> the type of the payload
     * @param type what is to be done
     * @param payload with what
     * @param due by the backend's clock; backends may round up to a second; in the past means now
     * @return the receipt
     * @throws UnconfirmedException if it stayed unknown whether the task was added
     * @throws TransportException if it was not added; the message says why
     * @throws CodecException if the payload cannot be written
     */
    public <P> Enqueued enqueueAt(TaskType<P> type, P payload, Instant due) {
        return enqueue(type, payload, EnqueueOptions.none().withDue(due));
    }

    /**
     * Adds many tasks, in order for each queue, in portions of up to 200 each of which is added whole or not at all. All
     * are written before the first is sent.
     *
     * @param tasks any number
     * @return the receipts in the order of the tasks
     * @throws UnconfirmedException if it stayed unknown whether a portion was added; the message says which, the
     *     portions before it were added, those after it were not sent
     * @throws TransportException if a portion was not added; likewise
     * @throws CodecException if a payload cannot be written; nothing was added
     */
    public List<Enqueued> enqueueAll(Collection<? extends NewTask<?>> tasks) {
        Map<String, Bulk> byQueue = new LinkedHashMap<>();
        int position = 0;
        for (NewTask<?> task : tasks) {
            String queue = task.options().queue().orElse(task.type().queue());
            byQueue.computeIfAbsent(queue, name -> new Bulk()).add(position++, written(task));
        }
        Enqueued[] receipts = new Enqueued[position];
        byQueue.forEach((queue, bulk) -> bulk.send(lane(queue), receipts));
        return List.of(receipts);
    }

    /**
     * Adds many tasks of one type, in order, as {@link #enqueueAll(Collection)} does.
     *
     * @param <P> the type of the payload
     * @param type what is to be done
     * @param payloads with what, any number
     * @return the receipts in the order of the payloads
     * @throws UnconfirmedException if it stayed unknown whether a portion was added
     * @throws TransportException if a portion was not added
     * @throws CodecException if a payload cannot be written; nothing was added
     */
    public <P> List<Enqueued> enqueueAll(TaskType<P> type, Collection<? extends P> payloads) {
        List<NewTask<P>> tasks = new ArrayList<>(payloads.size());
        for (P payload : payloads) {
            tasks.add(NewTask.of(type, payload));
        }
        return enqueueAll(tasks);
    }

    /**
     * Looks into the queues.
     *
     * @return counts and failed tasks
     */
    public TaskInspection inspect() {
        ensureOpen();
        return new TaskInspection(broker.inspector(), timeout);
    }

    /** The node itself says that it is closed; the broker of a closed node would be asked on and on. */
    private void ensureOpen() {
        cluster.members().list();
    }

    private ProducerLane lane(String queue) {
        ensureOpen();
        return lanes.computeIfAbsent(queue, name -> new ProducerLane(broker, name, timeout));
    }

    @SuppressWarnings("unchecked") // A format is kept with the type that made it.
    private <P> Args<P> format(TaskType<P> type) {
        Args<P> known = (Args<P>) formats.get(type);
        if (known != null) {
            return known;
        }
        Args<P> made = type.args(cluster);
        if (formats.size() < MOST_FORMATS) {
            formats.put(type, made);
        }
        return made;
    }

    private <P> TaskBroker.NewTask written(NewTask<P> task) {
        byte[] args;
        try {
            args = format(task.type()).encode(task.payload());
        } catch (CodecException e) {
            throw new CodecException("The payload of task " + task.type() + " cannot be written: " + e.getMessage(), e);
        }
        Optional<Instant> due = task.options().due();
        return new TaskBroker.NewTask(task.type().name(), args, task.options().id(), due);
    }

    /** The tasks of one queue in a bulk, and where in it they stand. */
    private static final class Bulk {
        private final List<Integer> positions = new ArrayList<>();
        private final List<TaskBroker.NewTask> tasks = new ArrayList<>();

        void add(int position, TaskBroker.NewTask task) {
            positions.add(position);
            tasks.add(task);
        }

        void send(ProducerLane lane, Enqueued[] receipts) {
            for (int from = 0; from < tasks.size(); from += TaskBroker.MOST) {
                int to = Math.min(from + TaskBroker.MOST, tasks.size());
                List<Enqueued> portion;
                try {
                    portion = lane.add(List.copyOf(tasks.subList(from, to)));
                } catch (ClusterException e) {
                    e.addSuppressed(new ClusterException("in a bulk of " + tasks.size() + " tasks: 0 to " + from
                            + " were added, this happened to " + from + " to " + to
                            + ", those after were not sent"));
                    throw e;
                }
                for (int i = from; i < to; i++) {
                    receipts[positions.get(i)] = portion.get(i - from);
                }
            }
        }
    }
}
