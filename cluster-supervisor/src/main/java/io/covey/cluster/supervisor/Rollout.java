package io.covey.cluster.supervisor;

import io.covey.cluster.supervisor.ChildEvent.Cause;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the processes one by one: the new one is ready before the old one is asked to end, and the old one has ended before
 * the next one is replaced. Belongs to the control thread.
 */
final class Rollout {
    /** A program that does not work may say that it is ready, and end. */
    private static final int PART_OF_STABLE = 10;

    private final ControlLoop loop;
    private final Settings settings;
    private final Deque<Slot> todo;
    private final long begun;
    private int replaced;
    private @Nullable Slot slot;
    private @Nullable Child fresh;
    private @Nullable Child old;
    /** Who has a place since last, and its place. */
    private @Nullable Child placed;

    private @Nullable Slot placedAt;
    private String summary = "";

    Rollout(ControlLoop loop, Settings settings, List<Slot> slots, long now) {
        this.loop = loop;
        this.settings = settings;
        this.todo = new ArrayDeque<>(slots);
        this.begun = now;
        loop.tell(new SupervisorEvent.RolloutStarted(slots.size()));
    }

    /** What became of it, in a sentence; once it is over. */
    String summary() {
        return summary;
    }

    private void end(SupervisorEvent how) {
        summary = how.text();
        loop.tell(how);
    }

    /** Whether it is over. */
    boolean look(long now) {
        Child last = placed;
        if (last != null && placedAt != null && !placedAt.isRemoved()) {
            if (placedAt.current() != last) {
                String reason = last.name() + " did not go on working after it was ready";
                end(new SupervisorEvent.RolloutStopped(last.name(), replaced, todo.size(), reason, last.lastLines()));
                return true;
            }
            if (!last.isReady()
                    || last.readyFor(now) < settings.times().stable().toNanos() / PART_OF_STABLE) {
                return false;
            }
        }
        if (old != null) {
            if (loop.isLeaving(old)) {
                return false;
            }
            old = null;
        }
        placed = null;
        Slot at = slot;
        if (at != null && fresh != null) {
            if (at.isRemoved()) {
                slot = null;
                fresh = null;
            } else {
                return lookAt(at, fresh, now);
            }
        }
        return startNext(now);
    }

    private boolean startNext(long now) {
        Slot at = nextSlot();
        if (at == null) {
            end(new SupervisorEvent.RolloutDone(replaced, Duration.ofNanos(now - begun)));
            return true;
        }
        try {
            Child child = loop.launch(at);
            at.next(child);
            slot = at;
            fresh = child;
            return false;
        } catch (IOException | RuntimeException e) {
            String reason = "the new process cannot be started: " + Launcher.reason(e);
            end(new SupervisorEvent.RolloutStopped("", replaced, todo.size() + 1, reason, List.of()));
            return true;
        }
    }

    /** A place whose process was started since then, or will be, has the new program anyway. */
    private @Nullable Slot nextSlot() {
        for (Slot at = todo.poll(); at != null; at = todo.poll()) {
            Child current = at.current();
            if (!at.isRemoved() && current != null && current.startedAt() - begun < 0) {
                return at;
            }
        }
        return null;
    }

    private boolean lookAt(Slot at, Child child, long now) {
        if (child.becomesEnded(now)) {
            loop.tell(new ChildEvent.Ended(child.name(), child.pid(), child.status(), false, child.lastLines()));
            loop.keepPrinting(child);
            return stop(at, child, child.name() + " ended with status " + child.status() + " before it was ready", now);
        }
        if (loop.becomesReady(child, now)) {
            Child before = at.current();
            at.next(null);
            at.current(child);
            fresh = null;
            slot = null;
            placed = child;
            placedAt = at;
            replaced++;
            if (before != null) {
                at.forgiveAfter(before, now, settings.times().stable());
                loop.leave(before, Cause.ROLLOUT, child.name() + " is ready and takes its place", now);
                old = before;
            }
            return false;
        }
        if (child.isLate(now)) {
            String late = child.name() + " was not ready after "
                    + settings.times().start().toMillis() + " ms";
            loop.leave(child, Cause.NEVER_READY, late, now);
            return stop(at, child, late, now);
        }
        return false;
    }

    private boolean stop(Slot at, Child child, String reason, long now) {
        at.next(null);
        end(new SupervisorEvent.RolloutStopped(child.name(), replaced, todo.size() + 1, reason, child.lastLines()));
        if (at.current() == null) {
            // The old one has died meanwhile.
            loop.fail(at, Duration.ZERO, 0, reason, child.lastLines(), now);
        }
        return true;
    }
}
