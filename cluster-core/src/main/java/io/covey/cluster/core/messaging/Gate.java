package io.covey.cluster.core.messaging;

import io.covey.cluster.Rejection;
import io.covey.cluster.core.messaging.Arrival.Known;
import io.covey.cluster.core.runtime.BackendClock;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets a subscription's frames in, cheap checks first. Each subscription has a gate of its own, since each hears every
 * message once. Not thread-safe: frames come one at a time.
 */
final class Gate {
    static final int MOST_SENDERS = 16_384;
    private static final long WINDOW_MILLIS = 30_000;
    /** How far the clock of a sender may be off, besides twice what ours may be: such a node runs where we run. */
    private static final long SKEW_MILLIS = 500;

    private static final long MOST_SKEW_MILLIS = 2_000;

    private static final long LIVE = -1;
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final Optional<KeyRing> ring;
    private final int maxFrame;
    private final BackendClock clock;
    private final Rejections rejections;
    private final long oldest;
    private final Map<Stream, ReplayWindow> windows = new LinkedHashMap<>(16, 0.75f, true);
    private Known channel = Known.of("");
    private @Nullable Last last;
    private int epoch;
    private boolean unheard;

    Gate(Optional<KeyRing> ring, int maxFrame, BackendClock clock, Rejections rejections) {
        this.ring = ring;
        this.maxFrame = maxFrame;
        this.clock = clock;
        this.rejections = rejections;
        this.oldest = clock.millis()
                - Math.min(MOST_SKEW_MILLIS, SKEW_MILLIS + 2 * clock.error().toMillis());
    }

    /** The check that needs no work; may be called from any thread. */
    boolean fits(String channel, byte[] frame) {
        if (frame.length > maxFrame) {
            rejections.count(Rejection.SIZE, channel);
            return false;
        }
        return true;
    }

    /** All other checks. */
    Optional<Admitted> admit(String channel, byte[] frame) {
        return admit(channel, frame, LIVE);
    }

    /** All checks of a frame of a history, which may be as old as that reaches back. */
    Optional<Admitted> admitKept(String channel, byte[] frame, long reachMillis) {
        return fits(channel, frame) ? admit(channel, frame, reachMillis) : Optional.empty();
    }

    private Optional<Admitted> admit(String channel, byte[] frame, long reachMillis) {
        try {
            return Optional.of(check(channel, frame, reachMillis));
        } catch (Rejected e) {
            unheard |= e.reason == Rejection.SENDERS;
            rejections.count(e.reason, channel);
            return Optional.empty();
        }
    }

    /** The holes up to now have been announced. */
    void holesAnnounced() {
        epoch++;
    }

    /** Whether a message that was good was not let in since this was asked last. */
    boolean takeUnheard() {
        boolean was = unheard;
        unheard = false;
        return was;
    }

    /** How many senders and channels are kept apart now. */
    int senders() {
        return windows.size();
    }

    private Admitted check(String channel, byte[] frame, long reachMillis) throws Rejected {
        if (frame.length == 0 || frame[0] != Frame.VERSION) {
            throw new Rejected(Rejection.VERSION);
        }
        Arrival arrival = parse(frame);
        if (!arrival.isOn(known(channel))) {
            throw new Rejected(Rejection.CHANNEL);
        }
        Last same = last != null && last.channel == arrival.channel() && arrival.isFrom(last.sender) ? last : null;
        if (ring.isPresent()) {
            verify(ring.get(), arrival);
        }
        return new Admitted(arrival, missed(same != null ? same.window : find(arrival), arrival, reachMillis));
    }

    private Known known(String name) {
        if (!channel.text().equals(name)) {
            channel = Known.of(name);
        }
        return channel;
    }

    private static Arrival parse(byte[] frame) throws Rejected {
        try {
            return Arrival.read(frame);
        } catch (IOException e) {
            throw new Rejected(Rejection.PARSE);
        }
    }

    private static void verify(KeyRing ring, Arrival arrival) throws Rejected {
        if (!arrival.isSigned()) {
            throw new Rejected(Rejection.UNSIGNED);
        }
        Key key = ring.find(arrival).orElseThrow(() -> new Rejected(Rejection.KEY));
        if (!key.signed(arrival)) {
            throw new Rejected(Rejection.MAC);
        }
    }

    private @Nullable ReplayWindow find(Arrival arrival) {
        ReplayWindow window = windows.get(stream(arrival));
        if (window != null) {
            last = new Last(arrival.sender(), arrival.channel(), window);
        }
        return window;
    }

    private long missed(@Nullable ReplayWindow known, Arrival arrival, long reachMillis) throws Rejected {
        boolean live = reachMillis == LIVE;
        if (known == null) {
            checkTime(arrival, reachMillis);
            ReplayWindow window = open(arrival);
            window.admit(arrival.seq(), live);
            window.heard(clock.nanos(), epoch);
            return 0;
        }
        long before = known.highest();
        if (known.knows(arrival.seq())) {
            throw new Rejected(Rejection.REPLAY);
        }
        if (!live || known.isBeforeLive(arrival.seq())) {
            checkTime(arrival, reachMillis);
        }
        known.admit(arrival.seq(), live);
        boolean unannounced = known.heard(clock.nanos(), epoch);
        return unannounced ? Math.max(0, arrival.seq() - before - 1) : 0;
    }

    /**
     * For what no number tells to be new: the first of a sender, what it sent before that, and what was kept. Those after the
     * first are not timed, so that a step of the backend's clock makes nobody deaf.
     */
    private void checkTime(Arrival arrival, long reachMillis) throws Rejected {
        if (ring.isPresent()) {
            long now = clock.millis();
            long sent = arrival.sentMs();
            long eldest =
                    reachMillis == LIVE ? Math.max(now - WINDOW_MILLIS, oldest) : now - WINDOW_MILLIS - reachMillis;
            if (sent > now + WINDOW_MILLIS || sent < eldest) {
                throw new Rejected(Rejection.TIME);
            }
        }
    }

    private ReplayWindow open(Arrival arrival) throws Rejected {
        if (windows.size() >= MOST_SENDERS) {
            forgetOne();
        }
        ReplayWindow window = new ReplayWindow();
        windows.put(stream(arrival), window);
        last = new Last(arrival.sender(), arrival.channel(), window);
        return window;
    }

    private static Stream stream(Arrival arrival) {
        return new Stream(arrival.sender().text(), arrival.channel().text());
    }

    /** A signed sender who is forgotten could be replayed; by then its messages must be too old to be let in. */
    private void forgetOne() throws Rejected {
        Iterator<ReplayWindow> eldest = windows.values().iterator();
        if (ring.isPresent() && clock.nanos() - eldest.next().heardAt() < IDLE_NANOS) {
            throw new Rejected(Rejection.SENDERS);
        }
        Iterator<Stream> streams = windows.keySet().iterator();
        streams.next();
        streams.remove();
    }

    /**
     * What came through.
     *
     * @param arrival the envelope
     * @param missed how many messages before it did not come
     */
    record Admitted(Arrival arrival, long missed) {}

    private record Stream(String sender, String channel) {}

    /** Whom the last message was of: the youngest of the windows, so that it need not be looked up for the next one. */
    private record Last(Known sender, Known channel, ReplayWindow window) {}

    private static final class Rejected extends Exception {
        private static final long serialVersionUID = 1L;
        private final Rejection reason;

        Rejected(Rejection reason) {
            super(reason.reason(), null, false, false);
            this.reason = reason;
        }
    }
}
