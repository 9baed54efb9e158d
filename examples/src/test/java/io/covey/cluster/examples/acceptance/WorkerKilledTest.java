package io.covey.cluster.examples.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.examples.Jvm;
import io.covey.cluster.examples.OnBothDrivers;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.Worker;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

/** A process that is killed loses no task, and only what it held runs again. */
@Timeout(120)
final class WorkerKilledTest {
    private static final int TASKS = 500;
    private static final int BY_THE_VICTIM = 100;
    private static final int PREFETCH = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @OnBothDrivers
    void everythingIsDoneAndOnlyWhatRanInTheKilledProcessRanTwice(String scheme) throws Exception {
        try (Backend backend = new Backend(scheme)) {
            ClusterConfig.Builder config = backend.config("survivor");
            Cluster node = backend.join(config);
            KilledWorker.Marks marks = new KilledWorker.Marks(node);
            TaskQueue.on(node)
                    .enqueueAll(
                            KilledWorker.MARK, IntStream.range(0, TASKS).boxed().toList());

            Process victim = start(backend.uri(), config.build().transport().namespace());
            try {
                await().atMost(PATIENCE)
                        .until(() -> marks.done.size() == BY_THE_VICTIM
                                && marks.runs.size() == BY_THE_VICTIM + KilledWorker.CONCURRENCY);
            } finally {
                victim.destroyForcibly();
            }
            assertThat(victim.waitFor(10, TimeUnit.SECONDS)).isTrue();
            long killed = System.nanoTime();
            Worker worker = KilledWorker.worker(node)
                    .handlers(handlers -> handlers.handle(KilledWorker.MARK, (number, task) -> {
                        marks.started(number, task);
                        marks.done(number);
                    }))
                    .start();

            await().atMost(PATIENCE).until(() -> marks.done.size() == TASKS);
            long millis = (System.nanoTime() - killed) / 1_000_000;
            await().atMost(PATIENCE).until(() -> worker.stats().processed() == TASKS - BY_THE_VICTIM);
            List<String> runs = marks.runs.keys("").toList();
            Map<String, Long> runsOf = runs.stream()
                    .collect(Collectors.groupingBy(key -> key.substring(0, key.indexOf('/')), Collectors.counting()));
            Collection<Integer> deliveries = marks.runs.getAll(runs).values();
            long twice = runsOf.values().stream().filter(count -> count == 2).count();
            long held = deliveries.stream().filter(count -> count == 2).count();
            System.out.println("Worker killed on " + scheme + ": all " + TASKS + " done " + millis + " ms later, "
                    + twice + " ran twice, " + held + " were held");

            assertThat(runsOf).hasSize(TASKS);
            assertThat(runsOf.values()).allMatch(count -> count <= 2);
            assertThat(twice).as("tasks that ran twice").isEqualTo(KilledWorker.CONCURRENCY);
            assertThat(held)
                    .as("tasks that the killed process held")
                    .isBetween(twice, (long) KilledWorker.CONCURRENCY + PREFETCH);
            assertThat(deliveries).allMatch(count -> count <= 2);
            assertThat(TaskQueue.on(node).inspect().failed(0, 1)).isEmpty();
        }
    }

    private static Process start(String uri, String namespace) throws Exception {
        return Jvm.process(KilledWorker.class, uri, namespace, Integer.toString(BY_THE_VICTIM))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
