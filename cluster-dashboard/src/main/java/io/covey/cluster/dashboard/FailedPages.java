package io.covey.cluster.dashboard;

import io.covey.cluster.spi.EarlierAttempt;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.tasks.TaskInspection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Failed tasks, the newest first, some at a time. With a filter it looks at a bounded number of them and says from where to
 * look on: a million are never read for one page.
 */
final class FailedPages {
    private static final int CHUNK = 100;
    private static final int MOST_LOOKED_AT = 2000;

    private final Optional<TaskInspection> tasks;
    private final FailedCount failed;
    private final Handles handles;

    FailedPages(Optional<TaskInspection> tasks, FailedCount failed, Handles handles) {
        this.tasks = tasks;
        this.failed = failed;
        this.handles = handles;
    }

    /**
     * @param skip how many of the newest to leave out
     */
    Map<String, @Nullable Object> page(FailedQuery query, long skip, int limit) {
        long count = failed.now();
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        long looked = 0;
        long at = count - skip;
        while (at > 0 && rows.size() < limit && looked < MOST_LOOKED_AT) {
            int size = (int) Math.min(at, query.isAll() ? limit - rows.size() : CHUNK);
            List<FailedTask> some = tasks.orElseThrow().failed(at - size, size);
            int i = some.size();
            while (i > 0 && rows.size() < limit) {
                FailedTask task = some.get(--i);
                looked++;
                if (query.matches(task)) {
                    rows.add(row(task));
                }
            }
            if (some.size() < size) { // somebody removed some meanwhile
                looked += size - some.size();
            }
            at -= size - i;
        }
        long next = count - Math.max(0, at);
        return Json.object(
                "count", count,
                "rows", rows,
                "skip", skip,
                "next", next < count ? next : null,
                "looked", looked,
                "filtered", !query.isAll());
    }

    private Map<String, @Nullable Object> row(FailedTask task) {
        return Json.object(
                "key", handles.of(task, task.entry().length > 0 ? task.entry() : identity(task)),
                "id", Shown.name(task.failure().task()),
                "queue", Shown.name(task.queue()),
                "type", type(task).map(Shown::name),
                "args", args(task, false),
                "at", task.failure().at().toEpochMilli(),
                "attempts", task.failure().attempts(),
                "exception", Shown.name(task.failure().exception()),
                "message", Shown.line(task.failure().message()));
    }

    private static byte[] identity(FailedTask task) {
        return Secrets.bytes(task.queue() + "\n" + task.failure().at() + "\n"
                + task.failure().task() + "\n" + type(task).orElse("") + "\n" + args(task, true) + "\n"
                + task.failure().message());
    }

    Map<String, @Nullable Object> one(FailedTask task) {
        Map<String, @Nullable Object> row = row(task);
        row.put("args", args(task, true));
        row.put("message", Shown.much(task.failure().message()));
        row.put("backtrace", Shown.lines(task.failure().backtrace()));
        row.put("worker", Shown.name(task.failure().worker()));
        row.put(
                "earlier",
                task.failure().earlier().stream().map(FailedPages::attempt).toList());
        return row;
    }

    private static Map<String, @Nullable Object> attempt(EarlierAttempt attempt) {
        return Json.object(
                "at", attempt.at().toEpochMilli(),
                "worker", Shown.name(attempt.owner()),
                "error", attempt.error().isEmpty() ? "Its worker died" : Shown.line(attempt.error()));
    }

    static Optional<String> type(FailedTask task) {
        return task.failure().content() instanceof Content.Readable readable
                ? Optional.of(readable.type())
                : Optional.empty();
    }

    private static String args(FailedTask task, boolean much) {
        Content content = task.failure().content();
        byte[] bytes =
                content instanceof Content.Readable readable ? readable.args() : ((Content.Unreadable) content).raw();
        return much ? Shown.much(bytes) : Shown.line(bytes);
    }
}
