package io.covey.cluster.micrometer;

import io.covey.cluster.tasks.Enqueued;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.UnconfirmedException;
import io.covey.cluster.tasks.WorkerEvent;
import io.covey.cluster.tasks.WorkerEvent.TaskRef;
import io.covey.cluster.tasks.WorkerListener.Ran;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** Counts tasks, in one registry. */
final class TaskMeters {
    private static final String UNKNOWN_TYPE = "unknown";
    /** So many kinds of runs are found without a look into a map. */
    private static final int MOST_AT_HAND = 16;

    private final MeterRegistry registry;
    private final Capped queues = new Capped();
    private final Capped types = new Capped();
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
    private final Map<String, Map<String, RunMeters>> runs = new ConcurrentHashMap<>();
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

    /**
     * Counts runs that ended.
     *
     * @param nowMillis the time by the backend's clock
     */
    void ran(List<Ran> ended, long nowMillis) {
        AtHand last = null;
        int started = 0;
        int done = 0;
        for (Ran run : ended) {
            String queue = run.task().queue();
            String type = run.task().type();
            if (last == null || !last.are(queue, type)) {
                if (last != null) {
                    last.runs.add(started, done);
                }
                last = atHand(queue, type);
                started = 0;
                done = 0;
            }
            started++;
            done += run.done() ? 1 : 0;
            last.runs.took(run, nowMillis);
        }
        if (last != null) {
            last.runs.add(started, done);
        }
    }

    /** The runs that a worker names by these very objects. */
    private record AtHand(String queue, String type, RunMeters runs) {

        // A worker has one string for each queue and each type, which is quickly compared; others the maps know.
        @SuppressWarnings("StringEquality")
        boolean are(String otherQueue, String otherType) {
            return type == otherType && queue == otherQueue;
        }
    }

    private AtHand atHand(String queue, String type) {
        AtHand[] near = atHand.get();
        for (AtHand some : near) {
            if (some.are(queue, type)) {
                return some;
            }
        }
        AtHand found = new AtHand(queue, type, runs(queue, type));
        if (near.length < MOST_AT_HAND) {
            AtHand[] more = Arrays.copyOf(near, near.length + 1);
            more[near.length] = found;
            atHand.compareAndSet(near, more);
        }
        return found;
    }

    private RunMeters runs(String queue, String type) {
        Map<String, RunMeters> ofQueue = runs.get(queue);
        RunMeters known = ofQueue == null ? null : ofQueue.get(type);
        return known != null ? known : makeRuns(queues.of(queue), types.of(type));
    }

    private RunMeters makeRuns(String queue, String type) {
        return runs.computeIfAbsent(queue, name -> new ConcurrentHashMap<>())
                .computeIfAbsent(
                        type,
                        name -> new RunMeters(
                                counter("covey.tasks.started", queue, type, ""),
                                timer("covey.tasks.run", queue, type, "returned"),
                                timer("covey.tasks.run", queue, type, "threw"),
                                counter("covey.tasks.ended", queue, type, "done"),
                                () -> timer("covey.tasks.wait", queue, type, "")));
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

    /** Of a queue and a type that are kept apart, or are what is not. */
    private Timer timer(String name, String queue, String type, String outcome) {
        return makeTimer(new Key(name, queue, type, outcome));
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
