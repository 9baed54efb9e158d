package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.QueueControl.Cancelled;
import io.covey.cluster.spi.TaskBroker.Content;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Stops tasks: notes the id first, so that whoever claims the task meanwhile hears of it, then looks for the task. One that
 * stands in a queue of ours is found by looking through its bytes, in portions.
 */
final class CancelScript {
    private static final Script NOTE = Script.of("task/cancel", "gaps", "task/lib");
    private static final Script SCAN = Script.of("task/cancel-scan");
    private static final long NOTED = Duration.ofDays(1).toMillis();
    private static final int MOST_NOTES = 10_000;
    private static final int PORTION = 200;
    private static final int LEASED = 1;
    private static final int WAITING = 2;

    private final Redis redis;
    private final TaskKeys keys;

    CancelScript(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    CompletionStage<Cancelled> cancel(String queue, String id) {
        TaskKeys.Queue its = keys.queue(queue);
        if (id.isEmpty()) {
            throw new IllegalArgumentException("A task's id must not be empty");
        }
        return redis.send(RedisCommand.keyed("GET", its.marker(id)))
                .thenCompose(marker -> find(its, id, marker == null ? "" : Replies.text(marker), true));
    }

    private static CompletionStage<Cancelled> done(Cancelled what) {
        return CompletableFuture.completedStage(what);
    }

    private CompletionStage<Cancelled> find(TaskKeys.Queue queue, String id, String other, boolean further) {
        return redis.run(NOTE.call(queue.full(), 0, id, NOTED, MOST_NOTES, other))
                .thenCompose(answer -> {
                    List<Object> reply = Replies.list(answer);
                    boolean ours = Replies.number(reply.get(0)) == 1;
                    int state = (int) Replies.number(reply.get(1));
                    if (state != WAITING && state != LEASED) {
                        return ours && further ? search(queue, id) : done(Cancelled.UNKNOWN);
                    }
                    String own = Replies.text(reply.get(2));
                    Content content = ours
                            ? ResqueJob.read(Replies.bytes(reply.get(4))).content()
                            : new Content.Unreadable(new byte[0], "not asked");
                    if (state == WAITING) {
                        return remove(queue, id, own, reply.get(3), content)
                                .thenCompose(
                                        removed -> removed ? done(Cancelled.REMOVED) : find(queue, id, other, further));
                    }
                    return told(queue, id, own, content);
                });
    }

    /** Beats name a task as its producer knows it. */
    private CompletionStage<Cancelled> told(TaskKeys.Queue queue, String id, String own, Content content) {
        String known = content instanceof Content.Readable task ? task.id().orElse(id) : id;
        return known.equals(id)
                ? done(Cancelled.TOLD)
                : find(queue, known, own, false)
                        .thenCompose(found -> redis.send(RedisCommand.keyed("ZREM", queue.cancel(), id))
                                .thenApply(gone -> found == Cancelled.UNKNOWN ? Cancelled.TOLD : found));
    }

    private CompletionStage<Boolean> remove(
            TaskKeys.Queue queue, String id, String own, Object where, Content content) {
        return redis.run(KeptTasks.removal(keys, queue, id, own, where, content))
                .thenApply(reply -> Replies.number(Replies.list(reply).get(0)) == 1);
    }

    /** A claim moves a task from the list to ours, so that looking there afterwards misses none. */
    private CompletionStage<Cancelled> search(TaskKeys.Queue queue, String id) {
        return search(queue, id, "list", "0")
                .thenCompose(found -> found == Cancelled.UNKNOWN ? search(queue, id, "raw", "0") : done(found));
    }

    private CompletionStage<Cancelled> search(TaskKeys.Queue queue, String id, String where, String from) {
        String text = "\"id\":" + new String(JsonWriter.canonical(id), UTF_8);
        return redis.run(SCAN.call(List.of(queue.list(), queue.raw()), where, text, from, PORTION))
                .thenCompose(answer -> {
                    List<Object> reply = Replies.list(answer);
                    String next = Replies.text(reply.get(0));
                    return candidates(queue, id, Replies.list(reply.get(1)), 0)
                            .thenCompose(found -> found == Cancelled.UNKNOWN && !next.isEmpty()
                                    ? search(queue, id, where, next)
                                    : done(found));
                });
    }

    /** The text may also stand in the arguments of another task. */
    private CompletionStage<Cancelled> candidates(TaskKeys.Queue queue, String id, List<Object> found, int at) {
        if (at >= found.size()) {
            return done(Cancelled.UNKNOWN);
        }
        String own = Replies.text(found.get(at));
        Object bytes = found.get(at + 1);
        Content content = ResqueJob.read(Replies.bytes(bytes)).content();
        if (!(content instanceof Content.Readable task)
                || task.id().filter(id::equals).isEmpty()) {
            return candidates(queue, id, found, at + 2);
        }
        CompletionStage<Cancelled> become = own.isEmpty()
                ? remove(queue, id, own, bytes, content)
                        .thenApply(removed -> removed ? Cancelled.REMOVED : Cancelled.UNKNOWN)
                : find(queue, id, own, false);
        return become.thenCompose(
                what -> what == Cancelled.UNKNOWN ? candidates(queue, id, found, at + 2) : done(what));
    }
}
