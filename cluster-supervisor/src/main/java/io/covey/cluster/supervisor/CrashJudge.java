package io.covey.cluster.supervisor;

import java.time.Duration;
import java.util.List;

/** Judges failures in a row: those of processes that did not work for a while in between. */
final class CrashJudge {
    /** Slow failures are a loop as well, and nobody is to wait for the last of many. */
    private static final int FEW = 3;

    private static final Duration LONG = Duration.ofSeconds(20);

    private final Settings settings;

    CrashJudge(Settings settings) {
        this.settings = settings;
    }

    /**
     * What follows.
     *
     * @param failures how many in a row
     * @param tell whether that is a loop, and not yet said
     * @param stops whether the supervisor gives up
     * @param pause until the next start
     */
    record Verdict(int failures, boolean tell, boolean stops, Duration pause) {}

    Verdict judge(Slot slot, List<Slot> all, Duration worked, long now) {
        Settings.Times times = settings.times();
        if (worked.compareTo(times.stable()) >= 0) {
            slot.recovered();
        }
        int failures = slot.fail(now);
        boolean loop = failures >= settings.crashLimit()
                || failures >= FEW && slot.failingFor(now).compareTo(LONG) > 0;
        boolean othersWork = all.stream().anyMatch(other -> other != slot && other.works(now, times.stable()));
        boolean stops = loop && !othersWork;
        boolean tell = loop && (slot.complain() || stops);
        Duration pause = loop ? times.longestBackoff() : slot.pause(times.backoff(), times.longestBackoff());
        return new Verdict(failures, tell, stops, pause);
    }
}
