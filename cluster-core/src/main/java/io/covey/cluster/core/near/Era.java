package io.covey.cluster.core.near;

/**
 * A time during which no news of changes was missed. Copies are of one era; with its end, which is the beginning of
 * another, they are worth nothing.
 */
final class Era {
    /** Far ahead of any clock, and still comparable with it. */
    private static final long ENDLESS = 1L << 62;

    private final boolean live;
    private volatile long provenUntil;

    private Era(boolean live, long provenUntil) {
        this.live = live;
        this.provenUntil = provenUntil;
    }

    static Era live(long provenUntil) {
        return new Era(true, provenUntil);
    }

    /** Of a store that tells no news, so that none can be missed. */
    static Era endless(long now) {
        return new Era(true, now + ENDLESS);
    }

    /** News may be missed now. */
    static Era deaf() {
        return new Era(false, 0);
    }

    boolean isLive() {
        return live;
    }

    /** Whether copies may be used. */
    boolean serves(long now) {
        return live && now - provenUntil < 0;
    }

    void proven(long until) {
        provenUntil = until;
    }
}
