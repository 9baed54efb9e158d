package io.covey.cluster.tasks;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Result;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What a handler sees of its run. */
final class RunContext implements TaskContext {
    private final TaskRun run;
    private final RunNotes notes;
    private final ProgressWriter progress;
    private volatile @Nullable Result result;

    RunContext(TaskRun run, RunNotes notes, ProgressWriter progress) {
        this.run = run;
        this.notes = notes;
        this.progress = progress;
    }

    /** How it ends if the handler returns. */
    Outcome done() {
        return new Outcome.Done(Optional.ofNullable(result));
    }

    /** What the handler was given, in the bytes that came. */
    Content.Readable content() {
        return run.content().orElseThrow();
    }

    @Override
    public String id() {
        return run.id();
    }

    @Override
    public String type() {
        return run.type();
    }

    @Override
    public String queue() {
        return run.queue();
    }

    @Override
    public int attempt() {
        return run.lease().attempt();
    }

    @Override
    public int deliveries() {
        return run.lease().deliveries();
    }

    @Override
    public long startedNanos() {
        return run.startedAt();
    }

    @Override
    public long fence() {
        return run.lease().fence();
    }

    @Override
    public boolean stillMine() {
        return run.stillMine();
    }

    @Override
    public void assertMine() {
        run.assertMine();
    }

    @Override
    public Map<String, String> headers() {
        return run.lease().content() instanceof Content.Readable readable ? readable.headers() : Map.of();
    }

    @Override
    public Optional<String> key() {
        return run.content().flatMap(Content.Readable::key);
    }

    @Override
    public boolean cancelled() {
        return run.cancelled();
    }

    @Override
    public void progress(double part, String text) {
        progress.say(run, new TaskProgress(part, text));
    }

    @Override
    public void result(Object value, Duration keep) {
        if (keep.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("A result must be kept for at least 1ms, was " + keep);
        }
        result = new Result(run.id(), notes.encode(value), keep);
    }

    @Override
    public <T> @Nullable T once(String name, Class<T> type, Callable<? extends @Nullable T> effect) throws Exception {
        return notes.once(run, name, type, effect);
    }

    @Override
    public void once(String name, Effect effect) throws Exception {
        notes.once(run, name, Object.class, () -> {
            effect.run();
            return null;
        });
    }
}
