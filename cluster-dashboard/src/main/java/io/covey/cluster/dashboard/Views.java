package io.covey.cluster.dashboard;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What pages read of the newest picture, and where what is not in it is read. */
final class Views {
    private static final int MOST_ROWS = 100;
    private static final int ROWS = 25;
    private static final long FAR = 100_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Map<String, Comparator<QueueRow>> ORDERS = Map.of(
            "queue", Comparator.comparing(row -> row.info().queue()),
            "waiting", Comparator.comparingLong(row -> row.info().waiting()),
            "active", Comparator.comparingLong(row -> row.info().active()),
            "retry", Comparator.comparingLong(row -> row.info().retry()),
            "delayed", Comparator.comparingLong(row -> row.info().delayed()),
            "done", Comparator.comparingDouble(QueueRow::done),
            "oldest", Comparator.comparingLong(QueueRow::oldestMillis));

    private final Cluster cluster;
    private final Ticker ticker;
    private final Sampler sampler;
    private final Backend backend;
    private final Memo memo;
    private final Chore chore;
    private final FailedPages failed;
    private final Handles handles;

    Views(
            Cluster cluster,
            Ticker ticker,
            Sampler sampler,
            Backend backend,
            Memo memo,
            Chore chore,
            FailedPages failed,
            Handles handles) {
        this.cluster = cluster;
        this.ticker = ticker;
        this.sampler = sampler;
        this.backend = backend;
        this.memo = memo;
        this.chore = chore;
        this.failed = failed;
        this.handles = handles;
    }

    Map<String, Route> routes() {
        Map<String, Route> routes = new LinkedHashMap<>();
        routes.put("/api/session", (request, session) -> Answer.json(session(session)));
        routes.put("/api/overview", (request, session) -> Answer.json(overview()));
        routes.put("/api/queues", (request, session) -> Answer.json(queues(request)));
        routes.put("/api/active", (request, session) -> Answer.json(active(request)));
        routes.put("/api/nodes", (request, session) -> Answer.json(nodes(request)));
        routes.put("/api/failed", (request, session) -> Answer.json(failed(request)));
        routes.put(
                "/api/failed/one",
                (request, session) ->
                        Answer.json(failed.one(handles.find(request.query("key").orElse(""), FailedTask.class))));
        routes.put(
                "/api/recurring",
                (request, session) -> Answer.json(
                        paged(memo.get("recurring", longer(), backend::recurring), request, "queue", "name", "type")));
        routes.put("/api/tasks", (request, session) -> Answer.json(tasks(request)));
        routes.put(
                "/api/rooms",
                (request, session) -> Answer.json(kept("rooms", ticker.interval(), request, backend::rooms)));
        routes.put("/api/locks", (request, session) -> Answer.json(kept("locks", longer(), request, backend::locks)));
        routes.put("/api/backend", (request, session) -> Answer.json(memo.get("backend", longer(), backend::facts)));
        return routes;
    }

    private Duration longer() {
        return ticker.interval().multipliedBy(3);
    }

    /** A page that the backend is asked for. */
    private interface Paged {
        Object page(Optional<String> cursor, int limit) throws Exception;
    }

    private Object kept(String what, Duration good, Request request, Paged pages) throws Exception {
        Optional<String> cursor = request.query("cursor");
        return memo.get(what + Secrets.digest(Secrets.bytes(cursor.orElse("-"))), good, () -> pages.page(cursor, ROWS));
    }

    private Object tasks(Request request) throws Exception {
        String queue = request.query("queue").orElse("");
        String state = request.query("state").orElse("DELAYED");
        return kept(
                "tasks " + state + " " + queue,
                ticker.interval(),
                request,
                (cursor, limit) -> backend.tasks(queue, state, cursor, limit));
    }

    private Map<String, @Nullable Object> session(Session session) {
        ClusterConfig config = cluster.config();
        return Json.object(
                "user", Shown.name(session.name()),
                "role", session.role(),
                "csrf", session.csrf(),
                "interval", ticker.interval().toMillis(),
                "cluster", config.transport().namespace(),
                "tasks", config.transport().taskNamespace(),
                "where", cluster.transport().description(),
                "node", Shown.name(cluster.self().name()));
    }

    private Picture picture() throws InterruptedException {
        return ticker.picture(PATIENCE)
                .orElseThrow(() ->
                        new TransportException("The backend has not answered yet; that is tried again and again"));
    }

