package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.tasks.EnqueueOptions;
import io.covey.cluster.tasks.Enqueued;
import io.covey.cluster.tasks.TaskProgress;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Whoever enqueued sees how far a task is and gets what came of it. */
public final class ResultsExample {

    record Count(String text) {}

    record Counted(int words, String traceparent) {}

    static final TaskType<Count> COUNT = TaskType.of("count", Count.class).on("counts");

    public static void main(String[] args) throws InterruptedException {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws InterruptedException {
        CountDownLatch seen = new CountDownLatch(1);
        try (Cluster producer = Cluster.join(config.build());
                Cluster worker = Cluster.join(config.build())) {
            TaskQueue tasks = TaskQueue.on(producer);
            tasks.queue("counts").change(now -> now.withKind(Kind.OWN));
            Worker.on(worker)
                    .queues("counts")
                    .handlers(handlers -> handlers.handle(COUNT, (count, task) -> {
                        task.progress(0.5, "half way");
                        seen.await();
                        task.result(new Counted(
                                count.text().split(" ").length, task.headers().get("traceparent")));
                    }))
                    .start();

            String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
            Enqueued task = tasks.enqueue(
                    COUNT,
                    new Count("to be or not to be"),
                    EnqueueOptions.none().withHeader("traceparent", trace));
            out.println("progress: " + progress(tasks, task));
            out.println("result so far: " + tasks.results().get(task, Counted.class));
            seen.countDown();
            Counted counted = tasks.results()
                    .await(task, Counted.class, Duration.ofSeconds(30))
                    .orElseThrow();
            out.println("words: " + counted.words() + ", in the trace: " + trace.equals(counted.traceparent()));
        }
    }

    private static String progress(TaskQueue tasks, Enqueued task) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() - end < 0) {
            TaskProgress progress = tasks.results().progress(task).orElse(null);
            if (progress != null) {
                return progress.part() + " " + progress.text();
            }
            Thread.sleep(20);
        }
        return "none";
    }
}
