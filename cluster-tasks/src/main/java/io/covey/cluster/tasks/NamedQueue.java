package io.covey.cluster.tasks;

import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueControl.Cancelled;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** One queue: how it is served, and what changes the tasks in it. Every call asks the backend; each may be repeated. */
public final class NamedQueue {
    private final String name;
    private final TaskBroker broker;
    private final QueueControl control;
    private final Writing writing;
    private final Duration timeout;

    NamedQueue(String name, TaskBroker broker, QueueControl control, Writing writing, Duration timeout) {
        this.name = name;
        this.broker = broker;
        this.control = control;
        this.writing = writing;
        this.timeout = timeout;
    }

    /**
     * Its name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * How many tasks it has.
     *
     * @return its counts; zeros if it never had a task
     * @throws TransportException if the backend does not answer
     */
    public QueueInfo counts() {
        return new TaskInspection(broker.inspector(), timeout)
                .queue(name)
                .orElseGet(() -> new QueueInfo(name, 0, 0, 0));
    }

    /**
     * How it is served.
     *
     * @return what was set, else the defaults
     * @throws TransportException if the backend does not answer
     */
    public QueueSettings settings() {
        return Await.on(control.settings(name), timeout, "read the settings of queue " + name);
    }

    /**
     * Changes how it is served, for all workers of ours in the cluster, in one step.
     *
     * <pre>{@code
     * tasks.queue("mail").change(mail -> mail.withKind(Kind.OWN)
     *         .withLimits(Optional.of(5), Optional.of(Rate.of(100, Duration.ofSeconds(1)))));
     * }</pre>
     *
     * @param change is given what is set and returns what shall be; may be called more than once
     * @return what is set now
     * @throws RefusedException if the kind would change while the queue has tasks; delayed ones of a shared queue do not count
     *     on Redis, and come to the queue without what its new kind has room for
     * @throws TransportException if the backend does not answer
     */
    public QueueSettings change(UnaryOperator<QueueSettings> change) {
        return Await.on(control.change(name, change), timeout, "change the settings of queue " + name);
    }

    /**
     * Nothing more is handed out; what runs goes on.
     *
     * @throws TransportException if the backend does not answer
     */
    public void pause() {
        change(now -> now.withPaused(true));
    }

    /**
     * Goes on after {@link #pause}.
     *
     * @throws TransportException if the backend does not answer
     */
    public void resume() {
        change(now -> now.withPaused(false));
    }

    /**
     * Wants a task to be stopped: one that waits is removed, one that runs is told, see {@link TaskContext}, within two
     * beats of its worker.
     *
     * @param id as its receipt says; on a queue of kind SHARED as its worker names it
     * @return what could be done
     * @throws TransportException if the backend does not answer
     */
    public Cancelled cancel(String id) {
        return Await.on(control.cancel(name, id), timeout, "cancel task " + id + " of queue " + name);
    }

    /**
     * Removes waiting tasks of some content. Not those that wait for a retry or run.
     *
     * @param <P> the type of the payload
     * @param type their type
     * @param payload their payload
     * @return how many
     * @throws RefusedException if the queue is of kind OWN, whose tasks are cancelled by id
     * @throws TransportException if the backend does not answer
     */
    public <P> long remove(TaskType<P> type, P payload) {
        return Await.on(
                control.remove(name, type.name(), writing.args(type, payload)),
                timeout,
                "remove tasks of type " + type.name() + " from queue " + name);
    }

    /**
     * Removes all waiting tasks of a type; not delayed ones. Looks at each task that waits.
     *
     * @param type the name of their type
     * @return how many
     * @throws TransportException if the backend does not answer
     */
    public long removeType(String type) {
        return Await.on(
                control.removeType(name, type), timeout, "remove all tasks of type " + type + " from queue " + name);
    }

    /**
     * Removes delayed tasks of some content.
     *
     * @param <P> the type of the payload
     * @param type their type
     * @param payload their payload
     * @return how many
     * @throws TransportException if the backend does not answer
     */
    public <P> long removeDelayed(TaskType<P> type, P payload) {
        return Await.on(
                control.removeDelayed(name, type.name(), writing.args(type, payload)),
                timeout,
                "remove delayed tasks of type " + type.name() + " from queue " + name);
    }

    /**
     * When tasks of some content are due.
     *
     * @param <P> the type of the payload
     * @param type their type
     * @param payload their payload
     * @return the times, ascending
     * @throws TransportException if the backend does not answer
     */
    public <P> List<Instant> delayedAt(TaskType<P> type, P payload) {
        return Await.on(
                control.delayedAt(name, type.name(), writing.args(type, payload)),
                timeout,
                "look for delayed tasks of type " + type.name() + " of queue " + name);
    }

    /**
     * Puts what waits for a retry or to run again back among the waiting, and debounced tasks of a SHARED queue among the
     * delayed, for workers of other makes: for a fleet that leaves for good. What the tasks had of attempts is forgotten. Tasks
     * that killed workers held go back when their leases are over; this waits for that. What workers hold that are alive
     * stays theirs, and is told.
     *
     * @return how many, and what is still held
     * @throws TransportException if the backend does not answer
     */
    public GivenBack giveBack() {
        return new GiveBack(name, broker, control, timeout).run();
    }
}
