package io.covey.cluster.tasks;

import io.covey.cluster.CodecException;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Outcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a task on the thread that calls it and judges how it ended. */
final class Execution {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final int MOST_LINES = 50;
    private static final int LONGEST_REASON = 1000;

    /** Hears that a run has ended; there is no outcome if the task is another's. */
    @FunctionalInterface
    interface End {
        void ended(TaskRun run, @Nullable Outcome outcome);
    }

    private final Handlers handlers;
    private final String owner;
    private final InstantSource clock;
    private final WorkerTime time;
    private final Pace pace;
    private final Events events;
    private final End end;

    Execution(WorkerParts parts, Handlers handlers, InstantSource clock, End end) {
        this.handlers = handlers;
        this.owner = parts.owner();
        this.clock = clock;
        this.time = parts.time();
        this.pace = parts.pace();
        this.events = parts.events();
        this.end = end;
    }

    void run(TaskRun run) {
        if (!run.begin()) {
            return;
        }
        events.emit(() -> new WorkerEvent.Started(run.ref()));
        Outcome outcome;
        try {
            outcome = attempt(run);
        } catch (Throwable thrown) {
            outcome = judge(
                    run, handlers.find(run.type()).map(bound -> bound.type().retry()), thrown);
        }
        long took = time.nanos() - run.startedAt();
        pace.ran(took);
        if (!run.end()) {
            return;
        }
        if (run.lost()) {
            end.ended(run, null);
            return;
        }
        if (outcome instanceof Outcome.Done) {
            events.emit(() -> new WorkerEvent.Done(run.ref(), Duration.ofNanos(took)));
        }
        end.ended(run, outcome);
    }

    private Outcome attempt(TaskRun run) throws Exception {
        if (!(run.lease().content() instanceof Content.Readable readable)) {
            Content.Unreadable raw = (Content.Unreadable) run.lease().content();
            return fail(run, "UnreadableTask", raw.reason(), List.of());
        }
        Optional<Handlers.Bound<?>> bound = handlers.find(readable.type());
        if (bound.isEmpty()) {
            return fail(run, "UnknownTaskType", "No handler for task type " + readable.type(), List.of());
        }
        Handlers.Body body;
        try {
            body = bound.get().open(readable.args(), run);
        } catch (CodecException e) {
            return fail(run, e.getClass().getName(), "The payload cannot be read: " + e.getMessage(), List.of());
        }
        body.run();
        return new Outcome.Done();
    }

    private Outcome judge(TaskRun run, Optional<RetryPolicy> declared, Throwable thrown) {
        if (run.lost() || run.stopping()) {
            return new Outcome.Release();
        }
        RetryPolicy policy = declared.orElseGet(RetryPolicy::never);
        if (!policy.allowsAnother(run.attempt(), thrown)) {
            return fail(run, thrown.getClass().getName(), message(thrown), backtrace(thrown));
        }
        Duration delay =
                policy.delayAfter(run.attempt(), ThreadLocalRandom.current().nextDouble());
        LOG.warn(
                "Worker {}: {} failed in attempt {} of {}: {}: {}; it runs again in {} ms",
                owner,
                run.ref(),
                run.attempt(),
                policy.attempts(),
                thrown.getClass().getName(),
                message(thrown),
                delay.toMillis());
        events.emit(
                () -> new WorkerEvent.Retried(run.ref(), thrown.getClass().getName() + ": " + message(thrown), delay));
        return new Outcome.Retry(delay);
    }

    private Outcome fail(TaskRun run, String exception, String message, List<String> backtrace) {
        LOG.warn(
                "Worker {}: {} has failed in attempt {}: {}: {}; it stays among the failed tasks",
                owner,
                run.ref(),
                run.attempt(),
                exception,
                message);
        events.emit(() -> new WorkerEvent.Failed(run.ref(), exception + ": " + message));
        return new Outcome.Fail(
                new Failure(run.lease().content(), exception, message, backtrace, owner, clock.instant()));
    }

    /** What an exception says of itself is the application's code, too. */
    private static String message(Throwable thrown) {
        String text;
        try {
            text = thrown.getMessage();
        } catch (RuntimeException e) {
            text = "its message cannot be read: " + e.getClass().getName();
        }
        if (text == null) {
            text = thrown.getClass().getSimpleName();
        }
        return text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) + "…" : text;
    }

    private static List<String> backtrace(Throwable thrown) {
        List<String> lines = new ArrayList<>();
        Throwable next = thrown;
        while (next != null && lines.size() < MOST_LINES) {
            if (next != thrown) {
                lines.add("Caused by: " + next.getClass().getName() + ": " + message(next));
            }
            for (StackTraceElement element : next.getStackTrace()) {
                if (lines.size() < MOST_LINES) {
                    lines.add("    at " + element);
                }
            }
            next = next.getCause() == next ? null : next.getCause();
        }
        return lines;
    }
}
