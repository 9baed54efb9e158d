package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.tasks.Recurrence;
import io.covey.cluster.tasks.Schedules;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.io.PrintStream;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tasks that come again and again, declared by every node at its start and run once each time. */
public final class RecurringExample {
    static final TaskType<String> SWEEP = TaskType.of("sweep", String.class).on("cleaning");

    public static void main(String[] args) throws InterruptedException {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws InterruptedException {
        CountDownLatch twice = new CountDownLatch(2);
        try (Cluster one = Cluster.join(config.build());
                Cluster two = Cluster.join(config.build())) {
            Recurrence nightly = Recurrence.cron("30 2 * * MON-FRI", ZoneId.of("Europe/Berlin"));
            for (Cluster node : new Cluster[] {one, two}) {
                Schedules schedules = Schedules.on(node);
                out.println(
                        "often: " + schedules.declare("often", Recurrence.every(Duration.ofSeconds(1)), SWEEP, "hall"));
                out.println("nightly: " + schedules.declare("nightly", nightly, SWEEP, "cellar"));
            }
            Worker.on(two)
                    .queues("cleaning")
                    .handlers(handlers -> handlers.handle(SWEEP, (room, task) -> twice.countDown()))
                    .start();
            out.println("swept twice: " + twice.await(30, TimeUnit.SECONDS));
            Schedules schedules = Schedules.on(one);
            out.println("stopped: " + schedules.stop("cleaning", "often"));
            schedules
                    .list(Set.of("cleaning"))
                    .forEach(task -> out.println("left: " + task.name() + ", " + task.recurrence()));
        }
    }
}
