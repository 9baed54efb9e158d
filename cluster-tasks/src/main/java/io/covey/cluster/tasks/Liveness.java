package io.covey.cluster.tasks;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices once a beat whether the worker gets on: a worker that beats and does nothing would hold its place for ever. What
 * is found is reported once, and the worker begins its conversations anew, over new connections.
 */
final class Liveness {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final int BEATS = 5;
    /** Leases may be short; a slow answer is no standstill. */
    private static final long LEAST = Duration.ofSeconds(5).toNanos();

    private final WorkerParts parts;
    private final Runnable reconnect;
    private final long patience;
    private int idleBeats;
    private int silentBeats;
    private long claims;

    Liveness(WorkerParts parts, Runnable reconnect) {
        this.parts = parts;
        this.reconnect = reconnect;
        this.patience = Math.max(LEAST, BEATS * parts.time().beat());
    }

    void beat() {
        String reason = pollerStuck();
        boolean stuck = reason != null;
        if (!stuck) {
            String idle = notClaiming();
            String silent = noAnswers();
            reason = silent == null ? idle : silent;
        }
        HealthBook health = parts.health();
        if (reason == null) {
            if (health.isStuck()) {
                health.stuck(null);
                LOG.atInfo().addKeyValue("event", "worker.resumed").log("Worker {}: gets on again", parts.owner());
            }
        } else if (health.isStuck()) {
            health.stuck(reason);
        } else {
            report(reason);
            if (stuck) {
                parts.pollerThread().interrupt();
            }
        }
    }

    private void report(String reason) {
        parts.health().stuck(reason);
        LOG.atError()
                .addKeyValue("event", "worker.standstill")
                .log(
                        "Worker {}: {}; it begins its conversations with the backend anew, over new connections",
                        parts.owner(),
                        reason);
        parts.events().emit(() -> new WorkerEvent.NotGettingOn(reason));
        parts.poller().beginAnew();
        reconnect.run();
    }

    private @Nullable String pollerStuck() {
        Thread thread = parts.pollerThread();
        long silent = parts.time().nanos() - parts.poller().lastRound();
        if (!thread.isAlive() || silent < patience) {
            return null;
        }
        StackTraceElement[] stack = thread.getStackTrace();
        String where = stack.length == 0 ? "" : " at " + stack[0];
        return "Its thread " + thread.getName() + " has not come round for "
                + Duration.ofNanos(silent).toSeconds() + " s, it is" + where;
    }

    /** For two beats: of a process that was stopped for so long the answers may be about to be taken in. */
    private @Nullable String noAnswers() {
        silentBeats = parts.trips().silent() ? silentBeats + 1 : 0;
        if (silentBeats < 2) {
            return null;
        }
        return "A claim or settlement had neither an answer nor an error in "
                + Duration.ofNanos(parts.trips().patience()).toMillis() + " ms";
    }

    /** There is work and place for it, and nothing was claimed for some beats. */
    private @Nullable String notClaiming() {
        Poller poller = parts.poller();
        long before = claims;
        claims = poller.claims();
        Optional<WorkedQueue> queue =
                parts.queues().served().stream().filter(WorkedQueue::claimable).findFirst();
        boolean should = queue.isPresent()
                && poller.claiming()
                && !poller.alone()
                && parts.runners().inHand() < parts.slots().now()
                && parts.outage().reason() == null;
        if (!should || claims != before) {
            idleBeats = 0;
            return null;
        }
        if (++idleBeats * parts.time().beat() < patience) {
            return null;
        }
        return "Queue " + queue.get().name() + " has tasks and there are free places, and nothing was claimed for "
                + Duration.ofNanos(idleBeats * parts.time().beat()).toMillis() + " ms";
    }
}
