package io.covey.cluster.tasks;

import io.covey.cluster.CodecException;
import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a task on the thread that calls it. */
final class Execution {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    /** When what went wrong around a run is tried again. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    /** Hears that a run has ended; there is no outcome if the task is another's. */
    @FunctionalInterface
    interface End {
        void ended(TaskRun run, @Nullable Outcome outcome);
    }

    private final String node;
    private final WorkerTime time;
    private final Pace pace;
    private final Events events;
    private final RunCounts counts;
    private final Judge judge;
    private final TimeLimits limits;
    private final RunNotes notes;
    private final ProgressWriter progress;
    private final UniqueLocks locks;
    private final WorkerMiddleware[] around;
    private final End end;

    Execution(WorkerParts parts, List<WorkerMiddleware> around, End end) {
        this.node = parts.node();
        this.time = parts.time();
        this.pace = parts.pace();
        this.events = parts.events();
        this.counts = parts.counts();
        this.judge = parts.judge();
        this.limits = parts.limits();
        this.notes = parts.notes();
        this.progress = parts.progress();
        this.locks = parts.locks();
        this.around = around.toArray(WorkerMiddleware[]::new);
        this.end = end;
    }

    /** Whatever goes wrong around it, were it for want of memory: the run ends. */
    void run(TaskRun run) {
        if (!run.begin()) {
            return;
        }
        try {
            runLogged(run);
        } catch (RuntimeException | Error e) {
            if (run.end()) {
                String error =
                        "Something went wrong around its run: " + e.getClass().getName();
                end.ended(run, run.lost() ? null : new Outcome.Retry(AGAIN, error));
            }
            LOG.error("Something went wrong around the run of {}; it runs again if it had not ended", run.ref(), e);
        }
    }

    private void runLogged(TaskRun run) {
        if (!LogContext.isKept()) {
            runHere(run);
            return;
        }
        LogContext.put(run, node);
        try {
            runHere(run);
        } finally {
            LogContext.clear();
        }
    }

    private void runHere(TaskRun run) {
        events.emitRun(() -> new WorkerEvent.Started(run.ref()));
        Outcome outcome;
        boolean returned = true;
        try {
            outcome = attempt(run);
        } catch (Throwable thrown) {
            returned = false;
            Handlers.Bound<?> bound = run.bound();
            outcome = judge.thrown(
                    run, bound == null ? RetryPolicy.never() : bound.type().retry(), thrown);
        }
        long took = time.nanos() - run.startedAt();
        pace.ran(took);
        progress.ended(run);
        boolean first = run.end();
        if (!first || run.lost()) {
            counts.untold(run, took, returned);
            if (first) {
                end.ended(run, null);
            }
            return;
        }
        run.ran(took, returned);
        if (outcome instanceof Outcome.Done && !run.discarded()) {
            events.emitRun(() -> new WorkerEvent.Done(run.ref(), Duration.ofNanos(took)));
        }
        end.ended(run, outcome);
    }

    private Outcome attempt(TaskRun run) throws Exception {
        if (!(run.lease().content() instanceof Content.Readable readable)) {
            Content.Unreadable raw = (Content.Unreadable) run.lease().content();
            return judge.parked(run, "UnreadableTask", raw.reason());
        }
        Handlers.Bound<?> bound = run.bound();
        if (bound == null) {
            return judge.parked(run, "UnknownTaskType", "No handler for task type " + Names.printable(readable.type()));
        }
        RunContext context = new RunContext(run, notes, progress);
        Handlers.Body body;
        try {
            body = bound.open(readable.args(), context);
        } catch (CodecException e) {
            return judge.parked(run, e.getClass().getName(), "The payload cannot be read: " + e.getMessage());
        }
        if (locks.freedAtStart(run)) {
            try {
                locks.free(run);
            } catch (RefusedException e) {
                throw e;
            } catch (TransportException e) {
                return new Outcome.Release();
            }
        }
        return perform(run, bound, context, body);
    }

    private Outcome perform(TaskRun run, Handlers.Bound<?> bound, RunContext context, Handlers.Body body)
            throws Exception {
        run.handled(context);
        Duration most = bound.timeout();
        Future<?> limit = most == null ? null : limits.limit(run, most);
        try {
            within(0, context, body);
        } catch (Throwable thrown) {
            if (!run.cancelled() || run.lost()) {
                throw thrown;
            }
        } finally {
            if (limit != null) {
                limit.cancel(false);
            }
        }
        return run.cancelled() ? judge.cancelled(run) : context.done();
    }

    private void within(int layer, TaskContext context, Handlers.Body body) throws Exception {
        if (layer == around.length) {
            body.run();
        } else {
            around[layer].run(context, () -> within(layer + 1, context, body));
        }
    }
}
