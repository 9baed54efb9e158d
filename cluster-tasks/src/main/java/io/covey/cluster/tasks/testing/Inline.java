package io.covey.cluster.tasks.testing;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.tasks.Enqueued;
import io.covey.cluster.tasks.HandlerRegistry;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.TaskContext;
import io.covey.cluster.tasks.TaskHandler;
import io.covey.cluster.tasks.TaskHandlers;
import io.covey.cluster.tasks.TaskType;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Runs tasks on the thread that enqueues them. */
final class Inline implements HandlerRegistry {

    /** A handler with the type that reads its payload. */
    private record Bound<P>(TaskType<P> type, TaskHandler<P> handler) {

        void run(Cluster cluster, byte[] args, TaskContext task) throws Exception {
            handler.run(type.read(cluster, args), task);
        }
    }

    private final Cluster cluster;
    private final Map<String, Bound<?>> byName = new HashMap<>();
    private final Map<String, byte[]> results = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();

    Inline(Cluster cluster, TaskHandlers handlers) {
        this.cluster = cluster;
        handlers.register(this);
    }

    @Override
    public Cluster cluster() {
        return cluster;
    }

    @Override
    public <P> void handle(TaskType<P> type, TaskHandler<P> handler) {
        if (byName.putIfAbsent(type.name(), new Bound<>(type, handler)) != null) {
            throw new IllegalArgumentException("The task type " + type.name() + " has a handler already");
        }
    }

    <P> Enqueued run(NewTask<P> task) {
        Bound<?> bound = byName.get(task.type().name());
        if (bound == null) {
            throw new ClusterException("No handler for task type " + task.type().name() + ", which runs inline");
        }
        long number = count.incrementAndGet();
        String id = task.options().id().orElse("inline-" + number);
        InlineContext context = new InlineContext(cluster, task, id, number);
        try {
            bound.run(cluster, task.type().write(cluster, task.payload()), context);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ClusterException("Task " + task.type() + ", run inline, failed: " + e, e);
        }
        context.result().ifPresent(result -> results.put(key(task.queue(), id), result));
        return new Enqueued(task.queue(), id, true);
    }

    byte @org.jspecify.annotations.Nullable [] result(String queue, String id) {
        return results.get(key(queue, id));
    }

    private static String key(String queue, String id) {
        return queue + "/" + id;
    }
}
