package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tasks alike: one at a time, one in a time, and only the last one. */
public final class UniqueTasksExample {

    record Report(String tenant, int month) {}

    record Save(String document, String text) {}

    /** While a report of a tenant waits or runs, no other of this tenant is added; after an hour at the latest. */
    static final TaskType<Report> REPORT =
            TaskType.of("report", Report.class).on("reports").uniqueUntilDone(Report::tenant, Duration.ofHours(1));

    /** One reminder an hour, whatever becomes of it. */
    static final TaskType<String> REMIND =
            TaskType.of("remind", String.class).on("reports").throttle(Duration.ofHours(1));

    /** Saves a document when nobody has typed for a moment: what was typed last. */
    static final TaskType<Save> SAVE =
            TaskType.of("save", Save.class).on("reports").debounce(Save::document, Duration.ofMillis(200));

    public static void main(String[] args) throws InterruptedException {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(4);
        try (Cluster cluster = Cluster.join(config.build())) {
            TaskQueue tasks = TaskQueue.on(cluster);
            out.println("ada's report: "
                    + tasks.enqueue(REPORT, new Report("ada", 1)).accepted());
            out.println("another of hers: "
                    + tasks.enqueue(REPORT, new Report("ada", 2)).accepted());
            out.println("bob's: " + tasks.enqueue(REPORT, new Report("bob", 1)).accepted());
            out.println("a reminder: " + tasks.enqueue(REMIND, "ada").accepted());
            out.println("again: " + tasks.enqueue(REMIND, "ada").accepted());
            tasks.enqueue(SAVE, new Save("poem", "Shall"));
            tasks.enqueue(SAVE, new Save("poem", "Shall I"));
            tasks.enqueue(SAVE, new Save("poem", "Shall I compare thee"));

            Worker.on(cluster)
                    .queues("reports")
                    .handlers(handlers -> {
                        handlers.handle(REPORT, (report, task) -> {
                            out.println("report of " + report.tenant() + " for month " + report.month());
                            done.countDown();
                        });
                        handlers.handle(REMIND, (who, task) -> {
                            out.println("reminded " + who);
                            done.countDown();
                        });
                        handlers.handle(SAVE, (save, task) -> {
                            out.println("saved " + save.text());
                            done.countDown();
                        });
                    })
                    .start();
            out.println("all done: " + done.await(30, TimeUnit.SECONDS));
        }
    }
}
