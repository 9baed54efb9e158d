package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.examples.jdbc.JdbcTransport;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.spi.TransportProvider;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tasks and locks live in a database, everything else behind the URI. */
public final class CustomTransportExample {
    private static final TaskType<String> GREET =
            TaskType.of("greet", String.class).on("greetings");

    public static void main(String[] args) throws InterruptedException {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws InterruptedException {
        TransportConfig rest = config.build().transport();
        CountDownLatch done = new CountDownLatch(1);
        try (Cluster one = Cluster.join(config.transport(mixed(rest)).build());
                Cluster two = Cluster.join(config.transport(mixed(rest)).build())) {
            Worker.on(two)
                    .queues("greetings")
                    .handlers(handlers -> handlers.handle(GREET, (name, task) -> {
                        out.println("hello " + name + ", fence " + (task.fence() > 0));
                        done.countDown();
                    }))
                    .start();
            TaskQueue.on(one).enqueue(GREET, "ada");
            out.println("done: " + done.await(10, TimeUnit.SECONDS));
            out.println("locked: " + one.lock("report").tryLock(Duration.ZERO).isPresent());
            out.println("twice: " + two.lock("report").tryLock(Duration.ZERO).isPresent());
            one.cache("greeted", String.class).put("ada", "yes");
            out.println(
                    "cached: " + two.cache("greeted", String.class).get("ada").orElseThrow());
        }
    }

    private static Transport mixed(TransportConfig rest) {
        TransportProvider provider = ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.schemes().contains(rest.scheme()))
                .findFirst()
                .orElseThrow();
        Transport database = JdbcTransport.open(TransportConfig.of("jdbc:h2:mem:example"));
        return Transport.of(database, provider.open(rest));
    }
}
