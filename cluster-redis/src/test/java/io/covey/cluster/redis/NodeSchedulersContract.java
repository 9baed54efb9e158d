package io.covey.cluster.redis;

import static io.covey.cluster.redis.InteropScene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Schedulers of ours, of node-resque and of Ruby beside one another: one of them promotes, and delayed tasks of all styles. */
public abstract class NodeSchedulersContract extends InteropScenes {
    private static final String LEADER = "resque:resque_scheduler_leader_lock";
    private static final String MASTER = "resque:resque:resque_scheduler_master_lock";
    private static final String OURS = "covey.covey:0";
    private static final long PERIOD = 2000;
    private static final TaskType<String> ADD = TaskType.raw("add").on("math");
    private static final TaskType<String> MARK = TaskType.raw("mark").on("default");

    private final Queue<String> ran = new ConcurrentLinkedQueue<>();

    private Worker worker(String queue) {
        return scene.worker(
                handlers -> {
                    handlers.handle(ADD, (args, task) -> ran.add(args));
                    handlers.handle(MARK, (args, task) -> ran.add(args));
                },
                queue);
    }

    private void delayed(int count) {
        Instant soon = Instant.now().plusMillis(300);
        for (int i = 0; i < count; i++) {
            scene.tasks().enqueueAt(ADD, "[" + i + "]", soon);
        }
    }

    private String get(String key) {
        return scene.redis.command("GET", key);
    }

    @Test
    void whereNodeLeadsWeStandBy() {
        NodeProcess node = scene.nodeResque("{\"scheduler\":{\"name\":\"leader:1\"}}");
        eventually().until(() -> !node.events("leader").isEmpty());
        Worker worker = worker("math");
        delayed(20);
        eventually().until(() -> ran.size() == 20);
        assertThat(node.events("transferred")).hasSize(20);
        assertThat(get(LEADER)).isEqualTo("leader:1");
        assertThat(scene.redis.command("EXISTS", MASTER)).isEqualTo("0");
        eventually().until(() -> worker.stats().processed() == 20);
    }

    @Test
    void whereWeLeadNodeStandsByAndWhenWeAreGoneItTakesOver() {
        Worker worker = worker("math");
        delayed(5);
        eventually().until(() -> ran.size() == 5);
        assertThat(get(LEADER)).isEqualTo(OURS);
        assertThat(get(MASTER)).isEqualTo(OURS);
        assertThat(Integer.parseInt(scene.redis.command("TTL", LEADER))).isBetween(100, 180);
        NodeProcess node = scene.nodeResque("{\"scheduler\":{\"name\":\"later:1\"}}");
        delayed(20);
        eventually().until(() -> ran.size() == 25);
        assertThat(node.events("leader")).isEmpty();
        assertThat(node.events("transferred")).isEmpty();
        worker.close();
        delayed(3);
        // as if 180 s had passed
        scene.redis.command("PEXPIRE", LEADER, "1");
        eventually().until(() -> node.events("transferred").size() == 3);
        assertThat(get(LEADER)).isEqualTo("later:1");
    }

    @Test
    void aLeaderOfNodeThatWasKilledIsFollowedByUsWhenItsLockIsOver() {
        NodeProcess node = scene.nodeResque("{\"scheduler\":{\"name\":\"killed:1\"}}");
        eventually().until(() -> !node.events("leader").isEmpty());
        assertThat(Integer.parseInt(scene.redis.command("TTL", LEADER))).isBetween(100, 180);
        node.kill();
        worker("math");
        delayed(5);
        Instant looked = Instant.now();
        eventually().until(() -> Instant.now().isAfter(looked.plusSeconds(3)));
        assertThat(ran).isEmpty();
        scene.redis.command("PEXPIRE", LEADER, "1");
        eventually().until(() -> ran.size() == 5);
        assertThat(get(LEADER)).isEqualTo(OURS);
    }

    @Test
    void whereRubyLeadsWeStandBy() {
        scene.redis.command("SET", MASTER, "localhost:99", "EX", "180");
        worker("math");
        delayed(5);
        Instant looked = Instant.now();
        eventually().until(() -> Instant.now().isAfter(looked.plusSeconds(3)));
        assertThat(ran).isEmpty();
        assertThat(scene.redis.command("EXISTS", LEADER)).isEqualTo("0");
        scene.redis.command("DEL", MASTER);
        eventually().until(() -> ran.size() == 5);
    }

    @Test
    void nodeResqueBefore1RunsWhatWeEnqueueAndOfBothStylesOfTimesNothingIsLeft() {
        NodeProcess hero = scene.node("actionhero-9", "{\"queues\":[\"default\"]}");
        scene.tasks().enqueue(MARK, "[{\"n\":1}]");
        eventually().until(() -> scene.list("ledger").equals(List.of("hero 1")));
        long late = Instant.now().getEpochSecond() + 3600;
        hero.queue("enqueueAt", "[" + late * 1000 + ",\"math\",\"add\",[1]]");
        scene.tasks().enqueueAt(ADD, "[1]", Instant.ofEpochSecond(late + 1));
        assertThat(scene.redis.command(
                        "SMEMBERS", "resque:timestamps:{\"class\":\"add\",\"queue\":\"math\",\"args\":[1]}"))
                .contains("resque:delayed:" + late)
                .contains("delayed:" + (late + 1));
        assertThat(scene.tasks().queue("math").delayedAt(ADD, "[1]"))
                .containsExactly(Instant.ofEpochSecond(late), Instant.ofEpochSecond(late + 1));
        assertThat(scene.tasks().queue("math").removeDelayed(ADD, "[1]")).isEqualTo(2);
        assertThat(scene.keys("resque:timestamps:*")).isEqualTo("[]");
        worker("math");
        hero.queue("enqueueIn", "[300,\"math\",\"add\",[2]]");
        eventually().until(() -> ran.contains("[2]"));
        assertThat(scene.keys("resque:timestamps:*")).isEqualTo("[]");
        assertThat(scene.keys("resque:delayed*")).isEqualTo("[]");
    }

