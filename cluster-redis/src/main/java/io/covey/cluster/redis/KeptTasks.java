package io.covey.cluster.redis;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskNotes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Finds and removes tasks that we keep before they are claimed: delayed ones of ours, and those that wait for their key. */
final class KeptTasks {
    private static final Script PAGES = Script.of("task/kept");
    private static final Script REMOVE = Script.of("task/cancel-remove", "gaps", "task/lib");
    private static final int PAGE = 200;
    private static final byte[] CANCELLED = new Failure(
                    new Content.Unreadable(new byte[0], ""),
                    "Cancelled",
                    "Removed while it waited",
                    List.of(),
                    "",
                    Instant.EPOCH)
            .note();

    private static final Pattern NEW = Pattern.compile("0\\|\\d+\\|\\d+\\|\\d+\\|.*", Pattern.DOTALL);

    private final Redis redis;
    private final TaskKeys keys;

    KeptTasks(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    /** A task where it was found. */
    private record Found(String id, Object meta, Content.Readable content, Instant due) {

        /** Whether it was never claimed, so that it has an order in the place of an owner. */
        boolean isNew() {
            return NEW.matcher(Replies.text(meta)).matches();
        }
    }

    CompletionStage<List<Instant>> delayedAt(String queue, Predicate<Content.Readable> which) {
        TaskKeys.Queue its = keys.queue(queue);
        return all(its, its.delayed(), which, 0, new ArrayList<>())
                .thenApply(found -> found.stream().map(Found::due).toList());
    }

    CompletionStage<Long> removeDelayed(String queue, Predicate<Content.Readable> which) {
        TaskKeys.Queue its = keys.queue(queue);
        return all(its, its.delayed(), which, 0, new ArrayList<>()).thenCompose(found -> remove(its, found, 0, 0));
    }

    CompletionStage<Long> removeKeyed(String queue, Predicate<Content.Readable> which) {
        TaskKeys.Queue its = keys.queue(queue);
        return all(its, its.keyed(), which, 0, new ArrayList<>())
                .thenCompose(
                        found -> remove(its, found.stream().filter(Found::isNew).toList(), 0, 0));
    }

    /** Those found, page by page; one that moves meanwhile may be missed, as if it had come a moment later. */
    private CompletionStage<List<Found>> all(
            TaskKeys.Queue queue, String where, Predicate<Content.Readable> which, int from, List<Found> found) {
        Script.Call call = PAGES.call(List.of(where, queue.meta(), queue.raw()), from, from + PAGE - 1);
        return redis.run(call).thenCompose(answer -> {
            List<Object> reply = Replies.list(answer);
            if (Replies.number(reply.get(0)) == 0) {
                return CompletableFuture.completedStage(found);
            }
            List<Object> page = Replies.list(reply.get(1));
            for (int i = 0; i < page.size(); i += 4) {
                Content content = ResqueJob.read(Replies.bytes(page.get(i + 2))).content();
                if (content instanceof Content.Readable task && which.test(task)) {
                    Instant due = Instant.ofEpochMilli((long) Double.parseDouble(Replies.text(page.get(i + 3))));
                    found.add(new Found(Replies.text(page.get(i)), page.get(i + 1), task, due));
                }
            }
            return all(queue, where, which, from + PAGE, found);
        });
    }

    private CompletionStage<Long> remove(TaskKeys.Queue queue, List<Found> found, int from, long removed) {
        if (from >= found.size()) {
            return CompletableFuture.completedStage(removed);
        }
        List<Script.Call> calls = new ArrayList<>();
        List<Found> part = found.subList(from, Math.min(found.size(), from + PAGE));
        part.forEach(one -> calls.add(removal(keys, queue, "", one.id(), one.meta(), one.content())));
        return redis.runAll(calls).thenCompose(replies -> {
            Replies.failOnError(replies);
            long sum = removed;
            for (Object reply : replies) {
                sum += Replies.number(Replies.list(reply).get(0));
            }
            return remove(queue, found, from + PAGE, sum);
        });
    }

    /**
     * Removes a task with the lock that it holds, if it still waits where it was found.
     *
     * @param noted the id by which it shall be stopped, empty for none
     * @param id its own, empty if it is in the list
     * @param where its meta, or its bytes in the list
     */
    static Script.Call removal(
            TaskKeys keys, TaskKeys.Queue queue, String noted, String id, Object where, Content content) {
        List<String> names = new ArrayList<>(queue.full());
        List<Object> args = new ArrayList<>(List.of(0, noted, id, where, CANCELLED, TaskNotes.FAILURE_KEPT.toMillis()));
        if (content instanceof Content.Readable task && task.id().isPresent()) {
            names.add(queue.note(task.id().get(), TaskNotes.FAILURE));
            TaskLock.of(keys, queue.name(), content).ifPresent(lock -> {
                args.add(lock.field());
                args.add(lock.holder());
            });
        }
        return REMOVE.call(names, args.toArray());
    }
}
