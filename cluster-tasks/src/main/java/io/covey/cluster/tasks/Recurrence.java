package io.covey.cluster.tasks;

import java.time.Duration;
import java.time.ZoneId;

/** When a recurring task is due. */
public sealed interface Recurrence {

    /**
     * At a fixed rate: first one period after the declaration, then a period after each due time, whatever the runs take.
     *
     * @param period 1 s to 1,000 days
     * @return the recurrence
     */
    static Recurrence every(Duration period) {
        return new FixedRate(period);
    }

    /**
     * By a cron expression: {@code minute hour day-of-month month day-of-week}, or six fields with the second in front.
     * Fields hold {@code *}, numbers, names ({@code MON}, {@code JAN}), lists {@code 1,2}, ranges {@code 1-5} and steps
     * {@code *}{@code /10}; {@code L} is the last day of the month; Sunday is 0 and 7. With both a day of the month and a day
     * of the week given, either is enough. {@code @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly} and
     * {@code @yearly} are understood.
     *
     * <p><b>When clocks change</b> in the zone: an expression whose hour is {@code *} goes by the time that passes: what falls
     * into the hour that is left out in spring is left out, and the hour that comes twice in autumn counts twice. Any other
     * expression means times of day, and each of them is due once: one that is left out is due at the first instant after the
     * gap (several such together, once), one that comes twice is due the first time.
     *
     * @param expression as in crontab
     * @param zone whose time of day
     * @return the recurrence
     * @throws IllegalArgumentException if it cannot be read; says where
     */
    static Recurrence cron(String expression, ZoneId zone) {
        return new Cron(expression, zone);
    }

    /**
     * At a fixed rate.
     *
     * @param period 1 s to 1,000 days
     */
    record FixedRate(Duration period) implements Recurrence {
        private static final Duration SHORTEST = Duration.ofSeconds(1);
        private static final Duration LONGEST = Duration.ofDays(1000);

        /** Checks the period. */
        public FixedRate {
            if (period.compareTo(SHORTEST) < 0 || period.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "The period of a recurring task must be between 1s and 1,000d, was " + period);
            }
        }

        /** For example {@code every PT5M}. */
        @Override
        public String toString() {
            return "every " + period;
        }
    }

    /**
     * By a cron expression.
     *
     * @param expression as in crontab
     * @param zone whose time of day
     */
    record Cron(String expression, ZoneId zone) implements Recurrence {

        /** Checks the expression. */
        public Cron {
            CronTimes.of(expression, zone);
        }

        /** For example {@code 0 3 * * * Europe/Berlin}. */
        @Override
        public String toString() {
            return expression + " " + zone;
        }
    }
}
