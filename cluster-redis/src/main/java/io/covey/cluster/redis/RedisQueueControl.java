package io.covey.cluster.redis;

import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.TaskBroker.Release;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Settings of queues, and what changes tasks that nobody runs; each part does its own work. */
final class RedisQueueControl implements QueueControl {
    private static final Script FREE = Script.of("task/free");
    private static final Script LEASES = Script.of("task/leases", "gaps", "task/lib");

    private final Redis redis;
    private final TaskKeys keys;
    private final SettingsScript settings;
    private final CancelScript cancel;
    private final GiveBackScript giveBack;
    private final StoredTasks stored;
    private final FailedList failed;
    private final FailedBatch batch;
    private final RunLocks runs;

    RedisQueueControl(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
        this.settings = new SettingsScript(redis, keys);
        this.cancel = new CancelScript(redis, keys);
        this.giveBack = new GiveBackScript(redis, keys);
        this.stored = new StoredTasks(redis, keys);
        this.failed = new FailedList(redis, keys);
        this.batch = new FailedBatch(redis, keys, failed);
        this.runs = new RunLocks(redis, keys);
    }

    @Override
    public CompletionStage<QueueSettings> settings(String queue) {
        return settings.read(queue);
    }

    @Override
    public CompletionStage<QueueSettings> change(String queue, UnaryOperator<QueueSettings> change) {
        return settings.change(queue, change);
    }

    @Override
    public CompletionStage<Cancelled> cancel(String queue, String id) {
        return cancel.cancel(queue, id);
    }

    @Override
    public CompletionStage<Long> remove(String queue, String type, byte[] args) {
        return stored.remove(queue, type, args);
    }

    @Override
    public CompletionStage<Long> removeType(String queue, String type) {
        return stored.removeType(queue, type);
    }

    @Override
    public CompletionStage<Long> removeDelayed(String queue, String type, byte[] args) {
        return stored.removeDelayed(queue, type, args);
    }

    @Override
    public CompletionStage<List<Instant>> delayedAt(String queue, String type, byte[] args) {
        return stored.delayedAt(queue, type, args);
    }

    @Override
    public CompletionStage<Long> giveBack(String queue) {
        return giveBack.giveBack(queue);
    }

    @Override
    public CompletionStage<Map<String, Duration>> leases(String queue) {
        return redis.run(LEASES.call(keys.queue(queue).full(), 0)).thenApply(answer -> {
            List<Object> reply = Replies.list(answer);
            Map<String, Duration> leases = new LinkedHashMap<>();
            for (int i = 0; i < reply.size(); i += 2) {
                long left = Long.parseLong(Replies.text(reply.get(i + 1)));
                leases.put(Replies.text(reply.get(i)), Duration.ofMillis(Math.max(0, left)));
            }
            return leases;
        });
    }

    @Override
    public CompletionStage<Void> release(String queue, Release release) {
        TaskKeys.Queue its = keys.queue(queue);
        Optional<TaskLock> lock = TaskLock.of(keys, queue, release);
        if (lock.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        List<String> names = new ArrayList<>(List.of(its.locks()));
        lock.get().mutex().ifPresent(names::add);
        return redis.run(FREE.call(names, lock.get().field(), lock.get().holder()))
                .thenAccept(reply -> {});
    }

    @Override
    public CompletionStage<Boolean> retry(FailedTask task) {
        return failed.retry(task);
    }

    @Override
    public CompletionStage<Boolean> drop(FailedTask task) {
        return failed.drop(task);
    }

    @Override
    public CompletionStage<Changed> retryAll(List<Listed> listed) {
        return batch.retry(listed);
    }

    @Override
    public CompletionStage<Changed> dropAll(List<Listed> listed) {
        return batch.drop(listed);
    }

    @Override
    public CompletionStage<Boolean> lockRun(String queue, String type, byte[] args, String holder, Duration longest) {
        return runs.lock(queue, type, args, holder, longest);
    }

    @Override
    public CompletionStage<Void> unlockRun(String queue, String type, byte[] args, String holder, boolean done) {
        return runs.unlock(queue, type, args, holder, done);
    }
}
