package io.covey.cluster.tasks;

import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import io.covey.cluster.spi.TaskBroker.TaskEvent.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the worker's queues in order about once a second, as every worker does, and tells what was found. */
final class UpkeepLoop {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long MOST = Duration.ofSeconds(1).toNanos();
    private static final long SOON = Duration.ofMillis(100).toNanos();
    private static final double SPREAD = 0.2;
    /** The virtual clock stops after a silence of two beats; it is to be ticked in half of that. */
    private static final double HALF_GAP = 0.2;

    private final TaskBroker broker;
    private final WorkerOptions options;
    private final WorkedQueues queues;
    private final ScheduledExecutorService thread;
    private final Events events;
    private final ParkedLog parked;
    private boolean failing;

    UpkeepLoop(
            TaskBroker broker,
            WorkerOptions options,
            WorkedQueues queues,
            ScheduledExecutorService thread,
            Events events,
            ParkedLog parked) {
        this.broker = broker;
        this.options = options;
        this.queues = queues;
        this.thread = thread;
        this.events = events;
        this.parked = parked;
    }

    void start() {
        start(false);
    }

    /** Where delayed tasks came due there may be more than one upkeep moves: the next comes sooner. */
    private void start(boolean soon) {
        double part = 1 - SPREAD + 2 * SPREAD * ThreadLocalRandom.current().nextDouble();
        long every = Math.min(soon ? SOON : MOST, (long) (options.lease().toNanos() * HALF_GAP));
        thread.schedule(this::once, (long) (every * part), TimeUnit.NANOSECONDS);
    }

    private void once() {
        Set<String> names = queues.names();
        if (names.isEmpty()) {
            start();
            return;
        }
        Await.caught(() -> broker.upkeep(names, options.lease(), options.maxDeliveries()))
                .whenCompleteAsync(
                        (found, thrown) -> {
                            start(thrown == null && found.stream().anyMatch(UpkeepLoop::wasDue));
                            if (thrown == null) {
                                failing = false;
                                tell(found);
                            } else if (!failing) {
                                failing = true;
                                LOG.atWarn()
                                        .addKeyValue("event", "upkeep.failed")
                                        .log(
                                                "Upkeep of queues {} was not done ({}); it is tried again each second",
                                                names,
                                                Brokers.reason(thrown));
                            }
                        },
                        thread);
    }

    private static boolean wasDue(TaskEvent event) {
        return event.kind() == Kind.PROMOTED || event.kind() == Kind.PARKED;
    }

    private void tell(List<TaskEvent> found) {
        for (TaskEvent event : found) {
            events.emit(() -> new WorkerEvent.Upkeep(event));
            String owner = Names.printable(event.owner());
            String task = Names.printable(event.task());
            switch (event.kind()) {
                case REDO ->
                    LOG.atWarn()
                            .addKeyValue("event", "task.redo")
                            .log("lease of {} over: task {} (queue {}) runs again", owner, task, event.queue());
                case LAST_TRY ->
                    LOG.atWarn()
                            .addKeyValue("event", "task.lasttry")
                            .log(
                                    "lease of {} over: task {} (queue {}) runs again for the last time, alone",
                                    owner,
                                    task,
                                    event.queue());
                case POISONED ->
                    LOG.atError()
                            .addKeyValue("event", "task.poisoned")
                            .log(
                                    "lease of {} over: task {} (queue {}) was with {} workers that died and has failed",
                                    owner,
                                    task,
                                    event.queue(),
                                    options.maxDeliveries());
                case DAMAGED ->
                    LOG.atError()
                            .addKeyValue("event", "task.damaged")
                            .log(
                                    "something of task {} (queue {}) was missing in the backend, as if somebody had removed a part of"
                                            + " its data: the task cannot run, it is among the failed ones if its content was left",
                                    task,
                                    event.queue());
                case PARKED -> parked.add(due(event.queue()), event.reason());
                default -> LOG.debug("{} {} (queue {})", event.kind(), task, event.queue());
            }
        }
    }

    private static String due(String queue) {
        return "a delayed task" + (queue.isEmpty() ? "" : " (queue " + Names.printable(queue) + ")");
    }
}
