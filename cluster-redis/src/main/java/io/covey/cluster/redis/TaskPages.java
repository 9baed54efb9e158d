package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisError;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskInspector.State;
import io.covey.cluster.spi.TaskInspector.StoredTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lists the tasks of a queue that nobody runs, place after place. A cursor is the number of the place and how many tasks of
 * it went before; among resque's delayed tasks the second and how many went before in it.
 */
final class TaskPages {
    private static final Script KEPT = Script.of("task/kept");
    private static final Pattern CURSOR = Pattern.compile("([0-9])/([0-9]{1,18})(?:/([0-9]{1,18}))?");
    private static final int MOST = 1000;
    private static final int SECONDS = 100;
    /** The place of resque's delayed tasks. */
    private static final int RESQUE = 1;
    /** The place of resque's list among those that wait. */
    private static final int LIST = 2;

    private final Redis redis;
    private final TaskKeys keys;

    TaskPages(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    /** Where a listing stands. */
    private record Position(int place, long from, long within) {

        static Position read(String text) {
            Matcher matcher = CURSOR.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("Not a cursor of this listing: \"" + text + "\"");
            }
            String within = matcher.group(3);
            return new Position(
                    Integer.parseInt(matcher.group(1)),
                    Long.parseLong(matcher.group(2)),
                    within == null ? 0 : Long.parseLong(within));
        }

        String text() {
            return place + "/" + from + "/" + within;
        }
    }

    CompletionStage<Page<StoredTask>> page(String name, State state, Optional<String> cursor, int limit) {
        TaskKeys.Queue queue;
        Position at;
        try {
            queue = keys.queue(name);
            at = cursor.map(Position::read).orElse(new Position(0, 0, 0));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedStage(e);
        }
        int most = Math.max(1, Math.min(MOST, limit));
        return switch (state) {
            case WAITING -> waiting(queue, at, most);
            case RETRY -> kept(queue, queue.retry(), at, most, true, Optional.empty());
            case DELAYED ->
                at.place() == RESQUE
                        ? delayed(queue, at, most)
                        : kept(queue, queue.delayed(), at, most, true, Optional.of(new Position(RESQUE, 0, 0)));
        };
    }

    /** Last tries, what runs again, the list, what waits for its key. */
    private CompletionStage<Page<StoredTask>> waiting(TaskKeys.Queue queue, Position at, int limit) {
        Optional<Position> next = Optional.of(new Position(at.place() + 1, 0, 0));
        return switch (at.place()) {
            case 0 -> kept(queue, queue.last(), at, limit, false, next);
            case 1 -> kept(queue, queue.redo(), at, limit, false, next);
            case LIST -> list(queue, at, limit, next);
            default -> kept(queue, queue.keyed(), at, limit, false, Optional.empty());
        };
    }

    private CompletionStage<Page<StoredTask>> list(
            TaskKeys.Queue queue, Position at, int limit, Optional<Position> next) {
        return redis.sendAll(List.of(
                        RedisCommand.keyed("LRANGE", queue.list(), at.from(), at.from() + limit - 1),
                        RedisCommand.keyed("HGET", queue.clock(), "set")))
                .thenApply(replies -> {
                    // Another fleet keeps something else under the name.
                    List<Object> raws = replies.get(0) instanceof RedisError ? List.of() : Replies.list(replies.get(0));
                    boolean own = replies.get(1) instanceof byte[] set
                            && Replies.text(set).startsWith("o");
                    List<StoredTask> tasks = raws.stream()
                            .map(raw -> stored("", Replies.bytes(raw), Optional.empty(), own))
                            .toList();
                    return page(tasks, raws.size(), at, limit, next);
                });
    }

