package io.covey.cluster.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.tasks.EnqueueOptions;
import io.covey.cluster.tasks.NewTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that promote delayed tasks are killed, and so are those beside workers of another make. */
@Tag("chaos")
@Timeout(600)
final class MixedFleetTest {
    private static final int CONCURRENCY = 20;
    private static final int DELAYED = 10_000;
    private static final int PORTION = 200;
    private static final int SECONDS = 5;

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void schedulersAreKilledWhilePromoting(String driver) throws Exception {
        try (Scene scene = new Scene("promote", driver)) {
            Instant first = Instant.now().plus(Duration.ofSeconds(15));
            for (int i = 0; i < DELAYED; i += PORTION) {
                delayed(scene, PORTION, first.plusSeconds(i / (DELAYED / SECONDS)));
            }
            assertThat(scene.feeder.accepted).hasSize(DELAYED);
            List<ChaosProcess> fleet = new ArrayList<>(scene.fleet(4, CONCURRENCY));
            for (int second = 0; second < SECONDS; second++) {
                long due = first.plusSeconds(second).toEpochMilli() + 1000;
                int victim = scene.random.nextInt(fleet.size());
                scene.pass(Math.max(0, due + scene.random.nextInt(300) - System.currentTimeMillis()));
                scene.strike(fleet.get(victim).kill());
                fleet.set(victim, scene.start("substitute", CONCURRENCY));
            }
            scene.finish();
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
            delayed(scene, PORTION, Instant.now().plusSeconds(3));
            scene.feed(4 * CONCURRENCY, 300, 1500);
            for (int i = 0; i < 4; i++) {
                int victim = scene.random.nextInt(fleet.size());
                scene.pass(500 + scene.random.nextInt(1500));
                scene.strike(fleet.get(victim).kill());
                fleet.set(victim, scene.start("substitute", CONCURRENCY).awaitReady());
            }
            scene.finish();
            long byNode = scene.ledger.runs().values().stream()
                    .flatMap(List::stream)
                    .filter(run -> run.process().startsWith("node-"))
                    .count();
            assertThat(byNode).as("runs by node-resque").isPositive();
        }
    }

    private static void delayed(Scene scene, int count, Instant due) {
        List<NewTask<Work>> tasks = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = scene.feeder.nextNumber();
            numbers.add(number);
            tasks.add(new NewTask<>(
                    Work.PATIENT, new Work(number, 1), EnqueueOptions.none().withDue(due)));
        }
        scene.feeder.send(tasks, numbers);
    }
}
