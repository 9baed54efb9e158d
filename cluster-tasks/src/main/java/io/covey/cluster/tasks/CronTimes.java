package io.covey.cluster.tasks;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.covey.cluster.spi.Names;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Map;
import java.util.Optional;

/**
 * The instants of a cron expression in a zone. The library knows the expression and counts times of day, as if in UTC;
 * what a time of day is when clocks change is decided here, by the rule that {@link Recurrence#cron} states.
 */
final class CronTimes {
    private static final int FIELDS = 5;
    private static final Map<String, String> SHORT_FORMS = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");
    private static final CronDefinition WITHOUT_SECONDS = definition(CronDefinitionBuilder.defineCron());
    private static final CronDefinition WITH_SECONDS = definition(CronDefinitionBuilder.defineCron()
            .withSeconds()
            .withValidRange(0, 59)
            .withStrictRange()
            .and());

    private final ExecutionTime times;
    private final ZoneId zone;
    private final boolean hourly;

    private CronTimes(ExecutionTime times, ZoneId zone, boolean hourly) {
        this.times = times;
        this.zone = zone;
        this.hourly = hourly;
    }

    private static CronDefinition definition(CronDefinitionBuilder builder) {
        return builder.withMinutes()
                .withValidRange(0, 59)
                .withStrictRange()
                .and()
                .withHours()
                .withValidRange(0, 23)
                .withStrictRange()
                .and()
                .withDayOfMonth()
                .withValidRange(1, 31)
                .supportsL()
                .withStrictRange()
                .and()
                .withMonth()
                .withValidRange(1, 12)
                .withStrictRange()
                .and()
                .withDayOfWeek()
                .withValidRange(0, 7)
                .withMondayDoWValue(1)
                .withIntMapping(7, 0)
                .withStrictRange()
                .and()
                .instance();
    }

    static CronTimes of(String expression, ZoneId zone) {
        String text = SHORT_FORMS.getOrDefault(expression.strip(), expression.strip());
        String[] fields = text.split("\\s+");
        if (fields.length != FIELDS && fields.length != FIELDS + 1) {
            throw new IllegalArgumentException("A cron expression has 5 fields, or 6 with the second in front, had "
                    + fields.length + ": \"" + Names.printable(expression) + "\"");
        }
        boolean seconds = fields.length > FIELDS;
        try {
            ExecutionTime times = ExecutionTime.forCron(
                    new CronParser(seconds ? WITH_SECONDS : WITHOUT_SECONDS).parse(String.join(" ", fields)));
            CronTimes made = new CronTimes(times, zone, fields[seconds ? 2 : 1].equals("*"));
            if (made.after(Instant.EPOCH).isEmpty()) {
                throw new IllegalArgumentException("it is never due");
            }
            return made;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "The cron expression \"" + Names.printable(expression) + "\" cannot be used: " + e.getMessage(), e);
        }
    }

    /** The first one later than an instant. */
    Optional<Instant> after(Instant instant) {
        return hourly ? byElapsedTime(instant) : byTimeOfDay(instant);
    }

    private Optional<Instant> byTimeOfDay(Instant instant) {
        Optional<LocalDateTime> time = next(LocalDateTime.ofInstant(instant, zone));
        while (time.isPresent()) {
            // A time in a gap is moved behind it and one that comes twice is taken the first time, by this method's
            // rule.
            Instant due = first(time.get());
            if (due.isAfter(instant)) {
                return Optional.of(due);
            }
            time = next(time.get());
        }
        return Optional.empty();
    }

    private Instant first(LocalDateTime time) {
        ZoneOffsetTransition change = zone.getRules().getTransition(time);
        return change != null && change.isGap()
                ? change.getInstant()
                : time.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
    }

    private Optional<Instant> byElapsedTime(Instant instant) {
        Instant from = instant;
        ZoneOffset offset = zone.getRules().getOffset(from);
        Optional<LocalDateTime> time = next(LocalDateTime.ofInstant(from, offset));
        while (time.isPresent()) {
            Instant due = time.get().toInstant(offset);
            ZoneOffsetTransition change = zone.getRules().nextTransition(from);
            if (change == null || due.isBefore(change.getInstant())) {
                return Optional.of(due);
            }
            // From the change on another offset counts; the change itself may be due.
            from = change.getInstant();
            offset = change.getOffsetAfter();
            time = next(change.getDateTimeAfter().minusSeconds(1));
        }
        return Optional.empty();
    }

    private Optional<LocalDateTime> next(LocalDateTime time) {
        return times.nextExecution(time.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
    }
}
