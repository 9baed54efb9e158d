package io.covey.cluster.core.local;

import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.TaskBroker.Release;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Settings of queues and changes to their tasks, as one connection makes them. */
final class LocalQueueControl implements QueueControl {
    private final LocalTransport transport;
    private final TaskSpace space;

    LocalQueueControl(LocalTransport transport, TaskSpace space) {
        this.transport = transport;
        this.space = space;
    }

    private <T> CompletionStage<T> step(String queue, Function<Changes, T> step) {
        return transport.call(() -> {
            T answer = space.queue(queue).change(step);
            space.hintIfReady(queue);
            return answer;
        });
    }

    @Override
    public CompletionStage<QueueSettings> settings(String queue) {
        return transport.call(() -> space.queue(queue).with(parts -> parts.limits.settings()));
    }

    @Override
    public CompletionStage<QueueSettings> change(String queue, UnaryOperator<QueueSettings> change) {
        return step(queue, changes -> changes.set(change));
    }

    @Override
    public CompletionStage<Cancelled> cancel(String queue, String id) {
        return step(queue, changes -> changes.cancel(id));
    }

    @Override
    public CompletionStage<Long> remove(String queue, String type, byte[] args) {
        return step(queue, changes -> changes.remove(type, args));
    }

    @Override
    public CompletionStage<Long> removeType(String queue, String type) {
        return step(queue, changes -> changes.removeType(type));
    }

    @Override
    public CompletionStage<Long> removeDelayed(String queue, String type, byte[] args) {
        return step(queue, changes -> changes.removeDelayed(type, args));
    }

    @Override
    public CompletionStage<List<Instant>> delayedAt(String queue, String type, byte[] args) {
        return step(queue, changes -> changes.delayedAt(type, args));
    }

    @Override
    public CompletionStage<Long> giveBack(String queue) {
        return step(queue, changes -> changes.giveBack());
    }

    @Override
    public CompletionStage<Map<String, Duration>> leases(String queue) {
        return transport.call(() -> space.queue(queue).leases());
    }

    @Override
    public CompletionStage<Void> release(String queue, Release release) {
        return transport.run(() -> space.queue(queue).with(parts -> {
            parts.unique.release(release, parts.now());
            return parts;
        }));
    }

    @Override
    public CompletionStage<Boolean> lockRun(String queue, String type, byte[] args, String holder, Duration longest) {
        return transport.call(() -> space.runs().lock(task(queue, type, args), holder, longest));
    }

    @Override
    public CompletionStage<Void> unlockRun(String queue, String type, byte[] args, String holder, boolean done) {
        return transport.run(() -> space.runs().unlock(task(queue, type, args), holder));
    }

    private static String task(String queue, String type, byte[] args) {
        return Names.check("queue", queue) + "\n" + type + "\n" + Args.check(queue, type, args);
    }

    @Override
    public CompletionStage<Boolean> retry(FailedTask task) {
        return transport.call(() -> {
            boolean there = space.queue(task.queue())
                    .take(intake -> space.failed()
                            .remove(task, () -> intake.addAgain(task.failure().content())));
            space.hintIfReady(task.queue());
            return there;
        });
    }

    @Override
    public CompletionStage<Boolean> drop(FailedTask task) {
        return transport.call(() -> space.failed().remove(task, () -> {}));
    }
}
