package io.covey.cluster.tasks;

import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.Printable;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Result;
import io.covey.cluster.spi.TaskNotes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what becomes of a task that did not simply get done. */
final class Judge {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final String CANCELLED = "Cancelled";
    private static final int LONGEST_SHOWN = 1000;

    private final String owner;
    private final InstantSource clock;
    private final Events events;
    private final ParkedLog parked;

    Judge(String owner, InstantSource clock, WorkerTime time, Events events) {
        this.owner = owner;
        this.clock = clock;
        this.events = events;
        this.parked = new ParkedLog(owner, time);
    }

    ParkedLog parkedLog() {
        return parked;
    }

    /** Its handler threw. */
    Outcome thrown(TaskRun run, RetryPolicy policy, Throwable reason) {
        if (run.lost() || run.stopping() || UnansweredException.isBehind(reason)) {
            return new Outcome.Release();
        }
        Throwable thrown = run.timedOut() ? tookTooLong(run, reason) : reason;
        return switch (policy.judge(run.lease().attempt(), thrown)) {
            case AGAIN -> again(run, policy, thrown);
            case FAILED -> failed(run, thrown);
            case DISCARDED -> discarded(run, thrown);
        };
    }

    /** There is nobody here who could run it. */
    Outcome parked(TaskRun run, String exception, String message) {
        String reason = exception + ": " + message;
        parked.add(run.ref(), reason);
        events.emit(() -> new WorkerEvent.Failed(run.ref(), reason));
        return fail(run, exception, message, List.of());
    }

    /** Somebody wanted it to be stopped. */
    Outcome cancelled(TaskRun run) {
        boolean started = run.started();
        LOG.atInfo()
                .addKeyValue("event", "task.cancelled")
                .log(
                        "Worker {}: {} was cancelled {}",
                        owner,
                        run.ref(),
                        started ? "while it ran" : "before it started");
        events.emit(() -> new WorkerEvent.Cancelled(run.ref(), started));
        String message =
                started ? "Cancelled while it ran; what it had done by then stays done" : "Cancelled before it started";
        return fail(run, CANCELLED, message, List.of());
    }

    static boolean isCancelled(Outcome outcome) {
        return outcome instanceof Outcome.Fail fail
                && fail.failure().exception().equals(CANCELLED);
    }

    private Outcome again(TaskRun run, RetryPolicy policy, Throwable thrown) {
        Duration delay = policy.delayAfter(
                run.lease().attempt(), ThreadLocalRandom.current().nextDouble());
        LOG.atWarn()
                .addKeyValue("event", "task.retried")
                .log(
                        "Worker {}: {} failed in attempt {} of {}: {}; it runs again in {} ms",
                        owner,
                        run.ref(),
                        run.lease().attempt(),
                        policy.attempts(),
                        shown(thrown),
                        delay.toMillis());
        events.emit(() -> new WorkerEvent.Retried(run.ref(), line(thrown), delay));
        return new Outcome.Retry(delay, line(thrown));
    }

    private Outcome failed(TaskRun run, Throwable thrown) {
        LOG.atWarn()
                .addKeyValue("event", "task.failed")
                .log(
                        "Worker {}: {} has failed in attempt {}: {}; it stays among the failed tasks",
                        owner,
                        run.ref(),
                        run.lease().attempt(),
                        shown(thrown));
        events.emit(() -> new WorkerEvent.Failed(run.ref(), line(thrown)));
        return fail(run, thrown.getClass().getName(), Backtrace.message(thrown), Backtrace.of(thrown));
    }

    private Outcome discarded(TaskRun run, Throwable thrown) {
        LOG.atInfo()
                .addKeyValue("event", "task.discarded")
                .log("Worker {}: {} is dropped, as its type says: {}", owner, run.ref(), shown(thrown));
        events.emit(() -> new WorkerEvent.Discarded(run.ref(), line(thrown)));
        run.discard();
        Failure why = failure(run, thrown.getClass().getName(), Backtrace.message(thrown), List.of());
        return new Outcome.Done(run.content()
                .flatMap(Content.Readable::id)
                .map(id -> new Result(id, why.note(), TaskNotes.FAILURE_KEPT, TaskNotes.FAILURE)));
    }

    private static TaskTimeoutException tookTooLong(TaskRun run, Throwable reason) {
        Handlers.Bound<?> bound = run.bound();
        String most = bound == null
                ? ""
                : " of " + bound.type().timeout().map(Duration::toMillis).orElse(0L) + " ms";
        return new TaskTimeoutException(
                "Task type " + Names.printable(run.type()) + " ran for longer than its time" + most, reason);
    }

    /** In the log: its message may be made of what strangers have sent. */
    private static String shown(Throwable thrown) {
        return Printable.line(line(thrown), LONGEST_SHOWN);
    }

    private static String line(Throwable thrown) {
        return thrown.getClass().getName() + ": " + Backtrace.message(thrown);
    }

    private Outcome fail(TaskRun run, String exception, String message, List<String> backtrace) {
        return new Outcome.Fail(failure(run, exception, message, backtrace));
    }

    private Failure failure(TaskRun run, String exception, String message, List<String> backtrace) {
        return new Failure(
                run.lease().content(),
                exception,
                message,
                backtrace,
                owner,
                clock.instant(),
                run.id(),
                run.lease().attempt(),
                run.lease().earlier());
    }
}
