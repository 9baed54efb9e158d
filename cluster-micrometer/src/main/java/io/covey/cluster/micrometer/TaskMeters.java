package io.covey.cluster.micrometer;

import io.covey.cluster.tasks.Enqueued;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.TaskContext;
import io.covey.cluster.tasks.UnconfirmedException;
import io.covey.cluster.tasks.WorkerEvent;
import io.covey.cluster.tasks.WorkerEvent.TaskRef;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Counts tasks, in one registry. */
final class TaskMeters {
    private static final String UNKNOWN_TYPE = "unknown";
    /** Of a shorter run it need not be asked whether its end will count. */
    private static final long SHORTEST_LEASE = TimeUnit.SECONDS.toNanos(1);
    /** So many kinds of runs are found without a look into a map. */
    private static final int MOST_AT_HAND = 16;

    private final MeterRegistry registry;
    private final Capped queues = new Capped();
    private final Capped types = new Capped();
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Runs>> runs = new ConcurrentHashMap<>();
    private final AtomicReference<AtHand[]> atHand = new AtomicReference<>(new AtHand[0]);

    private record Key(String name, String queue, String type, String outcome) {}

    TaskMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void enqueued(List<NewTask<?>> tasks, List<Enqueued> receipts) {
        for (int i = 0; i < tasks.size(); i++) {
            enqueued(tasks.get(i), receipts.get(i).duplicate() ? "duplicate" : "added");
        }
    }

    void notEnqueued(List<NewTask<?>> tasks, RuntimeException thrown) {
        String outcome = thrown instanceof UnconfirmedException ? "unconfirmed" : "failed";
        tasks.forEach(task -> enqueued(task, outcome));
    }

    private void enqueued(NewTask<?> task, String outcome) {
        counter("covey.tasks.enqueued", task.queue(), task.type().name(), outcome)
                .increment();
    }

    void waited(TaskContext task, Duration waited) {
        timer("covey.tasks.wait", task, "").record(waited);
    }

    /** Counts a run that ended, which is no more than a look and three additions. */
    void ran(TaskContext task, long nanos, boolean returned) {
        Runs of = runs(task.queue(), task.type());
        of.started.increment();
        if (!returned) {
            of.threw.record(nanos, TimeUnit.NANOSECONDS);
            return;
        }
        of.returned.record(nanos, TimeUnit.NANOSECONDS);
        if (!task.cancelled() && (nanos < SHORTEST_LEASE || task.stillMine())) {
            of.done.increment();
        }
    }

    /** What is counted of the runs of a type in a queue. */
    private record Runs(Counter started, Timer returned, Timer threw, Counter done) {}

    /** What is counted of the runs that a worker names by these very objects. */
    private record AtHand(String queue, String type, Runs runs) {

        // A worker has one string for each queue and each type, which is quickly compared; others the maps know.
        @SuppressWarnings("StringEquality")
        boolean are(String otherQueue, String otherType) {
            return type == otherType && queue == otherQueue;
        }
    }

    private Runs runs(String queue, String type) {
        AtHand[] near = atHand.get();
        for (AtHand some : near) {
            if (some.are(queue, type)) {
                return some.runs;
            }
        }
        Map<String, Runs> ofQueue = runs.get(queue);
        Runs known = ofQueue == null ? null : ofQueue.get(type);
        Runs found = known != null ? known : makeRuns(queues.of(queue), types.of(type));
        if (near.length < MOST_AT_HAND) {
            AtHand[] more = Arrays.copyOf(near, near.length + 1);
            more[near.length] = new AtHand(queue, type, found);
            atHand.compareAndSet(near, more);
        }
        return found;
    }

