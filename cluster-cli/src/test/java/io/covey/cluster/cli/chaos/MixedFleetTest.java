package io.covey.cluster.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.tasks.EnqueueOptions;
import io.covey.cluster.tasks.NewTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that promote delayed tasks are killed, and so are those beside workers of another make. */
@Tag("chaos")
@Timeout(600)
final class MixedFleetTest {
    private static final int CONCURRENCY = 20;
    private static final int DELAYED = 20_000;
    private static final int PORTION = 200;
    private static final int KILLS = 5;
    /** Of the 20 that it takes to promote all. */
    private static final int MOST_MOVES = 2;

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void schedulersAreKilledWhilePromoting(String driver) throws Exception {
        try (Scene scene = new Scene("promote", driver);
                Promotions promotions = new Promotions(scene.redis)) {
            Map<Long, ChaosProcess> fleet = new HashMap<>();
            scene.fleet(KILLS + 1, CONCURRENCY).forEach(worker -> fleet.put(worker.pid(), worker));
            await().atMost(Scene.PATIENCE).until(() -> promotions.processes().containsAll(fleet.keySet()));
            Instant due = Instant.now().plusSeconds(20);
            for (int i = 0; i < DELAYED; i += PORTION) {
                delayed(scene, due);
            }
            assertThat(scene.feeder.accepted).hasSize(DELAYED);
            List<Long> killed = new ArrayList<>();
            for (int i = 0; i < KILLS; i++) {
                Promotions.Move move = promotions.awaitMoveOf(fleet.keySet(), 1 + scene.random.nextInt(MOST_MOVES));
                scene.kill(fleet.remove(move.process()));
                killed.add(move.process());
            }
            for (int i = 0; i < KILLS; i++) {
                scene.start("substitute", CONCURRENCY).awaitReady();
            }
            // All of them, whether they have been run or not.
            await().atMost(Scene.PATIENCE).until(() -> promotions.moved() >= DELAYED);
            List<Integer> left = promotions.leftBy(killed, DELAYED);
            System.out.println("chaos promote, " + driver + ": delayed tasks left when each was killed: " + left);
            assertThat(left)
                    .as("of %d delayed tasks left when each was killed that promoted them", DELAYED)
                    .hasSize(KILLS)
                    .allMatch(each -> each > 0);
            scene.finish();
            assertThat(promotions.moved()).as("promoted").isEqualTo(DELAYED);
            scene.proved();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void halfTheFleetIsNodeResque(String driver) throws Exception {
        try (Scene scene = new Scene("node-resque", driver)) {
            NodeResque node = NodeResque.installed();
            node.start(scene, "node-0", CONCURRENCY).awaitReady();
            node.start(scene, "node-1", CONCURRENCY).awaitReady();
            List<ChaosProcess> fleet = new ArrayList<>(scene.fleet(2, CONCURRENCY));
            delayed(scene, Instant.now().plusSeconds(3));
            scene.feed(4 * CONCURRENCY, 300, 1500);
            for (int i = 0; i < 4; i++) {
                int victim = scene.random.nextInt(fleet.size());
                scene.pass(500 + scene.random.nextInt(1500));
                scene.kill(fleet.get(victim));
                fleet.set(victim, scene.start("substitute", CONCURRENCY).awaitReady());
            }
            scene.finish();
            long byNode = scene.ledger.runs().values().stream()
                    .flatMap(List::stream)
                    .filter(run -> run.process().startsWith("node-"))
                    .count();
            assertThat(byNode).as("runs by node-resque").isPositive();
            scene.proved();
        }
    }

    private static void delayed(Scene scene, Instant due) {
        List<NewTask<Work>> tasks = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < PORTION; i++) {
            int number = scene.feeder.nextNumber();
            numbers.add(number);
            tasks.add(new NewTask<>(
                    Work.PATIENT, new Work(number, 1), EnqueueOptions.none().withDue(due)));
        }
        scene.feeder.send(tasks, numbers);
    }
}