    @Test
    void whatIsLeftOfATimeThatNodeResqueCannotRemoveIsForgottenWhenWeLook() {
        NodeProcess hero = scene.node("actionhero-9", "{}");
        NodeProcess node = scene.nodeResque("{\"scheduler\":{},\"worker\":{\"queues\":[\"math\"]}}");
        hero.queue("enqueueIn", "[300,\"math\",\"delayedOnce\",[1]]");
        eventually().until(() -> !node.events("transferred").isEmpty());
        // node-resque 9 forgets the times in its own style alone; its DelayQueueLock refuses the task from then on
        assertThat(node.json("scheduledAt", "[\"math\",\"delayedOnce\",[1]]")).isNotEqualTo("[]");
        assertThat(node.json("enqueue", "[\"math\",\"delayedOnce\",[1]]")).isEqualTo("false");
        assertThat(scene.tasks()
                        .queue("math")
                        .delayedAt(TaskType.raw("delayedOnce").on("math"), "[1]"))
                .isEmpty();
        assertThat(node.json("enqueue", "[\"math\",\"delayedOnce\",[1]]")).isEqualTo("true");
    }

    /**
     * actionhero promises one run a period; so it stays when our worker takes some of them and does what actionhero does.
     * Which of the two takes a run is nobody's promise; that either goes on without the other is.
     */
    @Test
    void aRecurrentTaskOfActionheroRunsOnceAPeriodWhoeverTakesIt() {
        NodeProcess hero = scene.node("actionhero-29", "{\"frequency\":" + PERIOD + ",\"processors\":[1,2]}");
        Worker worker = recurring();
        int together = afterRuns(0, 10);
        assertOnceAPeriod(0, together);

        worker.close();
        int alone = scene.list("ledger").size();
        // as if 180 s had passed
        scene.redis.command("DEL", LEADER, MASTER);
        int theirs = afterRuns(alone, 4);
        assertThat(makers(alone, theirs)).as("after our worker was closed").containsOnly("node");
        assertOnceAPeriod(alone, theirs);

        recurring();
        eventually().until(() -> !scene.keys("resque:delayed:*").equals("[]"));
        hero.kill();
        int killed = scene.list("ledger").size();
        scene.redis.command("DEL", LEADER);
        int ours = afterRuns(killed, 4);
        assertThat(makers(killed, ours)).as("after actionhero was killed").containsOnly("java");
        assertNeverEarly(killed, ours);
    }

    private Worker recurring() {
        TaskType<String> every = TaskType.raw("every").on("default");
        return scene.worker(
                handlers -> handlers.handle(every, (args, task) -> {
                    assertThat(args).isEqualTo("[{}]");
                    scene.redis.command("RPUSH", "ledger", "java " + System.currentTimeMillis());
                    scene.tasks().queue("default").remove(every, "[{}]");
                    scene.tasks().queue("default").removeDelayed(every, "[{}]");
                    scene.tasks().enqueueIn(every, "[{}]", Duration.ofMillis(PERIOD));
                }),
                "default");
    }

    /** Waits for so many runs after the first ones, and says how many there are then. */
    private int afterRuns(int first, int more) {
        eventually().until(() -> scene.list("ledger").size() >= first + more);
        return first + more;
    }

    private List<String> makers(int from, int to) {
        return scene.list("ledger").subList(from, to).stream()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    private List<Long> gaps(int from, int to) {
        List<Long> times = scene.list("ledger").subList(from, to).stream()
                .map(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .toList();
        List<Long> gaps = IntStream.range(1, times.size())
                .mapToObj(i -> times.get(i) - times.get(i - 1))
                .toList();
        System.out.println("Recurrent task of actionhero: runs by " + makers(from, to) + " after " + gaps + " ms");
        return gaps;
    }

    /** Delayed tasks are due at whole seconds, node-resque cuts the rest off, and whoever looks for them sleeps for a second at most. */
    private void assertOnceAPeriod(int from, int to) {
        List<Long> gaps = gaps(from, to);
        assertThat(gaps).allSatisfy(gap -> assertThat(gap).isBetween(PERIOD - 1100, PERIOD + 2000));
        assertThat(gaps.stream().mapToLong(gap -> gap).sum())
                .as("time of %d periods", gaps.size())
                .isBetween((gaps.size() - 1) * PERIOD, (gaps.size() + 1) * PERIOD);
    }

    /** What we delay is never early: it is due at the next whole second. */
    private void assertNeverEarly(int from, int to) {
        assertThat(gaps(from, to)).allSatisfy(gap -> assertThat(gap).isBetween(PERIOD, PERIOD + 3000));
    }
}
