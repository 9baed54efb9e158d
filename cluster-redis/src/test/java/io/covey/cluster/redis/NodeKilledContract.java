package io.covey.cluster.redis;

import static io.covey.cluster.redis.InteropScene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.TaskQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Workers and schedulers of both fleets are killed at random under ten thousand tasks that both may take. What ran is told
 * by a list in Redis that the tasks write. The property {@code covey.seed} repeats a run's choices.
 */
public abstract class NodeKilledContract extends InteropScenes {
    private static final int TASKS = 10_000;
    private static final int DELAYED = 2_000;
    private static final int KILLS = 12;
    private static final int MILLIS = 10;

    /** A process of either fleet, and how to start another like it. */
    private record Killable(String what, ProcessHandle process, Callable<ProcessHandle> again) {}

    private final long seed = Long.getLong("covey.seed", new Random().nextInt(1_000_000));
    private final Random random = new Random(seed);
    private final Map<String, Integer> kills = new HashMap<>();

    private ProcessHandle java() throws Exception {
        return InteropWorker.start(scene.uri()).toHandle();
    }

    private ProcessHandle node(String settings) {
        return ProcessHandle.of(scene.nodeResque(settings).pid()).orElseThrow();
    }

    @Test
    void whatIsTakenByOurWorkersIsNeverLostWhoeverIsKilled() throws Exception {
        List<Killable> ours = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                ours.add(new Killable("java", java(), this::java));
            }
            run(ours);
            Set<String> lost = lost();
            report("ours alone", lost);
            assertThat(lost).as("seed %d", seed).isEmpty();
        } finally {
            ours.forEach(one -> one.process().destroyForcibly());
        }
    }

    @Test
    void besideNodeResqueOnlyWhatItsKilledProcessesHeldIsLost() throws Exception {
        List<Killable> all = new ArrayList<>();
        String worker = "{\"worker\":{\"queues\":[\"math\"]}}";
        String scheduler = "{\"scheduler\":{\"leaderLockTimeout\":2}}";
        try {
            for (int i = 0; i < 2; i++) {
                all.add(new Killable("java", java(), this::java));
                all.add(new Killable("node worker", node(worker), () -> node(worker)));
            }
            all.add(new Killable("node scheduler", node(scheduler), () -> node(scheduler)));
            run(all);
            Set<String> lost = lost();
            report("beside node-resque", lost);
            int theirs = kills.getOrDefault("node worker", 0) + kills.getOrDefault("node scheduler", 0);
            assertThat(lost).as("seed %d, %d kills of node", seed, theirs).hasSizeLessThanOrEqualTo(theirs);
        } finally {
            all.forEach(one -> one.process().destroyForcibly());
        }
    }

    private void report(String what, Set<String> lost) {
        List<String> ledger = scene.list("ledger");
        Map<String, Long> by =
                ledger.stream().collect(Collectors.groupingBy(line -> line.substring(0, 4), Collectors.counting()));
        System.out.println("Killed " + what + ": " + TASKS + " tasks, kills " + kills + ", runs " + by + ", lost "
                + lost.size() + ", second completions " + (ledger.size() - new HashSet<>(ids(ledger)).size())
                + ", seed "
                + seed);
    }

    private static List<String> ids(List<String> ledger) {
        return ledger.stream().map(line -> line.substring(5)).toList();
    }

    private Set<String> lost() {
        Set<String> missing = new HashSet<>();
        for (int i = 0; i < TASKS; i++) {
            missing.add(Integer.toString(i));
        }
        ids(scene.list("ledger")).forEach(missing::remove);
        return missing;
    }

    private void run(List<Killable> processes) throws Exception {
        TaskQueue tasks = scene.tasks();
        List<NewTask<String>> now = new ArrayList<>();
        for (int i = 0; i < TASKS - DELAYED; i++) {
            now.add(NewTask.of(InteropWorker.MARK, "[" + i + "," + MILLIS + "]"));
        }
        tasks.enqueueAll(now);
        Instant start = Instant.now();
        for (int i = TASKS - DELAYED; i < TASKS; i++) {
            tasks.enqueueAt(InteropWorker.MARK, "[" + i + "," + MILLIS + "]", start.plusMillis(i * 4L % 8000));
        }
        for (int i = 1; i <= KILLS && done() < TASKS * 9 / 10; i++) {
            long next = i * TASKS / (2L * KILLS);
            eventually().until(() -> done() >= next);
            Killable victim = processes.remove(random.nextInt(processes.size()));
            victim.process().destroyForcibly();
            victim.process().onExit().get(30, TimeUnit.SECONDS);
            kills.merge(victim.what(), 1, Integer::sum);
            processes.add(new Killable(victim.what(), victim.again().call(), victim.again()));
        }
        // nothing waits, nothing is held by us; what a process of node holds is done when the list grows no more
        eventually().during(Duration.ofSeconds(3)).atMost(Duration.ofMinutes(3)).until(() -> quiet(tasks));
        long all = done();
        eventually().until(() -> done() == all);
    }

    private long done() {
        return Long.parseLong(scene.redis.command("LLEN", "ledger"));
    }

    private static boolean quiet(TaskQueue tasks) {
        QueueInfo queue = tasks.inspect().queue("math").orElseThrow();
        return queue.waiting()
                        + queue.active()
                        + queue.retry()
                        + tasks.inspect().totals().get("delayed")
                == 0;
    }
}
