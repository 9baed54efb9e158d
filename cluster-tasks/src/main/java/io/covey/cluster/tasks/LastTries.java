package io.covey.cluster.tasks;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * When to run the last try of a task that may kill its process: alone, so that nothing else dies with it. At once if
 * there is nothing else to do; else after 10 to 20 s, at random so that not every worker drains for the same task. Who does
 * not get empty in 30 s, because what it runs is long, claims again for about four times as long, and then waits twice as
 * long as before: a fleet full of long tasks does not stand still for one, which has its turn all the same.
 */
final class LastTries {
    private static final long PATIENCE = Duration.ofSeconds(10).toNanos();
    private static final long PAUSE = Duration.ofSeconds(1).toNanos();
    private static final long STANDSTILL = Duration.ofSeconds(30).toNanos();
    private static final long LONGEST_STANDSTILL = Duration.ofHours(1).toNanos();

    private @Nullable WorkedQueue chosen;
    private boolean asked;
    private boolean waiting;
    private long dueAt;
    private long standstill = STANDSTILL;
    private long aloneUntil;
    private long notBefore;
    private boolean paused;

    /** Whether nothing else may be claimed. */
    boolean alone() {
        return chosen != null;
    }

    /** Looks at the queues; {@code idle} if there is no other work. */
    void see(List<WorkedQueue> queues, boolean idle, long now) {
        if (chosen != null && !asked) {
            reconsider(chosen, now);
        }
        if (chosen != null || paused && now - notBefore < 0) {
            return;
        }
        paused = false;
        for (WorkedQueue queue : queues) {
            if (queue.lastTries() > 0) {
                if (!waiting) {
                    waiting = true;
                    dueAt = now + PATIENCE + ThreadLocalRandom.current().nextLong(PATIENCE);
                }
                if (idle || now - dueAt >= 0) {
                    chosen = queue;
                    asked = false;
                    aloneUntil = now + standstill;
                }
                return;
            }
        }
        waiting = false;
        standstill = STANDSTILL;
    }

    private void reconsider(WorkedQueue queue, long now) {
        if (queue.lastTries() == 0) { // another had it
            chosen = null;
        } else if (now - aloneUntil >= 0) {
            chosen = null;
            dueAt = now + 2 * standstill + ThreadLocalRandom.current().nextLong(4 * standstill);
            standstill = Math.min(2 * standstill, LONGEST_STANDSTILL);
        }
    }

    /** Where to ask for one, if it is time; {@code empty} if the worker holds nothing and waits for no answer. */
    Optional<WorkedQueue> ask(boolean empty) {
        if (chosen == null || asked || !empty) {
            return Optional.empty();
        }
        asked = true;
        return Optional.of(chosen);
    }

    /** Ends being alone once what was given has ended, or nothing was given. */
    void endIf(boolean empty, long now) {
        if (chosen != null && asked && empty) {
            chosen = null;
            waiting = false;
            standstill = STANDSTILL;
            paused = true;
            notBefore = now + PAUSE;
        }
    }
}
