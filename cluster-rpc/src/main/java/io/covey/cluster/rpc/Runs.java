package io.covey.cluster.rpc;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The calls that run here and those that ended, by id, so that none runs twice: a repeat of one that runs joins it, one that
 * ended answers again if it is idempotent. Of those that ended the oldest are forgotten when there are many: what is not
 * idempotent is sent once, so that a duplicate of it is made by something else on its way.
 */
final class Runs {
    static final int MOST_ENDED = 16_384;
    private static final long MOST_BYTES = 16 << 20;

    private final Map<UUID, Known> known = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    /** Those that are not repeatable, so that a duplicate is known. */
    private final Recent recent = new Recent();

    private final Deque<Ended> ended = new ArrayDeque<>();
    private long bytes;

    private sealed interface Known permits Running, Ended {}

    private record Running(Run<?, ?> run) implements Known {}

    private record Ended(UUID id, String caller, byte @Nullable [] answer, long untilMillis) implements Known {
        int size() {
            return answer == null ? 0 : answer.length;
        }
    }

    /**
     * What is known of a call that came.
     *
     * @param isNew whether it is to be run
     * @param answer what its repeat is answered; null if nothing (yet)
     */
    record Entry(boolean isNew, byte @Nullable [] answer) {}

    private static final Entry NEW = new Entry(true, null);
    private static final Entry SILENT = new Entry(false, null);

    Entry enter(Run<?, ?> run) {
        if (!run.request().getRepeatable()) {
            return enterOnce(run) ? NEW : SILENT;
        }
        Known before = known.putIfAbsent(run.key(), new Running(run));
        if (before == null) {
            return NEW;
        }
        return before instanceof Ended over && over.caller.equals(run.caller()) && over.answer != null
                ? new Entry(false, over.answer)
                : SILENT;
    }

    /** One that ends before the next message is heard needs not be found. */
    private boolean enterOnce(Run<?, ?> run) {
        if (!recent.add(run.key())) {
            return false;
        }
        if (!run.served().isInline()) {
            known.put(run.key(), new Running(run));
        }
        return true;
    }

    /** It was refused: a repeat is looked at anew. */
    void forget(Run<?, ?> run) {
        recent.remove(run.key());
        known.remove(run.key());
    }

    /** It ended; its answer is kept if the caller may ask again. */
    void end(Run<?, ?> run, byte @Nullable [] answer, InstantSource clock) {
        if (!run.request().getRepeatable()) {
            if (!run.served().isInline()) {
                known.remove(run.key());
            }
            return;
        }
        Ended over = new Ended(run.key(), run.caller(), answer, run.deadlineMillis());
        known.put(run.key(), over);
        long nowMillis = clock.millis();
        lock.lock();
        try {
            ended.add(over);
            bytes += over.size();
            while (isSuperfluous(ended.peek(), nowMillis)) {
                Ended oldest = ended.remove();
                bytes -= oldest.size();
                known.remove(oldest.id, oldest);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isSuperfluous(@Nullable Ended oldest, long nowMillis) {
        return oldest != null && (ended.size() > MOST_ENDED || bytes > MOST_BYTES || oldest.untilMillis < nowMillis);
    }

    /** The caller of a call that runs; empty if it does not run. */
    void cancel(UUID id, String caller) {
        if (known.get(id) instanceof Running running && running.run.caller().equals(caller)) {
            running.run.cancel();
        }
    }

    void cancelAll() {
        known.values().forEach(one -> {
            if (one instanceof Running running) {
                running.run.cancel();
            }
        });
    }
}