    private Map<String, @Nullable Object> overview() throws Exception {
        Picture picture = picture();
        List<Map<String, @Nullable Object>> busiest = picture.queues().stream()
                .sorted(Comparator.<QueueRow>comparingLong(
                                row -> row.info().waiting() + row.info().active())
                        .thenComparingDouble(QueueRow::done)
                        .reversed())
                .limit(8)
                .map(QueueRow::shown)
                .toList();
        return Json.object(
                "tick", tick(picture),
                "trend", sampler.trend().points(),
                "busiest", busiest,
                "backend", backend.health());
    }

    /** What open pages are told. */
    Map<String, @Nullable Object> tick(Picture picture) {
        Map<String, @Nullable Object> tick = picture.tick();
        tick.put("chore", chore.state());
        return tick;
    }

    private Map<String, @Nullable Object> queues(Request request) throws Exception {
        Comparator<QueueRow> order = ORDERS.getOrDefault(request.query("sort").orElse("queue"), ORDERS.get("queue"));
        String filter = request.query("filter").orElse("").toLowerCase(Locale.ROOT);
        List<QueueRow> rows = picture().queues().stream()
                .filter(row -> row.info().queue().toLowerCase(Locale.ROOT).contains(filter))
                .sorted((request.query("down").isPresent() ? order.reversed() : order)
                        .thenComparing(ORDERS.get("queue")))
                .toList();
        return page(rows.stream().map(QueueRow::shown).toList(), request);
    }

    private Map<String, @Nullable Object> active(Request request) throws Exception {
        Optional<String> queue = request.query("queue");
        Picture picture = picture();
        List<Running> running = picture.workers().stream()
                .flatMap(worker -> worker.running().stream().map(task -> new Running(worker, task)))
                .filter(one -> queue.map(one.task().queue()::equals).orElse(true))
                .sorted(Comparator.comparing(one -> one.task().since()))
                .toList();
        int from = (int) Math.min(request.number("skip", 0, FAR), running.size());
        int to = Math.min(running.size(), from + ROWS);
        List<Running> some = running.subList(from, to);
        // One for each of these tasks, in the order that they have in this picture alone.
        List<Optional<Map<String, @Nullable Object>>> progress = memo.get(
                "progress " + picture.number() + " " + from + " " + queue.orElse(""),
                ticker.interval(),
                () -> backend.progress(some));
        List<Object> rows = new ArrayList<>();
        for (int i = 0; i < some.size(); i++) {
            Map<String, @Nullable Object> row =
                    some.get(i).shown(handles, cluster.clock().instant());
            row.put("progress", i < progress.size() ? progress.get(i) : null);
            rows.add(row);
        }
        return Json.object(
                "rows", rows, "count", running.size(), "skip", from, "next", to < running.size() ? to : null);
    }

    private Map<String, @Nullable Object> nodes(Request request) throws Exception {
        Processes processes = new Processes(cluster, picture());
        return page(processes.rows(), request);
    }

    private Object failed(Request request) throws Exception {
        FailedQuery query = FailedQuery.of(request::query, cluster.clock().instant());
        long skip = request.number("skip", 0, FAR);
        return memo.get("failed " + skip + " " + query.key(), ticker.interval(), () -> failed.page(query, skip, ROWS));
    }

    private static Map<String, @Nullable Object> paged(
            List<Map<String, @Nullable Object>> all, Request request, String... searched) {
        String filter = request.query("filter").orElse("").toLowerCase(Locale.ROOT);
        return page(
                all.stream()
                        .filter(row -> List.of(searched).stream()
                                .anyMatch(name -> String.valueOf(row.get(name))
                                        .toLowerCase(Locale.ROOT)
                                        .contains(filter)))
                        .toList(),
                request);
    }

    private static Map<String, @Nullable Object> page(List<Map<String, @Nullable Object>> all, Request request) {
        int limit = (int) request.number("limit", ROWS, MOST_ROWS);
        int from = (int) Math.min(request.number("skip", 0, FAR), all.size());
        int to = Math.min(all.size(), from + Math.max(1, limit));
        return Json.object(
                "rows", all.subList(from, to), "count", all.size(), "skip", from, "next", to < all.size() ? to : null);
    }
}
