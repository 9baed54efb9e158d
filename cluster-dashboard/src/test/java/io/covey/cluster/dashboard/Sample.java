package io.covey.cluster.dashboard;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Lock;
import io.covey.cluster.Secret;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.Recurrence;
import io.covey.cluster.tasks.RetryPolicy;
import io.covey.cluster.tasks.Schedules;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A cluster of a shop, with something of everything, for looking at. */
final class Sample implements AutoCloseable {
    private static final Map<String, Integer> MILLIS =
            Map.of("mail", 40, "images", 300, "search", 15, "billing", 120, "webhooks", 60);
    private static final List<String> TYPES =
            List.of("mail.welcome", "image.resize", "search.index", "invoice.render", "webhook.deliver");

    private final List<Cluster> nodes = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Cluster first;

    Sample(String uri) throws InterruptedException {
        first = join(uri, "shop-web-1");
        TaskQueue tasks = TaskQueue.on(first);
        MILLIS.keySet().forEach(queue -> tasks.queue(queue).change(now -> now.withKind(Kind.OWN)));
        for (int i = 1; i <= 3; i++) {
            work(join(uri, "shop-worker-" + i), i);
        }
        tasks.enqueueAll(
                type("mail", "mail.digest"), IntStream.range(0, 240).boxed().toList());
        for (int i = 0; i < 60; i++) {
            tasks.enqueueIn(type("mail", "mail.reminder"), 4000 + i, Duration.ofMinutes(3 + 7L * i));
        }
        tasks.enqueueAll(
                type("reports", "report.monthly"),
                IntStream.range(0, 37).boxed().toList());
        tasks.queue("reports").pause();
        Schedules schedules = Schedules.on(first);
        schedules.declare(
                "nightly-report",
                Recurrence.cron("0 3 * * *", ZoneId.of("Europe/Berlin")),
                type("reports", "report.daily"),
                1);
        schedules.declare("reindex", Recurrence.every(Duration.ofMinutes(15)), type("search", "search.full"), 2);
        schedules.declare(
                "dunning", Recurrence.cron("30 9 * * MON-FRI", ZoneId.of("UTC")), type("billing", "invoice.remind"), 3);
        lock("checkout-4711");
        lock("nightly-report");
        for (String room : List.of("support", "lobby", "orders-eu")) {
            for (int i = 0; i < room.length(); i++) {
                first.rooms().room(room, String.class).join("member-" + i, Map.of());
            }
        }
        Thread feeder = new Thread(this::feed, "covey-test-feeder");
        feeder.setDaemon(true);
        feeder.start();
    }

    private void lock(String name) throws InterruptedException {
        Lock.Held held = first.lock(name).tryLock(Duration.ofSeconds(5)).orElseThrow();
        assert held.fence() > 0;
    }

    private Cluster join(String uri, String name) {
        Cluster node = Cluster.join(ClusterConfig.builder(uri)
                .name(name)
                .token(Secret.of("a-token-for-these-pictures-only-5551"))
                .build());
        nodes.add(node);
        return node;
    }

    private static TaskType<Integer> type(String queue, String name) {
        return TaskType.of(name, Integer.class).on(queue).retry(RetryPolicy.never());
    }

    private void work(Cluster node, int number) {
        Worker.on(node)
                .weighted(Map.of("mail", 3, "search", 3, "billing", 2, "images", 4, "webhooks", 2))
                .concurrency(6)
                .drain(Duration.ofMillis(100))
                .handlers(handlers -> MILLIS.forEach((queue, millis) -> {
                    for (String name : List.of("mail.digest", "mail.reminder", "search.full", "invoice.remind")) {
                        if (name.startsWith(queue.substring(0, 3))) {
                            handlers.handle(type(queue, name), (n, task) -> pause(millis));
                        }
                    }
                    String name = TYPES.get(List.of("mail", "images", "search", "billing", "webhooks")
                            .indexOf(queue));
                    handlers.handle(type(queue, name), (n, task) -> {
                        for (int step = 1; step <= 5 && n % 370 == 0; step++) {
                            task.progress(step / 6.0, "part " + step + " of 6");
                            pause(2500);
                        }
                        if (queue.equals("webhooks") && n % 7 == 0) {
                            throw new IllegalStateException(
                                    "POST https://example.org/hook/" + n + ": 503 Service Unavailable");
                        }
                        if (queue.equals("images") && n % 23 == 0) {
                            throw new IllegalArgumentException("cat-" + n + ".png is not a picture");
                        }
                        pause(millis);
                    });
                }))
                .start();
    }

    private void pause(long millis) throws InterruptedException {
        end.await(millis, TimeUnit.MILLISECONDS);
    }

    private void feed() {
        try {
            TaskQueue tasks = TaskQueue.on(first);
            List<String> queues = List.of("mail", "images", "search", "billing", "webhooks");
            for (int n = 1; !end.await(120, TimeUnit.MILLISECONDS); n++) {
                int at = n;
                double wave = 1 + 0.8 * Math.sin(n / 60.0);
                List<NewTask<?>> some = new ArrayList<>();
                for (int q = 0; q < queues.size(); q++) {
                    TaskType<Integer> type = type(queues.get(q), TYPES.get(q));
                    int many = (int) Math.round(wave * new int[] {4, 3, 6, 2, 2}[q]);
                    IntStream.range(0, many).forEach(i -> some.add(NewTask.of(type, at * 10 + i)));
                }
                tasks.enqueueAll(some);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException closed) {
            end.countDown();
        }
    }

    Cluster node() {
        return first;
    }

    @Override
    public void close() {
        end.countDown();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            nodes.get(i).close(Duration.ofMillis(500));
        }
    }
}
