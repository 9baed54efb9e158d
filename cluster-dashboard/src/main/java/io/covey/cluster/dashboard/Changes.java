package io.covey.cluster.dashboard;

import io.covey.cluster.Cluster;
import io.covey.cluster.RefusedException;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueControl.Cancelled;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.tasks.RecurringTask;
import io.covey.cluster.tasks.Schedules;
import io.covey.cluster.tasks.TaskQueue;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an operator can do. */
final class Changes {
    private final Cluster cluster;
    private final Handles handles;
    private final Chore chore;
    private final Memo memo;

    Changes(Cluster cluster, Handles handles, Chore chore, Memo memo) {
        this.cluster = cluster;
        this.handles = handles;
        this.chore = chore;
        this.memo = memo;
    }

    Map<String, Route> routes() {
        Map<String, Route> routes = new LinkedHashMap<>();
        routes.put(
                "/api/queues/pause",
                change(form -> tasks().queue(form.needed("queue")).pause()));
        routes.put(
                "/api/queues/resume",
                change(form -> tasks().queue(form.needed("queue")).resume()));
        routes.put("/api/tasks/cancel", (request, session) -> cancel(request));
        routes.put("/api/recurring/run", (request, session) -> runNow(request));
        routes.put(
                "/api/failed/retry", (request, session) -> one(tasks().failed().retry(failed(request)), "retried"));
        routes.put(
                "/api/failed/drop", (request, session) -> one(tasks().failed().drop(failed(request)), "dropped"));
        routes.put("/api/failed/retry-all", (request, session) -> many(request, "retry", true));
        routes.put("/api/failed/drop-all", (request, session) -> many(request, "drop", false));
        routes.put("/api/failed/stop", change(form -> chore.stop()));
        return routes;
    }

    /** Something that is done or throws. */
    private interface Step {
        void run(Request form);
    }

    private Route change(Step step) {
        return (request, session) -> {
            step.run(request);
            memo.clear();
            return Answer.json(Json.object("ok", true));
        };
    }

    private TaskQueue tasks() {
        return TaskQueue.on(cluster);
    }

    private FailedTask failed(Request request) {
        return handles.find(request.needed("key"), FailedTask.class);
    }

    private Answer one(boolean done, String what) {
        memo.clear();
        return done
                ? Answer.json(Json.object("ok", true, "what", what))
                : Answer.error(409, "It is no longer among the failed ones");
    }

    private Answer cancel(Request request) {
        Object thing = handles.find(request.needed("key"), Object.class);
        String queue;
        String id;
        if (thing instanceof Running running) {
            queue = running.task().queue();
            id = running.task().id();
        } else if (thing instanceof Stored stored) {
            queue = stored.queue();
            id = stored.id();
        } else {
            return Answer.error(400, "That is no task that can be cancelled");
        }
        Cancelled answer = tasks().queue(queue).cancel(id);
        memo.clear();
        return switch (answer) {
            case REMOVED -> Answer.json(Json.object("ok", true, "what", "removed"));
            case TOLD -> Answer.json(Json.object("ok", true, "what", "its worker is told"));
            case UNKNOWN -> Answer.error(409, "There is no such task any more");
        };
    }

    private Answer runNow(Request request) {
        RecurringTask task = handles.find(request.needed("key"), RecurringTask.class);
        boolean added = Schedules.on(cluster).runNow(task.queue(), task.name());
        return added
                ? Answer.json(Json.object("ok", true, "what", "added"))
                : Answer.error(409, "It was not added: there is no such recurring task any more, or one alike waits");
    }

    private Answer many(Request request, String what, boolean again) {
        QueueControl control = cluster.transport()
                .tasks()
                .flatMap(TaskBroker::control)
                .orElseThrow(() -> new RefusedException("This backend cannot change failed tasks"));
        FailedQuery query = FailedQuery.of(request::form, cluster.clock().instant());
        memo.clear();
        return Answer.json(chore.begin(what, query, again ? control::retry : control::drop));
    }
}
