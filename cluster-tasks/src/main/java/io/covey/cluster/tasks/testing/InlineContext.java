package io.covey.cluster.tasks.testing;

import io.covey.cluster.Cluster;
import io.covey.cluster.Codec;
import io.covey.cluster.spi.Names;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.TaskContext;
import io.covey.cluster.tasks.TaskProgress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What a handler sees of a task that runs inline: its first and only run, which nobody can take away. */
final class InlineContext implements TaskContext {
    private static final int MOST_BYTES = 1 << 20;
    private static final int LONGEST_NAME = 100;

    private final Cluster cluster;
    private final NewTask<?> task;
    private final String id;
    private final long fence;
    private final long started = System.nanoTime();
    private final Map<String, Optional<byte[]>> effects = new HashMap<>();
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
    public void result(Object value, Duration keep) {
        if (keep.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("A result must be kept for at least 1ms, was " + keep);
        }
        byte[] bytes = encode(value, value.getClass());
        if (bytes.length > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "The result of a task must have at most " + MOST_BYTES + " bytes, had " + bytes.length);
        }
        result = bytes;
    }

    @Override
    public <T> @Nullable T once(String name, Class<T> type, Callable<? extends @Nullable T> effect) throws Exception {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("The name of an effect must have 1 to " + LONGEST_NAME
                    + " characters, had " + name.length() + ": \"" + Names.printable(name) + "\"");
        }
        Optional<byte[]> before = effects.get(name);
        if (before != null) {
            return before.map(cluster.codec(type)::decode).orElse(null);
        }
        T value = effect.call();
        Optional<byte[]> note = Optional.ofNullable(value).map(some -> encode(some, type));
        int length = 1 + note.map(bytes -> bytes.length).orElse(0); // a mark goes first
        if (length > MOST_BYTES) {
            throw new IllegalArgumentException("The note once:" + name + " of task " + id + " has " + length
                    + " bytes, the limit is " + MOST_BYTES + "; it is not kept");
        }
        effects.put(name, note);
        return value;
    }

    @Override
    public void once(String name, Effect effect) throws Exception {
        once(name, Object.class, () -> {
            effect.run();
            return null;
        });
    }

    @SuppressWarnings("unchecked") // The value is of the type.
    private byte[] encode(Object value, Class<?> type) {
        return ((Codec<Object>) cluster.codec(type)).encode(value);
    }
}
