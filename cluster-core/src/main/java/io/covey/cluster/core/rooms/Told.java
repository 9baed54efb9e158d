package io.covey.cluster.core.rooms;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The memberships that a listener believes in, so that it hears of each beginning and end once whatever comes twice, late or
 * in another order. One thread at a time changes it; any may look who is present.
 */
final class Told {
    /** News of an end overtake those of a beginning only for as long as one publication takes; there may be many rooms. */
    private static final int MOST_ENDED = 512;

    private final ConcurrentMap<String, Seat> present = new ConcurrentHashMap<>();
    /** Stamps of memberships that are over, and whether their beginning was told. */
    private final Map<Long, Boolean> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > MOST_ENDED;
        }
    };
    /** Stamps of memberships that were not in the directory, and since when. */
    private final Map<Long, Long> missed = new LinkedHashMap<>();

    /** What news of a beginning are to the listener. */
    enum News {
        NEW,
        CHANGED,
        /** It is over already, and neither beginning nor end was told. */
        OVER,
        /** It is over already, and somebody of that name is present by another membership, older or newer. */
        DOUBTFUL,
        KNOWN
    }

    Collection<Seat> present() {
        return present.values();
    }

    void begin(Seat seat) {
        present.put(seat.id().member(), seat);
    }

    News joined(Seat seat) {
        Boolean begun = ended.get(seat.stamp());
        if (begun != null) {
            ended.put(seat.stamp(), true);
            if (begun) {
                return News.KNOWN;
            }
            return present.containsKey(seat.id().member()) ? News.DOUBTFUL : News.OVER;
        }
        missed.remove(seat.stamp());
        Seat before = present.put(seat.id().member(), seat);
        if (before == null) {
            return News.NEW;
        }
        if (before.stamp() != seat.stamp()) {
            // The end of what was replaced ends nothing.
            ended.put(before.stamp(), true);
            missed.remove(before.stamp());
        }
        return before.looksLike(seat) ? News.KNOWN : News.CHANGED;
    }

    /** The membership as the listener knows it, if it has to hear of its end. */
    Optional<Seat> left(Seat seat) {
        Seat known = present.get(seat.id().member());
        missed.remove(seat.stamp());
        if (known == null || known.stamp() != seat.stamp()) {
            ended.putIfAbsent(seat.stamp(), false);
            return Optional.empty();
        }
        present.remove(seat.id().member());
        ended.put(seat.stamp(), true);
        return Optional.of(known);
    }

    /** The directory has it, so it is not over whatever was heard. */
    void revive(Seat seat) {
        ended.remove(seat.stamp());
    }

    /** Those present that are not among others. */
    List<Seat> without(Map<String, Seat> others) {
        List<Seat> rest = present.values().stream()
                .filter(seat -> !others.containsKey(seat.id().member()))
                .toList();
        missed.keySet().retainAll(rest.stream().map(Seat::stamp).toList());
        return rest;
    }

    /** For how many nanoseconds it has been known to be missing. */
    long missedFor(Seat seat, long now) {
        return now - missed.computeIfAbsent(seat.stamp(), stamp -> now);
    }
}
