package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisError;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.TaskInspector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks into queues with plain reads: numbers taken while tasks move may differ by what moved. */
final class RedisTaskInspector implements TaskInspector {
    private static final int READS = 8;
    private static final int TIMES = 500;

    private final Redis redis;
    private final TaskKeys keys;
    private final TaskPages pages;
    private final QueueFlows flows;

    RedisTaskInspector(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
        this.pages = new TaskPages(redis, keys);
        this.flows = new QueueFlows(redis, keys);
    }

    @Override
    public CompletionStage<List<QueueInfo>> queues() {
        return redis.send(RedisCommand.keyed("SMEMBERS", keys.queues())).thenCompose(reply -> {
            List<String> names = Replies.list(reply).stream()
                    .map(Replies::text)
                    .filter(RedisTaskInspector::isName)
                    .sorted()
                    .toList();
            return names.isEmpty() ? CompletableFuture.completedStage(List.of()) : look(names);
        });
    }

    @Override
    public CompletionStage<Page<StoredTask>> tasks(String queue, State state, Optional<String> cursor, int limit) {
        return pages.page(queue, state, cursor, limit);
    }

    @Override
    public CompletionStage<List<QueueFlow>> flows() {
        return flows.all();
    }

    @Override
    public CompletionStage<Set<String>> names() {
        return redis.send(RedisCommand.keyed("SMEMBERS", keys.queues()))
                .thenApply(reply -> Replies.list(reply).stream()
                        .map(Replies::text)
                        .filter(RedisTaskInspector::isName)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    static boolean isName(String queue) {
        try {
            Names.check("queue", queue);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private CompletionStage<List<QueueInfo>> look(List<String> names) {
        List<RedisCommand> commands = new ArrayList<>(READS * names.size());
        for (String name : names) {
            TaskKeys.Queue queue = keys.queue(name);
            commands.add(RedisCommand.keyed("LLEN", queue.list()));
            commands.add(RedisCommand.keyed("ZCARD", queue.redo()));
            commands.add(RedisCommand.keyed("ZCARD", queue.last()));
            commands.add(RedisCommand.keyed("ZCARD", queue.retry()));
            commands.add(RedisCommand.keyed("HLEN", queue.meta()));
            commands.add(RedisCommand.keyed("ZCARD", queue.keyed()));
            commands.add(RedisCommand.keyed("HGET", queue.clock(), "set"));
            commands.add(RedisCommand.keyed("ZCARD", queue.delayed()));
        }
        return redis.sendAll(commands).thenApply(replies -> {
            List<QueueInfo> infos = new ArrayList<>(names.size());
            for (int i = 0; i < names.size(); i++) {
                List<Object> its = replies.subList(READS * i, READS * (i + 1));
                long again = count(its.get(1)) + count(its.get(2)) + count(its.get(5));
                long retry = count(its.get(3));
                long delayed = count(its.get(7));
                long active = Math.max(0, count(its.get(4)) - again - retry - delayed);
                boolean paused = its.get(6) instanceof byte[] set
                        && SettingsText.read(Replies.text(set)).paused();
                infos.add(new QueueInfo(names.get(i), count(its.get(0)) + again, active, retry, delayed, paused));
            }
            return infos;
        });
    }

    /** Nothing of ours if another fleet keeps something else under the name. */
    private static long count(Object reply) {
        return reply instanceof RedisError ? 0 : Replies.number(reply);
    }

    @Override
    public CompletionStage<Map<String, Long>> totals() {
        List<RedisCommand> commands = List.of(
                RedisCommand.keyed("LLEN", keys.failed()),
                RedisCommand.keyed("ZRANGE", keys.schedule(), 0, -1),
                RedisCommand.keyed("GET", keys.stat("processed")),
                RedisCommand.keyed("GET", keys.stat("failed")));
        return redis.sendAll(commands).thenCompose(replies -> {
            Replies.failOnError(replies);
            long failed = Replies.number(replies.get(0));
            long processed = stat(replies.get(2));
            long everFailed = stat(replies.get(3));
            return delayed(Replies.list(replies.get(1)), 0, 0)
                    .thenApply(delayed -> Map.of(
                            "delayed",
                            delayed,
                            "failed",
                            failed,
                            "stat:processed",
                            processed,
                            "stat:failed",
                            everFailed));
        });
    }

    private static long stat(@Nullable Object reply) {
        return reply == null ? 0 : Replies.number(reply);
    }

    private CompletionStage<Long> delayed(List<Object> seconds, int from, long sum) {
        if (from >= seconds.size()) {
            return CompletableFuture.completedStage(sum);
        }
        int to = Math.min(seconds.size(), from + TIMES);
        List<RedisCommand> commands = seconds.subList(from, to).stream()
                .map(second -> RedisCommand.keyed("LLEN", keys.delayed(Replies.text(second))))
                .toList();
        return redis.sendAll(commands)
                .thenCompose(replies -> delayed(
                        seconds,
                        to,
                        sum
                                + replies.stream()
                                        .mapToLong(RedisTaskInspector::count)
                                        .sum()));
    }

    @Override
    public CompletionStage<List<FailedTask>> failed(long offset, int limit) {
        if (limit <= 0) {
            return CompletableFuture.completedStage(List.of());
        }
        return redis.send(RedisCommand.keyed("LRANGE", keys.failed(), offset, offset + limit - 1))
                .thenApply(reply -> Replies.list(reply).stream()
                        .map(raw -> FailedEntry.read(Replies.bytes(raw)))
                        .toList());
    }
}
