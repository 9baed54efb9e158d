package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.CodecException;
import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Batch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
    private final Cluster cluster;
    private final TaskBroker broker;
    private final Duration timeout;
    private final List<EnqueueMiddleware> around;
    private final Map<String, ProducerLane> lanes;
    private final Map<String, ProducerLane> together;
    private final Writing writing;

    private TaskQueue(Cluster cluster, Duration timeout, List<EnqueueMiddleware> around, Writing writing) {
        this.cluster = cluster;
        this.broker = Brokers.of(cluster);
        this.timeout = timeout;
        this.around = around;
        this.lanes = new ConcurrentHashMap<>();
        this.together = new ConcurrentHashMap<>();
        this.writing = writing;
    }

    private TaskQueue(TaskQueue other, List<EnqueueMiddleware> around) {
        this.cluster = other.cluster;
        this.broker = other.broker;
        this.timeout = other.timeout;
        this.around = around;
        this.lanes = other.lanes;
        this.together = other.together;
        this.writing = other.writing;
    }

    /**
     * The task queues of a cluster. Calls give up after twice the transport's command time-out.
     *
     * @param cluster a running node
     * @return adds tasks for as long as the node runs; there is nothing to close
     * @throws ClusterException if the transport has no tasks
     */
    public static TaskQueue on(Cluster cluster) {
        Duration timeout = cluster.config().transport().patience();
        List<EnqueueMiddleware> around =
                Brokers.of(cluster) instanceof EnqueueMiddleware broker ? List.of(broker) : List.of();
        return new TaskQueue(cluster, timeout, around, new Writing(cluster));
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
        return new TaskQueue(cluster, longest, around, writing);
    }

    /**
     * With something done around every enqueue.
     *
     * @param middleware goes inside of those that are there already
     * @return another object on the same queues
     */
    public TaskQueue around(EnqueueMiddleware middleware) {
        // What came with the broker stays next to it.
        int own = broker instanceof EnqueueMiddleware ? around.size() - 1 : around.size();
        List<EnqueueMiddleware> more = new ArrayList<>(around);
        more.add(own, middleware);
        return new TaskQueue(this, List.copyOf(more));
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
     * @param options queue, id, time and more
     * @return the receipt
     * @throws UnconfirmedException if it stayed unknown whether the task was added
     * @throws TransportException if it was not added; the message says why
     * @throws CodecException if the payload cannot be written
     * @throws RefusedException if the queue's kind has no room for what the options or the type say; it names the setting
     * @throws IllegalArgumentException if the type's name does not match {@code [A-Za-z0-9_.:-]{1,128}}
     */
    public <P> Enqueued enqueue(TaskType<P> type, P payload, EnqueueOptions options) {
        NewTask<P> task = new NewTask<>(type, payload, options);
        return around.isEmpty() ? one(task) : through(List.of(task), this::each).get(0);
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
        return through(List.copyOf(tasks), this::each);
    }

    /**
     * Adds tasks to any number of queues, all or none: in one step of the backend. A task that is a duplicate is not added,
     * which does not hinder the others.
     *
     * @param tasks up to 200
     * @return the receipts in the order of the tasks
     * @throws RefusedException if a transport of another make cannot add to several queues in one step (those that are shipped
     *     can, on Redis Cluster too); the message names two of them. Nothing was added
     * @throws UnconfirmedException if it stayed unknown whether the tasks were added, all of them or none
     * @throws TransportException if they were not added; the message says why
     * @throws CodecException if a payload cannot be written; nothing was added
     */
    public List<Enqueued> enqueueTogether(Collection<? extends NewTask<?>> tasks) {
        return through(List.copyOf(tasks), this::together);
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

    /**
     * One queue: its settings, and what changes the tasks in it.
     *
     * @param name {@code [A-Za-z0-9_.:-]{1,128}}
     * @return the queue, whether it has tasks or not
     * @throws ClusterException if the transport has no such thing
     */
    public NamedQueue queue(String name) {
        ensureOpen();
        return new NamedQueue(Names.check("queue", name), broker, Brokers.control(cluster), writing, timeout);
    }

    /**
     * The failed tasks of all queues.
     *
     * @return to be looked at, run again or dropped
     * @throws ClusterException if the transport cannot change them
     */
    public FailedTasks failed() {
        ensureOpen();
        return new FailedTasks(broker.inspector(), Brokers.control(cluster), cluster.transport(), timeout);
    }

    /**
     * What has become of tasks: results and progress. Only of tasks of queues of kind OWN.
     *
     * @return reads them
     * @throws ClusterException if the transport keeps none
     */
    public TaskResults results() {
        ensureOpen();
        return new TaskResults(cluster, timeout);
    }

    private List<Enqueued> through(List<NewTask<?>> tasks, EnqueueMiddleware.Rest last) {
        EnqueueMiddleware.Rest rest = last;
        for (int i = around.size() - 1; i >= 0; i--) {
            EnqueueMiddleware outside = around.get(i);
            EnqueueMiddleware.Rest inside = rest;
            rest = these -> outside.enqueue(these, inside);
        }
        List<Enqueued> receipts = rest.enqueue(tasks);
        if (receipts.size() != tasks.size()) {
            throw new ClusterException("A middleware answered " + receipts.size() + " receipts for " + tasks.size()
                    + " tasks; what it enqueued stays enqueued");
        }
        return receipts;
    }

    private Enqueued one(NewTask<?> task) {
        return lane(task.queue())
                .add(List.of(new Batch(task.queue(), List.of(writing.task(task)))))
                .get(0);
    }

    private List<Enqueued> each(List<NewTask<?>> tasks) {
        return tasks.size() == 1 ? List.of(one(tasks.get(0))) : written(tasks).send(this::lane);
    }

    private List<Enqueued> together(List<NewTask<?>> tasks) {
        if (tasks.isEmpty()) {
            return List.of();
        }
        if (tasks.size() > TaskBroker.MOST) {
            throw new IllegalArgumentException("At most " + TaskBroker.MOST + " tasks can be added in one step, were "
                    + tasks.size() + "; nothing was added");
        }
        Bulk bulk = written(tasks);
        List<Batch> batches = bulk.batches();
        String first = batches.get(0).queue();
        ensureOpen();
        ProducerLane lane = batches.size() == 1
                ? lane(first)
                : together.computeIfAbsent(first, name -> new ProducerLane(broker, name, timeout));
        return bulk.inOrder(lane.add(batches));
    }

    private Bulk written(List<NewTask<?>> tasks) {
        Bulk bulk = new Bulk();
        tasks.forEach(task -> bulk.add(task.queue(), writing.task(task)));
        return bulk;
    }

    /** The node itself says that it is closed; the broker of a closed node would be asked on and on. */
    private void ensureOpen() {
        cluster.members().list();
    }

    private ProducerLane lane(String queue) {
        ensureOpen();
        return lanes.computeIfAbsent(queue, name -> new ProducerLane(broker, name, timeout));
    }
}
