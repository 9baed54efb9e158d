package io.covey.cluster.tasks;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * When to run the last try of a task that may kill its process: alone, so that nothing else dies with it. At once if
 * there is nothing else to do; else after 10 to 20 s, at random so that not every worker drains for the same task.
 */
final class LastTries {
    private static final long PATIENCE = Duration.ofSeconds(10).toNanos();
    private static final long PAUSE = Duration.ofSeconds(1).toNanos();

    private @Nullable WorkedQueue chosen;
    private boolean asked;
    private boolean waiting;
    private long dueAt;
    private long notBefore;
    private boolean paused;

    /** Whether nothing else may be claimed. */
    boolean alone() {
        return chosen != null;
    }

    /** Looks at the queues; {@code idle} if there is no other work. */
    void see(List<WorkedQueue> queues, boolean idle, long now) {
        if (chosen != null && !asked && chosen.lastTries() == 0) {
            chosen = null; // another had it
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
                }
                return;
            }
        }
        waiting = false;
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
            paused = true;
            notBefore = now + PAUSE;
        }
    }
}
