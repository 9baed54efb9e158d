package io.covey.cluster.dashboard;

import io.covey.cluster.Cluster;
import io.covey.cluster.Health;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.LeaseStore;
import io.covey.cluster.spi.LeaseStore.Holding;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskInspector.State;
import io.covey.cluster.spi.TaskInspector.StoredTask;
import io.covey.cluster.spi.TaskNotes;
import io.covey.cluster.spi.WorkerRegistry;
import io.covey.cluster.tasks.RecurringTask;
import io.covey.cluster.tasks.Schedules;
import io.covey.cluster.tasks.TaskInspection;
import io.covey.cluster.tasks.TaskProgress;
import io.covey.cluster.tasks.TaskQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What is asked of the backend only when a page shows it. */
final class Backend {
    private static final String ROOMS = "room:";
    private static final String CREATED = "!";
    private static final int SCANNED = 1000;
    private static final int MOST_PAGES = 10;

    private final Cluster cluster;
    private final Handles handles;
    private final Duration timeout;

    Backend(Cluster cluster, Handles handles, Duration timeout) {
        this.cluster = cluster;
        this.handles = handles;
        this.timeout = timeout;
    }

    private boolean hasTasks() {
        return cluster.transport().tasks().isPresent();
    }

    List<Map<String, @Nullable Object>> recurring() {
        if (cluster.transport().tasks().flatMap(TaskBroker::schedules).isEmpty()) {
            return List.of();
        }
        return Schedules.on(cluster).list().stream().map(this::recurring).toList();
    }

    private Map<String, @Nullable Object> recurring(RecurringTask task) {
        return Json.object(
                "key", handles.of(task, Secrets.bytes(task.queue()), Secrets.bytes(task.name())),
                "queue", Shown.name(task.queue()),
                "name", Shown.name(task.name()),
                "when", Shown.name(task.recurrence()),
                "type", Shown.name(task.type()),
                "args", Shown.line(task.args()),
                "next", task.next().toEpochMilli());
    }

    Map<String, @Nullable Object> tasks(String queue, String state, Optional<String> cursor, int limit) {
        if (!hasTasks()) {
            return page(List.of(), Optional.empty());
        }
        TaskInspection inspection = TaskQueue.on(cluster).inspect();
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        Optional<String> next = cursor;
        int pages = 0;
        do { // a page may be empty although more follow
            Page<StoredTask> page = inspection.tasks(queue, State.valueOf(state), next, limit);
            page.items().forEach(task -> rows.add(stored(queue, task)));
            next = page.next();
        } while (next.isPresent() && rows.isEmpty() && ++pages < MOST_PAGES);
        return page(rows, next);
    }

    private Map<String, @Nullable Object> stored(String queue, StoredTask task) {
        Content content = task.content();
        return Json.object(
                "key", handles.of(new Stored(queue, task.id()), Secrets.bytes(queue), Secrets.bytes(task.id())),
                "id", Shown.name(task.id()),
                "type", content instanceof Content.Readable readable ? Shown.name(readable.type()) : null,
                "args",
                        content instanceof Content.Readable readable
                                ? Shown.line(readable.args())
                                : Shown.line(((Content.Unreadable) content).raw()),
                "due", task.due().map(due -> due.toEpochMilli()));
    }

    /** How far tasks are, where they have said so: one for each, in their order. */
    List<Optional<Map<String, @Nullable Object>>> progress(List<Running> running) {
        List<Optional<Map<String, @Nullable Object>>> all = new ArrayList<>();
        Optional<TaskNotes> notes = cluster.transport().tasks().flatMap(TaskBroker::notes);
        if (notes.isEmpty() || running.isEmpty()) {
            return List.of();
        }
        List<CompletionStage<Optional<byte[]>>> asked =
                running.stream().map(one -> progress(notes.get(), one.task())).toList();
        for (var answer : asked) {
            all.add(Await.on(answer, timeout, "read how far tasks are").flatMap(Backend::progress));
        }
        return all;
    }

    /** Workers of other makes may run what is called as no task of ours can be. */
    private static CompletionStage<Optional<byte[]>> progress(TaskNotes notes, WorkerRegistry.Running task) {
        return Names.matches(task.queue())
                ? notes.get(task.queue(), task.id(), TaskNotes.PROGRESS)
                : CompletableFuture.completedStage(Optional.empty());
    }

    private static Optional<Map<String, @Nullable Object>> progress(byte[] note) {
        try {
            TaskProgress progress = TaskProgress.ofNote(note);
            return Optional.of(Json.object("part", progress.part(), "text", Shown.line(progress.text())));
        } catch (RuntimeException notOurs) {
            return Optional.empty();
        }
    }

    Map<String, @Nullable Object> rooms(Optional<String> cursor, int limit) {
        Optional<Directory> directory = cluster.transport().directory();
        if (directory.isEmpty()) {
            return page(List.of(), Optional.empty());
        }
        Page<String> groups = Await.on(directory.get().groups(ROOMS, cursor, limit), timeout, "list the rooms");
        Set<String> names = new LinkedHashSet<>();
        groups.items()
                .forEach(group -> names.add(group.endsWith(CREATED) ? group.substring(0, group.length() - 1) : group));
        Map<String, Long> counts = Await.on(directory.get().counts(names), timeout, "count the members of rooms");
        List<Map<String, @Nullable Object>> rows = names.stream()
                .map(group -> Json.object(
                        "room", Shown.name(group.substring(ROOMS.length())),
                        "members", counts.getOrDefault(group, 0L)))
                .toList();
        return page(rows, groups.next());
    }

    Map<String, @Nullable Object> locks(Optional<String> cursor, int limit) {
        Optional<? extends LeaseStore> locks = cluster.transport().locks();
        if (locks.isEmpty()) {
            return page(List.of(), Optional.empty());
        }
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        Optional<String> next = cursor;
        int pages = 0;
        do { // they lie among all keys, so that most pages may be empty
            Page<Holding> page = Await.on(locks.get().holdings("", next, SCANNED), timeout, "list the locks");
            page.items().forEach(held -> rows.add(lock(held)));
            next = page.next();
        } while (next.isPresent() && rows.size() < limit && ++pages < MOST_PAGES);
        return page(rows, next);
    }

    private static Map<String, @Nullable Object> lock(Holding held) {
        return Json.object(
                "name", Shown.name(held.name()),
                "owner", Shown.name(held.owner()),
                "fence", held.fence().isPresent() ? Long.toString(held.fence().getAsLong()) : null,
                "left", held.left().toMillis());
    }

    private static Map<String, @Nullable Object> page(List<Map<String, @Nullable Object>> rows, Optional<String> next) {
        return Json.object("rows", rows, "next", next);
    }

    /** What this node knows of the backend without asking. */
    Map<String, @Nullable Object> health() {
        Health.State state = cluster.health().state();
        return Json.object(
                "up", state.up(),
                "since", state.since().toEpochMilli(),
                "reason", state.reason().map(Shown::line),
                "offset", cluster.clock().offset().toMillis(),
                "error", cluster.clock().error().toMillis());
    }

    Map<String, @Nullable Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        Await.on(cluster.transport().facts(), timeout, "ask the backend about itself")
                .forEach((name, value) -> facts.put(Shown.name(name), Shown.line(value)));
        Map<String, @Nullable Object> all = health();
        all.put("where", cluster.transport().description());
        all.put("facts", facts);
        Map<String, Object> rejected = new LinkedHashMap<>();
        cluster.health().rejected().forEach((reason, count) -> rejected.put(reason.name(), count));
        all.put("rejected", rejected);
        all.put("hasTasks", hasTasks());
        return all;
    }
}
