package io.covey.cluster.core.local;

import io.covey.cluster.spi.Call;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last steps of the conversations with one queue, so that a repeat gets its answer again. A lane is forgotten an hour
 * after its connection was closed, or a day after its last step. Guarded by its queue.
 */
final class Lanes {
    private static final long GONE_MILLIS = Duration.ofHours(1).toMillis();
    private static final long SILENT_MILLIS = Duration.ofDays(1).toMillis();
    private static final long BETWEEN_SWEEPS_MILLIS = Duration.ofMinutes(1).toMillis();

    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private long sweptAt;

    /** What to do with a call. */
    enum Verdict {
        NEW,
        REPEAT,
        STALE,
        UNKNOWN
    }

    /** A kind of call; each kind remembers its own last answer. */
    enum Kind {
        ENQUEUE,
        TURN
    }

    Verdict judge(Call call, Kind kind) {
        if (call.seq() < 1) {
            throw new IllegalArgumentException(
                    "Calls of a lane are numbered from 1, was " + call.seq() + " of lane " + call.lane());
        }
        Lane lane = lanes.get(call.lane());
        if (lane == null) {
            return call.seq() == 1 ? Verdict.NEW : Verdict.UNKNOWN;
        }
        Step last = lane.steps[kind.ordinal()];
        if (last == null || call.seq() > last.seq) {
            return Verdict.NEW;
        }
        return call.seq() == last.seq ? Verdict.REPEAT : Verdict.STALE;
    }

    /** Whether the step right before a new call is not known. */
    boolean skips(Call call, Kind kind) {
        Lane lane = lanes.get(call.lane());
        Step last = lane == null ? null : lane.steps[kind.ordinal()];
        return last != null && call.seq() > last.seq + 1;
    }

    /** The answer to a call judged a repeat. */
    Object answer(Call call, Kind kind) {
        Lane lane = lanes.get(call.lane());
        Step last = lane == null ? null : lane.steps[kind.ordinal()];
        if (last == null) {
            throw new IllegalStateException("Nothing is recorded of " + call);
        }
        return last.answer;
    }

    void record(Call call, Kind kind, Object answer, BooleanSupplier gone, long now) {
        Lane lane = lanes.computeIfAbsent(call.lane(), absent -> new Lane());
        lane.steps[kind.ordinal()] = new Step(call.seq(), answer);
        lane.gone = gone;
        lane.at = now;
    }

    /** True if enough time has passed for a sweep. */
    boolean sweep(long now) {
        if (now - sweptAt < BETWEEN_SWEEPS_MILLIS) {
            return false;
        }
        sweptAt = now;
        Iterator<Lane> all = lanes.values().iterator();
        while (all.hasNext()) {
            Lane lane = all.next();
            long silence = now - lane.at;
            if (silence > SILENT_MILLIS || silence > GONE_MILLIS && lane.gone.getAsBoolean()) {
                all.remove();
            }
        }
        return true;
    }

    int size() {
        return lanes.size();
    }

    private record Step(long seq, Object answer) {}

    private static final class Lane {
        private final @Nullable Step[] steps = new Step[Kind.values().length];
        private BooleanSupplier gone = () -> false;
        private long at;
    }
}
