package io.covey.cluster.tasks.testing;

import io.covey.cluster.Cluster;
import io.covey.cluster.Codec;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.TaskContext;
import io.covey.cluster.tasks.TaskProgress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What a handler sees of a task that runs inline: its first and only run, which nobody can take away. */
final class InlineContext implements TaskContext {
    private final Cluster cluster;
    private final NewTask<?> task;
    private final String id;
    private final long fence;
    private final long started = System.nanoTime();
    private byte @Nullable [] result;

    InlineContext(Cluster cluster, NewTask<?> task, String id, long fence) {
        this.cluster = cluster;
        this.task = task;
        this.id = id;
        this.fence = fence;
    }

    Optional<byte[]> result() {
        return Optional.ofNullable(result);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String type() {
        return task.type().name();
    }

    @Override
    public String queue() {
        return task.queue();
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public int deliveries() {
        return 1;
    }

    @Override
    public long startedNanos() {
        return started;
    }

    @Override
    public long fence() {
        return fence;
    }

    @Override
    public boolean stillMine() {
        return true;
    }

    @Override
    public void assertMine() {
        // Nobody else knows of it.
    }

    @Override
    public Map<String, String> headers() {
        return task.options().headers();
    }

    @Override
    public Optional<String> key() {
        return task.key();
    }

    @Override
    public boolean cancelled() {
        return false;
    }

    @Override
    public void progress(double part, String text) {
        // Checked as elsewhere; whoever enqueues waits for the end anyway.
        new TaskProgress(part, text);
    }

    @Override
    @SuppressWarnings("unchecked") // The codec is that of the value's class.
    public void result(Object value, Duration keep) {
        result = ((Codec<Object>) cluster.codec(value.getClass())).encode(value);
    }

    @Override
    public <T> @Nullable T once(String name, Class<T> type, Callable<? extends @Nullable T> effect) throws Exception {
        return effect.call();
    }

    @Override
    public void once(String name, Effect effect) throws Exception {
        effect.run();
    }
}