    private CompletionStage<Page<StoredTask>> kept(
            TaskKeys.Queue queue, String where, Position at, int limit, boolean timed, Optional<Position> next) {
        Script.Call call = KEPT.call(List.of(where, queue.meta(), queue.raw()), at.from(), at.from() + limit - 1);
        return redis.run(call).thenApply(answer -> {
            List<Object> reply = Replies.list(answer);
            List<Object> page = Replies.list(reply.get(1));
            List<StoredTask> tasks = new ArrayList<>();
            for (int i = 0; i < page.size(); i += 4) {
                Optional<Instant> due = timed
                        ? Optional.of(Instant.ofEpochMilli((long) Double.parseDouble(Replies.text(page.get(i + 3)))))
                        : Optional.empty();
                tasks.add(stored(Replies.text(page.get(i)), Replies.bytes(page.get(i + 2)), due, true));
            }
            return page(tasks, (int) Replies.number(reply.get(0)), at, limit, next);
        });
    }

    private static Page<StoredTask> page(
            List<StoredTask> tasks, int seen, Position at, int limit, Optional<Position> next) {
        Optional<Position> after = seen < limit ? next : Optional.of(new Position(at.place(), at.from() + seen, 0));
        return new Page<>(tasks, after.map(Position::text));
    }

    /** Those of all queues, of which only some are of this one. */
    private CompletionStage<Page<StoredTask>> delayed(TaskKeys.Queue queue, Position at, int limit) {
        return redis.send(RedisCommand.keyed("ZRANGEBYSCORE", keys.schedule(), at.from(), "+inf", "LIMIT", 0, SECONDS))
                .thenCompose(reply -> {
                    List<String> seconds =
                            Replies.list(reply).stream().map(Replies::text).toList();
                    return redis.sendAll(seconds.stream()
                                    .map(second -> RedisCommand.keyed("LLEN", keys.delayed(second)))
                                    .toList())
                            .thenCompose(lengths -> delayed(queue, at, limit, seconds, lengths));
                });
    }

    /** Of as many seconds as make about a page. */
    private CompletionStage<Page<StoredTask>> delayed(
            TaskKeys.Queue queue, Position at, int limit, List<String> seconds, List<Object> lengths) {
        List<RedisCommand> commands = new ArrayList<>();
        List<String> read = new ArrayList<>();
        Optional<Position> next = Optional.empty();
        long room = limit;
        for (int i = 0; i < seconds.size() && next.isEmpty(); i++) {
            long second = Long.parseLong(seconds.get(i));
            long from = second == at.from() ? at.within() : 0;
            long count = lengths.get(i) instanceof RedisError ? 0 : Replies.number(lengths.get(i)) - from;
            long taken = Math.min(room, Math.max(0, count));
            if (taken > 0) {
                commands.add(RedisCommand.keyed("LRANGE", keys.delayed(seconds.get(i)), from, from + taken - 1));
                read.add(seconds.get(i));
            }
            room -= taken;
            if (taken < count) {
                next = Optional.of(new Position(RESQUE, second, from + taken));
            } else if (i == seconds.size() - 1 && seconds.size() == SECONDS || room == 0) {
                next = Optional.of(new Position(RESQUE, second + 1, 0));
            }
        }
        Optional<Position> after = next;
        return redis.sendAll(commands).thenApply(replies -> {
            List<StoredTask> tasks = new ArrayList<>();
            for (int i = 0; i < replies.size(); i++) {
                if (!(replies.get(i) instanceof RedisError)) {
                    Instant due = Times.second(read.get(i));
                    for (Object raw : Replies.list(replies.get(i))) {
                        ResqueJob job = ResqueJob.read(Replies.bytes(raw));
                        if (queue.name().equals(job.queue())) {
                            tasks.add(new StoredTask("", ResqueJob.shared(job.content()), Optional.of(due)));
                        }
                    }
                }
            }
            return new Page<>(tasks, after.map(Position::text));
        });
    }

    private static StoredTask stored(String id, byte[] raw, Optional<Instant> due, boolean own) {
        Content content = ResqueJob.read(raw).content();
        Content shown = own ? content : ResqueJob.shared(content);
        String known = shown instanceof Content.Readable task ? task.id().orElse(id) : id;
        return new StoredTask(known, shown, due);
    }
}
