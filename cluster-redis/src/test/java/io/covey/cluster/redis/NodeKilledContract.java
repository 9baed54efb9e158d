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
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Workers and schedulers of both fleets are killed at random under ten thousand tasks that both may take. What ran is told
 * by two lists in Redis that the tasks write, of what starts and of what is done. The property {@code covey.seed} repeats a run's choices.
 */
public abstract class NodeKilledContract extends InteropScenes {
    private static final int TASKS = 10_000;
    private static final int DELAYED = 2_000;
    private static final int KILLS = 12;
    private static final int MILLIS = 10;
    private static final String NODE_WORKER = "node worker";
    private static final String NODE_SCHEDULER = "node scheduler";
    private static final Pattern FIRST_ARGUMENT = Pattern.compile("\"args\":\\[([0-9]+),");

    /** The ends of so many tasks of 10 ms, four at a time, a process of ours may have been about to tell when it was killed. */
    private static final int UNTOLD = 50;

    /** A process of either fleet, and how to start another like it. */
    private record Killable(String what, ProcessHandle process, Callable<ProcessHandle> again) {}

    private final long seed = Long.getLong("covey.seed", new Random().nextInt(1_000_000));
    private final Random random = new Random(seed);
    private final Map<Long, String> killed = new HashMap<>();

    /** What a task wrote down: in which process of which make it ran. */
    private record Line(String make, long process, int task) {
        static Line of(String line) {
            String[] words = line.split("[: ]");
            return new Line(words[0], Long.parseLong(words[1]), Integer.parseInt(words[2]));
        }

        boolean ours() {
            return make.equals("java");
        }
    }

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
            Set<Integer> lost = lost();
            report("ours alone", lost);
            assertThat(lost).as("lost, seed %d", seed).isEmpty();
            assertSecondCompletionsWereUntold();
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
                all.add(new Killable(NODE_WORKER, node(worker), () -> node(worker)));
            }
            all.add(new Killable(NODE_SCHEDULER, node(scheduler), () -> node(scheduler)));
            run(all);
            Set<Integer> lost = lost();
            report("beside node-resque", lost);
            assertLostByNode(lost);
            assertSecondCompletionsWereUntold();
        } finally {
            all.forEach(one -> one.process().destroyForcibly());
        }
    }

    private void report(String what, Set<Integer> lost) {
        List<Line> done = lines("ledger");
        System.out.println("Killed " + what + ": " + TASKS + " tasks, kills "
                + killed.values().stream().collect(Collectors.groupingBy(each -> each, Collectors.counting()))
                + ", runs "
                + done.stream().collect(Collectors.groupingBy(Line::make, Collectors.counting()))
                + ", lost " + lost.size() + ", second completions "
                + (done.size() - done.stream().map(Line::task).distinct().count()) + ", seed " + seed);
    }

    private List<Line> lines(String list) {
        String all = scene.redis.command("LRANGE", list, "0", "-1");
        return Pattern.compile(", ")
                .splitAsStream(all.substring(1, all.length() - 1))
                .map(Line::of)
                .toList();
    }

    private Set<Integer> lost() {
        Set<Integer> missing = IntStream.range(0, TASKS).boxed().collect(Collectors.toCollection(TreeSet::new));
        lines("ledger").forEach(line -> missing.remove(line.task()));
        return missing;
    }

    /**
     * Each that is lost is what a killed worker of node-resque had taken, as the key says that it leaves behind, or what a
     * killed scheduler had taken from the delayed ones, which leaves nothing: one for each of them at most.
     */
    private void assertLostByNode(Set<Integer> lost) {
        assertThat(lines("started"))
                .as("starts by our workers of what is lost, seed %d", seed)
                .noneMatch(line -> line.ours() && lost.contains(line.task()));
        Set<Integer> unexplained = new TreeSet<>(lost);
        long schedulers = 0;
        for (Map.Entry<Long, String> process : killed.entrySet()) {
            if (process.getValue().equals(NODE_WORKER)) {
                unexplained.removeAll(heldByNode(process.getKey()));
            }
            schedulers += process.getValue().equals(NODE_SCHEDULER) ? 1 : 0;
        }
        assertThat(unexplained)
                .as("lost and not held by a killed worker of node-resque, seed %d", seed)
                .allMatch(task -> task >= TASKS - DELAYED)
                .hasSizeLessThanOrEqualTo((int) schedulers);
    }

    /** What node-resque writes down as it takes a task, and deletes when it is done. */
    private Set<Integer> heldByNode(long process) {
        String keys = scene.keys("resque:worker:*:" + process + ":math");
        Set<Integer> held = new HashSet<>();
        for (String key : keys.substring(1, keys.length() - 1).split(", ")) {
            Matcher task = FIRST_ARGUMENT.matcher(key.isEmpty() ? "" : scene.redis.command("GET", key));
            if (task.find()) {
                held.add(Integer.valueOf(task.group(1)));
            }
        }
        assertThat(held).as("held by one worker of node-resque").hasSizeLessThanOrEqualTo(1);
        return held;
    }

    /** A second completion follows one of ours that was among the last of a process that was killed; none is of node-resque. */
    private void assertSecondCompletionsWereUntold() {
        List<Line> done = lines("ledger");
        Map<Integer, Line> before = new HashMap<>();
        for (Line line : done) {
            Line first = before.put(line.task(), line);
            if (first != null) {
                assertThat(line.ours() && first.ours() && killed.containsKey(first.process()))
                        .as("%s after %s, seed %d", line, first, seed)
                        .isTrue();
                List<Line> process = done.stream()
                        .filter(each -> each.process() == first.process())
                        .toList();
                assertThat(process.size() - process.indexOf(first))
                        .as("ends from %s to the death of its process, seed %d", first, seed)
                        .isLessThanOrEqualTo(UNTOLD);
            }
        }
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
            killed.put(victim.process().pid(), victim.what());
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
