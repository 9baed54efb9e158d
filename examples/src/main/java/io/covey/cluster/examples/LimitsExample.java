package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** At most two at once in the whole cluster, and nobody waits behind everything that another has enqueued. */
public final class LimitsExample {
    private static final int MANY = 300;
    private static final int FEW = 10;

    record Mail(String tenant, int number) {}

    static final TaskType<Mail> MAIL =
            TaskType.of("mail", Mail.class).on("mails").key(Mail::tenant);

    public static void main(String[] args) throws InterruptedException {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(MANY + FEW);
        try (Cluster one = Cluster.join(config.build());
                Cluster two = Cluster.join(config.build())) {
            TaskQueue tasks = TaskQueue.on(one);
            tasks.queue("mails").change(now -> now.withKind(Kind.OWN).withLimits(Optional.of(2), Optional.empty()));

            List<Mail> mails = new ArrayList<>();
            for (int i = 0; i < MANY + FEW; i++) {
                mails.add(new Mail(i < MANY ? "big" : "small", i));
            }
            tasks.enqueueAll(MAIL, mails);

            for (Cluster node : List.of(one, two)) {
                Worker.on(node)
                        .queues("mails")
                        .concurrency(4)
                        .handlers(handlers -> handlers.handle(MAIL, (mail, task) -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            order.add(mail.tenant());
                            Thread.sleep(1);
                            running.decrementAndGet();
                            done.countDown();
                        }))
                        .start();
            }
            out.println("all done: " + done.await(30, TimeUnit.SECONDS));
            out.println("never more than two: " + (most.get() <= 2));
            out.println("the small one in the first half: " + (order.lastIndexOf("small") < (MANY + FEW) / 2));
        }
    }
}
