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
import org.junit.jupiter.api.Test;

/** Schedulers of ours, of node-resque and of Ruby beside one another: one of them promotes, and delayed tasks of all styles. */
public abstract class NodeSchedulersContract extends InteropScenes {
    private static final String LEADER = "resque:resque_scheduler_leader_lock";
    private static final String MASTER = "resque:resque:resque_scheduler_master_lock";
    private static final String OURS = "covey.covey:0";
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

    /** actionhero promises one run a period; so it stays when our worker takes some of them and does what actionhero does. */
    @Test
    void aRecurrentTaskOfActionheroRunsOnceAPeriodWhoeverTakesIt() {
        TaskType<String> every = TaskType.raw("every").on("default");
        NodeProcess hero = scene.node("actionhero-29", "{\"frequency\":2000,\"processors\":[1,2]}");
        scene.worker(
                handlers -> handlers.handle(every, (args, task) -> {
                    assertThat(args).isEqualTo("[{}]");
                    scene.redis.command("RPUSH", "ledger", "java " + System.currentTimeMillis());
                    scene.tasks().queue("default").remove(every, "[{}]");
                    scene.tasks().queue("default").removeDelayed(every, "[{}]");
                    scene.tasks().enqueueIn(every, "[{}]", Duration.ofSeconds(2));
                }),
                "default");
        eventually().until(() -> scene.list("ledger").size() >= 10);
        List<Long> times = scene.list("ledger").stream()
                .map(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .toList();
        assertThat(times).isSorted();
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1))
                    .as("time between runs %d and %d", i - 1, i)
                    .isGreaterThan(900);
        }
        long java = scene.list("ledger").stream()
                .filter(line -> line.startsWith("java"))
                .count();
        System.out.println("Recurrent task of actionhero: " + times.size() + " runs in "
                + (times.get(times.size() - 1) - times.get(0)) + " ms, " + java + " of them by our worker");
        assertThat(hero.isAlive()).isTrue();
    }
}
