package io.covey.cluster.examples.spring;

import io.covey.cluster.tasks.RetryPolicy;
import io.covey.cluster.tasks.TaskType;
import java.time.Duration;

/** Somebody ordered something; the payload of a task. */
public record Order(String id, String item) {

    /** What is done about an order. Producers and handlers share it. */
    public static final TaskType<Order> MAKE_UP = TaskType.of("make-up", Order.class)
            .on("orders")
            .retry(RetryPolicy.standard().withDelays(Duration.ofSeconds(1), Duration.ofMinutes(1)));

    /** What came of it, in the cache {@code receipts}. */
    public record Receipt(String order, String item, int cents, String node) {}
}
