package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.tasks.RetryPolicy;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One node enqueues, another works: now, again after a failure, and later. */
public final class TasksExample {

    record Resize(String file, int width) {}

    static final TaskType<Resize> RESIZE = TaskType.of("resize", Resize.class)
            .on("images")
            .retry(RetryPolicy.standard().withDelays(Duration.ofMillis(100), Duration.ofMinutes(1)));

    public static void main(String[] args) throws InterruptedException {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(3);
        try (Cluster producer = Cluster.join(config.build());
                Cluster worker = Cluster.join(config.build())) {
            Worker.on(worker)
                    .queues("images")
                    .concurrency(4)
                    .handlers(handlers -> handlers.handle(RESIZE, (resize, task) -> {
                        if (resize.file().equals("broken.png") && task.attempt() == 1) {
                            throw new IOException("the disk hiccuped");
                        }
                        out.println(resize.file() + " in attempt " + task.attempt());
                        done.countDown();
                    }))
                    .start();

            TaskQueue tasks = TaskQueue.on(producer);
            tasks.enqueue(RESIZE, new Resize("cat.png", 200));
            tasks.enqueue(RESIZE, new Resize("broken.png", 200));
            tasks.enqueueIn(RESIZE, new Resize("later.png", 200), Duration.ofMillis(100));
            out.println("all done: " + done.await(10, TimeUnit.SECONDS));
        }
    }
}
