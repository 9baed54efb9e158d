package io.covey.cluster.tasks;

import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Held;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Gives the tasks of a queue back, those of killed workers when their leases are over: it keeps the queue in order meanwhile,
 * since without a worker nobody does. A lease that is renewed is that of a worker that is alive.
 */
final class GiveBack {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Executor LATER = CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS);

    private final String queue;
    private final TaskBroker broker;
    private final QueueControl control;
    private final Duration timeout;
    private final Map<String, Duration> least = new HashMap<>();
    private final Set<String> alive = new HashSet<>();

    GiveBack(String queue, TaskBroker broker, QueueControl control, Duration timeout) {
        this.queue = queue;
        this.broker = broker;
        this.control = control;
        this.timeout = timeout;
    }

    GivenBack run() {
        long tasks = 0;
        while (true) {
            // whoever takes them over counts deliveries anew: none is the last
            on(broker.upkeep(Set.of(queue), LEASE, Integer.MAX_VALUE));
            tasks += on(control.giveBack(queue));
            Map<String, Long> held = held();
            if (alive.containsAll(held.keySet())) {
                return new GivenBack(
                        tasks, held.values().stream().mapToLong(Long::longValue).sum(), held.size());
            }
            on(CompletableFuture.runAsync(() -> {}, LATER));
        }
    }

    private Map<String, Long> held() {
        Map<String, Long> held = new HashMap<>();
        on(control.leases(queue)).forEach((owner, left) -> {
            Duration before = least.merge(owner, left, (a, b) -> a.compareTo(b) < 0 ? a : b);
            if (left.compareTo(before) > 0) {
                alive.add(owner);
            }
            long count = Page.<Held>stream(cursor -> on(broker.holdings(owner, queue, cursor)))
                    .distinct()
                    .count();
            if (count > 0) {
                held.put(owner, count);
            }
        });
        return held;
    }

    private <T> T on(CompletionStage<T> stage) {
        return Await.on(stage, timeout, "give the tasks of queue " + queue + " back");
    }
}
