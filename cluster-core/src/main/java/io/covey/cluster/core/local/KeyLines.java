package io.covey.cluster.core.local;

import io.covey.cluster.core.local.KeyLine.State;
import io.covey.cluster.spi.QueueSettings;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that have a key, served key by key: start-time fair queueing, so that a key with few tasks does not wait for
 * one with many. Lines that have reached a limit stand aside. Guarded by its queue.
 */
final class KeyLines {
    private static final int SWEPT_FROM = 1024;
    private static final Comparator<KeyLine> BY_TAG =
            Comparator.<KeyLine>comparingLong(line -> line.tag).thenComparingLong(line -> line.number);
    private static final Comparator<KeyLine> BY_WAKING =
            Comparator.<KeyLine>comparingLong(line -> line.wakesAt).thenComparingLong(line -> line.number);

    private final Limits limits;
    private final Map<String, KeyLine> lines = new HashMap<>();
    private final TreeSet<KeyLine> active = new TreeSet<>(BY_TAG);
    private final TreeSet<KeyLine> asleep = new TreeSet<>(BY_WAKING);
    private long virtual;
    private long numbers;
    private int waiting;
    private int sweepAt = SWEPT_FROM;

    KeyLines(Limits limits) {
        this.limits = limits;
    }

    void add(LocalTask task, long now) {
        if (lines.size() >= sweepAt) {
            sweep(now);
        }
        KeyLine line = line(task.key);
        line.waiting.add(task);
        waiting++;
        if (line.state == State.EMPTY) {
            line.tag = line.finish;
            activate(line);
        }
    }

    void remove(LocalTask task) {
        KeyLine line = line(task.key);
        line.waiting.remove(task);
        waiting--;
        if (line.waiting.isEmpty()) {
            active.remove(line);
            asleep.remove(line);
            line.state = State.EMPTY;
        }
    }

    /** Takes the task whose turn it is; null if there is none that may start. */
    @Nullable
    LocalTask poll(long now) {
        wake(now);
        while (!active.isEmpty()) {
            KeyLine line = active.pollFirst();
            long wait = waitMillis(line, now);
            if (isFull(line)) {
                line.state = State.PARKED;
            } else if (wait > 0) {
                line.state = State.ASLEEP;
                line.wakesAt = now + wait;
                asleep.add(line);
            } else {
                return serve(line);
            }
        }
        return null;
    }

    private LocalTask serve(KeyLine line) {
        LocalTask task = line.waiting.iterator().next();
        line.waiting.remove(task);
        waiting--;
        virtual = Math.max(virtual, line.tag);
        line.finish = line.tag + 1;
        line.state = State.EMPTY;
        if (!line.waiting.isEmpty()) {
            line.tag = line.finish;
            activate(line);
        }
        return task;
    }

    /** Whether the limits of its key let a task start. */
    boolean mayStart(LocalTask task, long now) {
        KeyLine line = task.key.isEmpty() ? null : lines.get(task.key);
        return line == null || !isFull(line) && waitMillis(line, now) == 0;
    }

    /** Whether the concurrency of its key leaves room for a task that already runs. */
    boolean hasSlot(LocalTask task) {
        KeyLine line = task.key.isEmpty() ? null : lines.get(task.key);
        return line == null || !isFull(line);
    }

    void charge(LocalTask task, long now) {
        if (!task.key.isEmpty()) {
            settings().keyRate().ifPresent(rate -> line(task.key).starts.charge(rate, now, 1));
        }
    }

    void leased(LocalTask task) {
        if (!task.key.isEmpty()) {
            line(task.key).running++;
        }
    }

    void freed(LocalTask task) {
        if (!task.key.isEmpty()) {
            KeyLine line = line(task.key);
            line.running--;
            if (line.state == State.PARKED) {
                activate(line);
            }
        }
    }

    /** The limits have changed. */
    void reconsider(long now) {
        settings().keyRate().ifPresent(rate -> lines.values().forEach(line -> line.starts.change(rate, now)));
        asleep.clear();
        lines.values().stream()
                .filter(line -> line.state == State.PARKED || line.state == State.ASLEEP)
                .sorted(Comparator.comparingLong(line -> line.number))
                .forEach(this::activate);
    }

    private void wake(long now) {
        while (!asleep.isEmpty() && asleep.first().wakesAt <= now) {
            activate(asleep.pollFirst());
        }
    }

    /** What stood aside catches nothing up: it goes on at the virtual time. */
    private void activate(KeyLine line) {
        line.state = State.ACTIVE;
        line.tag = Math.max(line.tag, virtual);
        line.number = ++numbers;
        active.add(line);
    }

    private boolean isFull(KeyLine line) {
        return settings().keyConcurrency().map(most -> line.running >= most).orElse(false);
    }

    private long waitMillis(KeyLine line, long now) {
        return settings()
                .keyRate()
                .map(rate -> line.starts.waitMillis(rate, now))
                .orElse(0L);
    }

    boolean areLimited() {
        return settings().keyConcurrency().isPresent() || settings().keyRate().isPresent();
    }

    /** How many could be taken now, where keys are limited counted up to a number. */
    long claimable(long upTo, long now) {
        if (!areLimited()) {
            return waiting;
        }
        QueueSettings settings = settings();
        wake(now);
        long count = 0;
        for (KeyLine line : active) {
            long most = settings.keyConcurrency()
                    .map(concurrency -> Math.max(0, concurrency - line.running))
                    .orElse(Integer.MAX_VALUE);
            if (settings.keyRate().isPresent()) {
                most = Math.min(most, line.starts.free(settings.keyRate().get(), now));
            }
            count += Math.min(most, line.waiting.size());
            if (count >= upTo) {
                return upTo;
            }
        }
        return count;
    }

    /** In how many milliseconds the next line may go on that waits for its rate. */
    long wakesInMillis(long now) {
        return asleep.isEmpty() ? Long.MAX_VALUE : Math.max(1, asleep.first().wakesAt - now);
    }

    int waiting() {
        return waiting;
    }

    Iterable<KeyLine> all() {
        return lines.values();
    }

    void sweep(long now) {
        lines.values().removeIf(line -> line.isIdle(now));
        sweepAt = Math.max(SWEPT_FROM, 2 * lines.size());
    }

    int size() {
        return lines.size();
    }

    private KeyLine line(String key) {
        return lines.computeIfAbsent(key, absent -> new KeyLine());
    }

    private QueueSettings settings() {
        return limits.settings();
    }
}
