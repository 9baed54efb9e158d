package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisError;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.TaskBroker.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks once a minute after what no fleet looks after: tasks in the list without a name, and a list of failed ones that grows. */
final class StrayTasks {
    private static final Logger LOG = LoggerFactory.getLogger(StrayTasks.class);
    private static final Script MOVE = Script.of("task/stray");
    private static final long EVERY = Duration.ofMinutes(1).toNanos();
    private static final int PORTION = 100;
    private static final long MANY = 100_000;

    private final Redis redis;
    private final TaskKeys keys;
    private final AtomicLong next = new AtomicLong(System.nanoTime());
    private final AtomicBoolean warned = new AtomicBoolean();

    StrayTasks(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    /** Returns at once; never fails. */
    void look() {
        long due = next.get();
        long now = System.nanoTime();
        if (now - due >= 0 && next.compareAndSet(due, now + EVERY)) {
            portion().whenComplete((done, thrown) -> {
                if (thrown != null) {
                    LOG.debug(
                            "The list without a name was not looked at: {}",
                            Await.unwrap(thrown).toString());
                }
            });
        }
    }

    private CompletionStage<Void> portion() {
        String list = keys.resque("queue:");
        return redis.sendAll(List.of(
                        RedisCommand.keyed("LLEN", keys.failed()),
                        RedisCommand.keyed("LRANGE", list, 0, PORTION - 1),
                        RedisCommand.of("TIME")))
                .thenCompose(replies -> {
                    if (replies.get(0) instanceof Long count) {
                        warn(count);
                    }
                    if (replies.get(1) instanceof RedisError || replies.get(2) instanceof RedisError) {
                        return CompletableFuture.completedStage(null);
                    }
                    List<byte[]> found = Replies.list(replies.get(1)).stream()
                            .map(Replies::bytes)
                            .toList();
                    return found.isEmpty() ? CompletableFuture.completedStage(null) : move(list, found, replies.get(2));
                });
    }

    private void warn(long failed) {
        if (failed > MANY && warned.compareAndSet(false, true)) {
            LOG.atWarn()
                    .addKeyValue("event", "task.stray.kept")
                    .log(
                            "{} has {} entries, and nothing removes them: retry or drop them, they fill the memory of Redis",
                            keys.failed(),
                            failed);
        }
    }

    private CompletionStage<Void> move(String list, List<byte[]> found, Object time) {
        Instant now = Instant.ofEpochSecond(Replies.number(Replies.list(time).get(0)));
        List<Object> args = new ArrayList<>(List.of(found.size()));
        args.addAll(found);
        for (byte[] raw : found) {
            args.add(FailedEntry.write(
                    "",
                    new Failure(
                            ResqueJob.read(raw).content(),
                            "UndeliverableTask",
                            "Stood in " + list + ", the list without a name, where no worker looks: it names no queue",
                            List.of(),
                            keys.lockValue(),
                            now)));
        }
        return redis.run(MOVE.call(List.of(list, keys.failed()), args.toArray()))
                .thenCompose(reply -> {
                    long moved = Replies.number(Replies.list(reply).get(0));
                    if (moved == 0) {
                        return CompletableFuture.completedStage(null);
                    }
                    LOG.atWarn()
                            .addKeyValue("event", "task.stray")
                            .log(
                                    "{} tasks stood in {}, where no worker looks, and are among the failed ones now",
                                    moved,
                                    list);
                    return portion();
                });
    }
}
