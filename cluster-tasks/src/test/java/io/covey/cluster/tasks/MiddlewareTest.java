package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MiddlewareTest {
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers").retry(RetryPolicy.never());

    private final Fleet fleet = new Fleet();
    private final Cluster node = fleet.join();
    private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void whatWasAddedFirstIsOutsideAndSeesTheTask() {
        Worker worker = Worker.on(node)
                .queues("numbers")
                .around((task, rest) -> {
                    seen.add("outer of " + task.type());
                    try {
                        rest.run();
                    } finally {
                        seen.add("outer ends");
                    }
                })
                .around((task, rest) -> {
                    seen.add("inner of " + task.queue());
                    rest.run();
                    seen.add("inner ends");
                })
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> {
                    seen.add("handler");
                    if (number == 2) {
                        throw new IllegalStateException("two");
                    }
                }))
                .start();
        TaskQueue.on(node).enqueue(COUNT, 1);
        await().until(() -> worker.stats().processed() == 1);
        assertThat(seen).containsExactly("outer of count", "inner of numbers", "handler", "inner ends", "outer ends");
        seen.clear();
        TaskQueue.on(node).enqueue(COUNT, 2);
        await().until(() -> worker.stats().failed() == 1);
        assertThat(seen).containsExactly("outer of count", "inner of numbers", "handler", "outer ends");
    }

    @Test
    void whatAMiddlewareThrowsIsAsIfTheHandlerHadThrownIt() {
        Worker worker = Worker.on(node)
                .queues("numbers")
                .around((task, rest) -> {
                    throw new IllegalStateException("not today");
                })
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> seen.add("handler")))
                .start();
        TaskQueue.on(node).enqueue(COUNT, 1);
        await().until(() -> worker.stats().failed() == 1);
        assertThat(seen).isEmpty();
    }

    @Test
    void whatIsNotRunHasNoMiddleware() {
        Worker worker = Worker.on(node)
                .queues("numbers")
                .around((task, rest) -> {
                    seen.add("around");
                    rest.run();
                })
                .start();
        TaskQueue.on(node).enqueue(COUNT, 1);
        await().until(() -> worker.stats().failed() == 1);
        assertThat(seen).isEmpty();
    }
}
