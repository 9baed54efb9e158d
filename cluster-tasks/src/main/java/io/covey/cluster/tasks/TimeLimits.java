package io.covey.cluster.tasks;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Interrupts what runs for too long, and reports what was interrupted and does not end. */
final class TimeLimits {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long LEAST_GRACE = Duration.ofSeconds(1).toNanos();

    private final String owner;
    private final ScheduledExecutorService timer;
    private final Events events;
    private final long grace;

    TimeLimits(String owner, ScheduledExecutorService timer, WorkerTime time, Events events) {
        this.owner = owner;
        this.timer = timer;
        this.events = events;
        this.grace = Math.max(LEAST_GRACE, time.beat());
    }

    /** Gives it so long from now; to be cancelled when it has ended. */
    Future<?> limit(TaskRun run, Duration most) {
        return timer.schedule(() -> over(run, most), TimeUnit.NANOSECONDS.convert(most), TimeUnit.NANOSECONDS);
    }

    /** It was interrupted: is it going to end? */
    void expectEnd(TaskRun run, String reason) {
        timer.schedule(() -> check(run, reason), grace, TimeUnit.NANOSECONDS);
    }

    private void over(TaskRun run, Duration most) {
        if (run.timeOut()) {
            expectEnd(run, "its time of " + most.toMillis() + " ms is over");
        }
    }

    private void check(TaskRun run, String reason) {
        if (!run.ended()) {
            LOG.atWarn()
                    .addKeyValue("event", "task.notending")
                    .log(
                            "Worker {}: the handler of {} was interrupted ({}) and does not end; it keeps its place and its lease"
                                    + " until it does",
                            owner,
                            run.ref(),
                            reason);
            events.emit(() -> new WorkerEvent.NotEnding(run.ref(), reason));
        }
    }
}
