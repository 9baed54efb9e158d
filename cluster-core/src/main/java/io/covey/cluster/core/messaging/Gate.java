package io.covey.cluster.core.messaging;

import io.covey.cluster.Rejection;
import io.covey.cluster.core.runtime.BackendClock;
import io.covey.cluster.core.wire.Envelope;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

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
        Envelope.Builder envelope = parse(frame);
        if (!envelope.getChannel().equals(channel)) {
            throw new Rejected(Rejection.CHANNEL);
        }
        if (ring.isPresent()) {
            verify(ring.get(), envelope);
        }
        return new Admitted(envelope, missed(new Stream(envelope.getSender(), channel), envelope, reachMillis));
    }

    private static Envelope.Builder parse(byte[] frame) throws Rejected {
        try {
            return Frame.read(frame);
        } catch (IOException e) {
            throw new Rejected(Rejection.PARSE);
        }
    }

    private static void verify(KeyRing ring, Envelope.Builder envelope) throws Rejected {
        if (envelope.getKeyId().isEmpty()) {
            throw new Rejected(Rejection.UNSIGNED);
        }
        Key key = ring.find(envelope.getKeyId()).orElseThrow(() -> new Rejected(Rejection.KEY));
        if (!key.signed(envelope)) {
            throw new Rejected(Rejection.MAC);
        }
    }

    private long missed(Stream stream, Envelope.Builder envelope, long reachMillis) throws Rejected {
        ReplayWindow window = windows.get(stream);
        boolean live = reachMillis == LIVE;
        if (window == null) {
            checkTime(envelope, reachMillis);
            window = open(stream);
            window.admit(envelope.getSeq(), live);
            window.heard(clock.nanos(), epoch);
            return 0;
        }
        long before = window.highest();
        if (window.knows(envelope.getSeq())) {
            throw new Rejected(Rejection.REPLAY);
        }
        if (!live || window.isBeforeLive(envelope.getSeq())) {
            checkTime(envelope, reachMillis);
        }
        window.admit(envelope.getSeq(), live);
        boolean unannounced = window.heard(clock.nanos(), epoch);
        return unannounced ? Math.max(0, envelope.getSeq() - before - 1) : 0;
    }

    /**
     * For what no number tells to be new: the first of a sender, what it sent before that, and what was kept. Those after the
     * first are not timed, so that a step of the backend's clock makes nobody deaf.
     */
    private void checkTime(Envelope.Builder envelope, long reachMillis) throws Rejected {
        if (ring.isPresent()) {
            long now = clock.millis();
            long sent = envelope.getSentMs();
            long eldest =
                    reachMillis == LIVE ? Math.max(now - WINDOW_MILLIS, oldest) : now - WINDOW_MILLIS - reachMillis;
            if (sent > now + WINDOW_MILLIS || sent < eldest) {
                throw new Rejected(Rejection.TIME);
            }
        }
    }

    private ReplayWindow open(Stream stream) throws Rejected {
        if (windows.size() >= MOST_SENDERS) {
            forgetOne();
        }
        ReplayWindow window = new ReplayWindow();
        windows.put(stream, window);
        return window;
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
     * @param envelope the envelope
     * @param missed how many messages before it did not come
     */
    record Admitted(Envelope.Builder envelope, long missed) {}

    private record Stream(String sender, String channel) {}

    private static final class Rejected extends Exception {
        private static final long serialVersionUID = 1L;
        private final Rejection reason;

        Rejected(Rejection reason) {
            super(reason.reason(), null, false, false);
            this.reason = reason;
        }
    }
}
