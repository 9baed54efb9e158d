package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.CodecException;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.ScheduleStore;
import io.covey.cluster.spi.ScheduleStore.Schedule;
import io.covey.cluster.spi.TaskBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Recurring tasks. They are kept in the backend: any worker of the queue and any node that declared one adds its task when
 * it is due, each time one of them, to within about a second. Thread-safe.
 *
 * <pre>{@code
 * Schedules.on(cluster).declare("nightly", Recurrence.cron("0 3 * * *", ZoneId.of("Europe/Berlin")), REPORT, all);
 * }</pre>
 *
 * <p>A run that takes longer than the period does not hold up the next: a type that is unique until done does.
 */
public final class Schedules {
    private final Cluster cluster;
    private final TaskBroker broker;
    private final ScheduleStore store;
    private final Writing writing;
    private final Duration timeout;

    private Schedules(Cluster cluster) {
        this.cluster = cluster;
        this.broker = Brokers.of(cluster);
        this.store = Brokers.schedules(cluster);
        this.writing = new Writing(cluster);
        this.timeout = cluster.config().transport().patience();
    }

    /**
     * The recurring tasks of a cluster.
     *
     * @param cluster a running node
     * @return there is nothing to close
     * @throws ClusterException if the transport has none
     */
    public static Schedules on(Cluster cluster) {
        return new Schedules(cluster);
    }

    /**
     * Declares a recurring task whose missed times are made up for by one run, as {@link #declare(String, Recurrence,
     * Misfire, NewTask)} does.
     *
     * @param <P> the type of the payload
     * @param name names it in its queue, {@code [A-Za-z0-9_.:-]{1,128}}
     * @param when when it is due
     * @param type what is to be done
     * @param payload with what, each time
     * @return whether anything changed
     * @throws TransportException if the backend does not answer
     * @throws CodecException if the payload cannot be written
     */
    public <P> boolean declare(String name, Recurrence when, TaskType<P> type, P payload) {
        return declare(name, when, Misfire.once(), NewTask.of(type, payload));
    }

    /**
     * Declares a recurring task, as an application does at each of its starts. The same declaration again changes nothing, its
     * next time either; another one of the same name replaces it and is planned from now on. From now on this node tends to
     * the queue's recurring tasks until it is closed.
     *
     * @param name names it in its queue, {@code [A-Za-z0-9_.:-]{1,128}}
     * @param when when it is due
     * @param misfire what happens to times that passed while nobody looked
     * @param task what is to be done, each time; its options give neither id nor time
     * @return whether anything changed
     * @throws TransportException if the backend does not answer
     * @throws CodecException if the payload cannot be written
     * @throws IllegalArgumentException if the options give an id or a time
     */
    public boolean declare(String name, Recurrence when, Misfire misfire, NewTask<?> task) {
        Names.check("name of a recurring task", name);
        if (task.options().id().isPresent() || task.options().due().isPresent()) {
            throw new IllegalArgumentException(
                    "The recurring task " + name + " cannot have an id or a time: each of its tasks is another");
        }
        byte[] definition = new Definition(when, misfire, writing.task(task)).toBytes();
        Instant now = Await.on(cluster.transport().time(), timeout, "ask for the time");
        Instant next = new Occurrences(when, misfire).first(now);
        boolean changed = Await.on(
                store.put(task.queue(), name, definition, next),
                timeout,
                "declare the recurring task " + name + " of queue " + task.queue());
        Scheduler.of(cluster).tend(task.queue());
        return changed;
    }

    /**
     * Ends a recurring task for good, in the whole cluster. What it has added stays. A node that declares it at its next start
     * brings it back.
     *
     * @param queue its queue
     * @param name its name
     * @return false if there is none
     * @throws TransportException if the backend does not answer
     */
    public boolean stop(String queue, String name) {
        return Await.on(store.remove(queue, name), timeout, "stop the recurring task " + name + " of queue " + queue);
    }

    /**
     * Adds the task of a recurring one now, beside its times, which stay what they are.
     *
     * @param queue its queue
     * @param name its name
     * @return false if there is none
     * @throws CodecException if another version wrote it and this one cannot read it
     * @throws TransportException if the backend does not answer; the task may have been added
     */
    public boolean runNow(String queue, String name) {
        Optional<Schedule> found = find(queue, name);
        while (found.isPresent() && !added(found.get())) { // it was just due, or somebody changed it
            found = find(queue, name);
        }
        return found.isPresent();
    }

    private Optional<Schedule> find(String queue, String name) {
        return Await.on(
                        store.list(Set.of(queue)),
                        timeout,
                        "look for the recurring task " + name + " of queue " + queue)
                .stream()
                .filter(schedule -> schedule.name().equals(name))
                .findFirst();
    }

    private boolean added(Schedule schedule) {
        return Await.on(
                store.tick(
                        schedule,
                        Optional.of(schedule.next()),
                        List.of(Definition.of(schedule.definition()).task(schedule.name() + "-" + UUID.randomUUID()))),
                timeout,
                "run the recurring task " + schedule.name() + " of queue " + schedule.queue());
    }

    /**
     * The recurring tasks of all queues that ever had tasks.
     *
     * @return by queue and name
     * @throws TransportException if the backend does not answer
     */
    public List<RecurringTask> list() {
        Set<String> queues = new HashSet<>(Await.on(broker.inspector().names(), timeout, "list the queues"));
        queues.removeIf(name -> !Names.matches(name)); // others may write anything into the set of queues
        return list(queues);
    }

    /**
     * The recurring tasks of some queues.
     *
     * @param queues which
     * @return by queue and name
     * @throws TransportException if the backend does not answer
     */
    public List<RecurringTask> list(Set<String> queues) {
        return Await.on(store.list(queues), timeout, "list the recurring tasks").stream()
                .map(Schedules::read)
                .toList();
    }

    private static RecurringTask read(Schedule schedule) {
        try {
            Definition definition = Definition.of(schedule.definition());
            return new RecurringTask(
                    schedule.queue(),
                    schedule.name(),
                    definition.recurrence().toString(),
                    definition.task().type(),
                    new String(definition.task().args(), StandardCharsets.UTF_8),
                    definition.misfire(),
                    schedule.next());
        } catch (CodecException e) {
            return new RecurringTask(
                    schedule.queue(), schedule.name(), e.getMessage(), "", "[]", Misfire.once(), schedule.next());
        }
    }
}
