package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.QueueControl;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Locks of running tasks, taken and freed at random by those who have them and by others. */
final class RandomRuns {
    private static final int HOLDERS = 3;
    private static final Duration LONGEST = Duration.ofHours(1);
    /** Backends may round up to a second. */
    private static final Duration ROUNDING = Duration.ofSeconds(2);
    /** Those in a line mean the same. */
    private static final List<List<String>> ARGS =
            List.of(List.of("[1]", " [ 1 ] "), List.of("[{\"a\":[]}]", "[{ \"a\" : [] }]"), List.of("[]"));

    private final RandomScene scene;
    private final Map<Task, Run> runs = new HashMap<>();

    private record Task(String type, List<String> args) {}

    /** Who has a lock, until when at least, and at most. */
    private record Run(String holder, Instant least, Instant most) {}

    RandomRuns(RandomScene scene) {
        this.scene = scene;
    }

    void step() {
        Task task = new Task(scene.random.nextBoolean() ? "t" : "u", scene.any(ARGS));
        byte[] args = scene.any(task.args).getBytes(UTF_8);
        String holder = "h" + scene.random.nextInt(HOLDERS);
        if (scene.random.nextInt(3) == 0) {
            unlock(task, args, holder);
        } else {
            lock(task, args, holder);
        }
    }

    private void lock(Task task, byte[] args, String holder) {
        Duration longest = scene.random.nextBoolean() ? LONGEST : Duration.ofMillis(1 + scene.random.nextInt(1200));
        Run run = runs.get(task);
        scene.trace("lock " + task + " for " + holder + " for " + longest);
        Instant then = scene.now();
        boolean locked =
                TransportContract.on(control().lockRun(RandomScene.QUEUES.get(0), task.type, args, holder, longest));
        Instant now = scene.now();
        String what =
                task + " was locked by " + holder + ": " + locked + " between " + then + " and " + now + ", " + run;
        scene.trace("  -> " + locked);
        boolean mine = run == null || run.holder.equals(holder);
        Ledger.check(locked || !mine && then.isBefore(run.most), what);
        Ledger.check(!locked || mine || !now.isBefore(run.least), what);
        scene.ledger.reached("lock of a run " + (mine ? "of mine " : "of another ") + locked);
        if (locked) {
            runs.put(task, new Run(holder, then.plus(longest), now.plus(longest).plus(ROUNDING)));
        }
    }

    private void unlock(Task task, byte[] args, String holder) {
        scene.trace("unlock " + task + " for " + holder);
        boolean done = scene.random.nextBoolean();
        TransportContract.on(control().unlockRun(RandomScene.QUEUES.get(0), task.type, args, holder, done));
        Run run = runs.get(task);
        if (run != null && run.holder.equals(holder)) {
            runs.remove(task);
        }
    }

    private QueueControl control() {
        return scene.broker().control().orElseThrow();
    }
}
