package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisError;
import io.covey.cluster.spi.TaskInspector.QueueFlow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What has gone through the queues, and since when the first task of each list has waited: by the marks that upkeep leaves, so
 * about as exactly as it comes by. Where workers of other makes take tasks too, nobody knows.
 */
final class QueueFlows {
    private static final Pattern MARK = Pattern.compile("([0-9]{1,15}):([0-9]{1,18});");
    private static final String OURS = "covey.";

    private final Redis redis;
    private final TaskKeys keys;

    QueueFlows(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    CompletionStage<List<QueueFlow>> all() {
        return redis.sendAll(List.of(
                        RedisCommand.keyed("SMEMBERS", keys.queues()),
                        RedisCommand.keyed("SMEMBERS", keys.resque("workers"))))
                .thenCompose(replies -> {
                    Replies.failOnError(replies);
                    List<String> queues = Replies.list(replies.get(0)).stream()
                            .map(Replies::text)
                            .filter(RedisTaskInspector::isName)
                            .sorted()
                            .toList();
                    boolean alone = Replies.list(replies.get(1)).stream()
                            .allMatch(worker -> Replies.text(worker).startsWith(OURS));
                    return read(queues, alone);
                });
    }

    private CompletionStage<List<QueueFlow>> read(List<String> queues, boolean alone) {
        List<RedisCommand> commands = new ArrayList<>();
        for (String name : queues) {
            TaskKeys.Queue queue = keys.queue(name);
            commands.add(RedisCommand.keyed("HMGET", queue.clock(), "all", "done", "bad", "got", "ages"));
            commands.add(RedisCommand.keyed("LLEN", queue.list()));
        }
        return redis.sendAll(commands).thenApply(replies -> {
            List<QueueFlow> flows = new ArrayList<>(queues.size());
            for (int i = 0; i < queues.size(); i++) {
                Object length = replies.get(2 * i + 1);
                boolean waits = !(length instanceof RedisError) && Replies.number(length) > 0;
                flows.add(flow(queues.get(i), replies.get(2 * i), alone && waits));
            }
            return flows;
        });
    }

    private static QueueFlow flow(String queue, Object reply, boolean known) {
        if (reply instanceof RedisError) {
            return new QueueFlow(queue, 0, 0, Optional.empty());
        }
        List<Object> its = Replies.list(reply);
        return new QueueFlow(
                queue,
                number(its.get(0)) + number(its.get(1)),
                number(its.get(2)),
                known && its.get(4) != null ? oldest(Replies.text(its.get(4)), number(its.get(3))) : Optional.empty());
    }

    /** The first mark at which more had come than were taken. */
    private static Optional<Instant> oldest(String marks, long taken) {
        Matcher mark = MARK.matcher(marks);
        while (mark.find()) {
            if (Long.parseLong(mark.group(2)) > taken) {
                return Optional.of(Instant.ofEpochMilli(Long.parseLong(mark.group(1))));
            }
        }
        return Optional.empty();
    }

    private static long number(@Nullable Object reply) {
        return reply == null ? 0 : Replies.number(reply);
    }
}