    private Runs makeRuns(String queue, String type) {
        return runs.computeIfAbsent(queue, name -> new ConcurrentHashMap<>())
                .computeIfAbsent(
                        type,
                        name -> new Runs(
                                counter("covey.tasks.started", queue, type, ""),
                                timers.computeIfAbsent(
                                        new Key("covey.tasks.run", queue, type, "returned"), this::makeTimer),
                                timers.computeIfAbsent(
                                        new Key("covey.tasks.run", queue, type, "threw"), this::makeTimer),
                                counter("covey.tasks.ended", queue, type, "done")));
    }

    void on(WorkerEvent event) {
        if (event instanceof WorkerEvent.Retried retried) {
            ended(retried.task(), "retried");
        } else if (event instanceof WorkerEvent.Failed failed) {
            failed(failed);
        } else if (event instanceof WorkerEvent.Discarded discarded) {
            ended(discarded.task(), "discarded");
        } else if (event instanceof WorkerEvent.Cancelled cancelled) {
            ended(cancelled.task(), "cancelled");
        } else if (event instanceof WorkerEvent.Released released) {
            ended(released.task(), "released");
        } else if (event instanceof WorkerEvent.LeaseLost lost) {
            ended(lost.task(), "lost");
        } else if (event instanceof WorkerEvent.Refused refused) {
            ended(refused.task(), "refused");
        } else if (event instanceof WorkerEvent.DataEpochChanged changed) {
            counter("covey.tasks.data.lost", changed.queue(), "", "").increment();
        } else if (event instanceof WorkerEvent.NotGettingOn) {
            counter("covey.worker.standstills", "", "", "").increment();
        }
    }

    private void ended(TaskRef task, String outcome) {
        counter("covey.tasks.ended", task.queue(), task.type(), outcome).increment();
    }

    /** Names of types that no handler is for are anybody's, and must not use up the tags. */
    private void failed(WorkerEvent.Failed failed) {
        boolean parked = failed.reason().startsWith("UnknownTaskType:")
                || failed.reason().startsWith("UnreadableTask:");
        counter(
                        "covey.tasks.ended",
                        failed.task().queue(),
                        parked ? UNKNOWN_TYPE : failed.task().type(),
                        "failed")
                .increment();
    }

    private Counter counter(String name, String queue, String type, String outcome) {
        return counters.computeIfAbsent(key(name, queue, type, outcome), this::makeCounter);
    }

    private Timer timer(String name, TaskContext task, String outcome) {
        return timers.computeIfAbsent(key(name, task.queue(), task.type(), outcome), this::makeTimer);
    }

    private Key key(String name, String queue, String type, String outcome) {
        return new Key(name, queue.isEmpty() ? "" : queues.of(queue), type.isEmpty() ? "" : types.of(type), outcome);
    }

    private Counter makeCounter(Key key) {
        Counter.Builder counter = Counter.builder(key.name).description(description(key.name));
        tags(key).forEach(counter::tag);
        return counter.register(registry);
    }

    private Timer makeTimer(Key key) {
        Timer.Builder timer = Timer.builder(key.name).description(description(key.name));
        tags(key).forEach(timer::tag);
        return timer.register(registry);
    }

    private static Map<String, String> tags(Key key) {
        Map<String, String> tags = new TreeMap<>();
        put(tags, "queue", key.queue);
        put(tags, "type", key.type);
        put(tags, "outcome", key.outcome);
        return tags;
    }

    private static void put(Map<String, String> tags, String name, String value) {
        if (!value.isEmpty()) {
            tags.put(name, value);
        }
    }

    private static String description(String name) {
        return switch (name) {
            case "covey.tasks.enqueued" -> "Tasks that this node added, or tried to add";
            case "covey.tasks.started" -> "Attempts that a handler has run";
            case "covey.tasks.wait" -> "How long tasks waited from when they could run to their first attempt";
            case "covey.tasks.run" -> "How long handlers ran";
            case "covey.tasks.ended" -> "Attempts that ended, by how";
            case "covey.tasks.data.lost" -> "How often the backend lost or replaced the data of a queue";
            default -> "How often a worker of this node did not get on";
        };
    }
}
