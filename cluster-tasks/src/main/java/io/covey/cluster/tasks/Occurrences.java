package io.covey.cluster.tasks;

import io.covey.cluster.tasks.Recurrence.Cron;
import io.covey.cluster.tasks.Recurrence.FixedRate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The due times of a recurrence, and how many tasks they make. */
final class Occurrences {
    private static final int WIDER = 30;

    private final Recurrence recurrence;
    private final Misfire misfire;

    Occurrences(Recurrence recurrence, Misfire misfire) {
        this.recurrence = recurrence;
        this.misfire = misfire;
    }

    /** The first one after a declaration. */
    Instant first(Instant declared) {
        if (recurrence instanceof FixedRate rate) {
            return millis(declared.plus(rate.period()));
        }
        return next(declared, declared)
                .orElseThrow(() -> new IllegalArgumentException("The recurrence " + recurrence + " is over"));
    }

    /** The first one that is later than now, given one that is due. */
    Optional<Instant> next(Instant due, Instant now) {
        if (recurrence instanceof FixedRate rate) {
            long period = rate.period().toMillis();
            long passed = Math.max(0, Duration.between(due, now).toMillis());
            return Optional.of(due.plusMillis((passed / period + 1) * period));
        }
        Cron cron = (Cron) recurrence;
        return CronTimes.of(cron.expression(), cron.zone()).after(now);
    }

    /** How many tasks are to be run now, given the first one that is due. */
    int tasks(Instant due, Instant now) {
        return switch (misfire.policy()) {
            case ONCE -> 1;
            case ALL -> latest(due, now, misfire.most()).size();
            case SKIP -> latest(due, now, 1).get(0).plus(Misfire.GRACE).isBefore(now) ? 0 : 1;
        };
    }

    /** The latest of those from the one that is due to now. */
    private List<Instant> latest(Instant due, Instant now, int most) {
        if (recurrence instanceof FixedRate rate) {
            long period = rate.period().toMillis();
            long passed = Math.max(0, Duration.between(due, now).toMillis()) / period;
            List<Instant> times = new ArrayList<>();
            for (long i = passed; i >= 0 && times.size() < most; i--) {
                times.add(0, due.plusMillis(i * period));
            }
            return times;
        }
        // The library only looks ahead: from ever further back, so that a long outage does not count every minute.
        Cron cron = (Cron) recurrence;
        CronTimes times = CronTimes.of(cron.expression(), cron.zone());
        Duration back = Duration.ofMinutes(1);
        while (true) {
            Instant from = now.minus(back);
            boolean whole = !from.isAfter(due);
            List<Instant> found = new ArrayList<>();
            if (whole) {
                found.add(due);
                from = due;
            }
            Optional<Instant> at = times.after(from);
            while (at.isPresent() && !at.get().isAfter(now)) {
                found.add(at.get());
                at = times.after(at.get());
            }
            if (whole || found.size() >= most) {
                return found.subList(Math.max(0, found.size() - most), found.size());
            }
            back = back.multipliedBy(WIDER);
        }
    }

    private static Instant millis(Instant instant) {
        return Instant.ofEpochMilli(instant.toEpochMilli());
    }
}
