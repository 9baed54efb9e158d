package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RecurrenceTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static List<String> times(String expression, ZoneId zone, String from, int count) {
        CronTimes cron = CronTimes.of(expression, zone);
        List<String> times = new ArrayList<>();
        Instant at = OffsetDateTime.parse(from).toInstant();
        for (int i = 0; i < count; i++) {
            at = cron.after(at).orElseThrow();
            times.add(at.atZone(zone).toOffsetDateTime().toString());
        }
        return times;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * * | 2026-05-01T10:00:00.5+02:00 | 2026-05-01T10:01+02:00",
                "*/15 9-17 * * MON-FRI | 2026-05-01T17:45+02:00 | 2026-05-04T09:00+02:00",
                "0 0 1 JAN,JUL * | 2026-05-01T00:00+02:00 | 2026-07-01T00:00+02:00",
                "0 0 29 2 * | 2026-05-01T00:00+02:00 | 2028-02-29T00:00+01:00",
                "0 12 L * * | 2026-02-01T00:00+01:00 | 2026-02-28T12:00+01:00",
                "0 0 * * 7 | 2026-05-01T00:00+02:00 | 2026-05-03T00:00+02:00",
                "0 0 * * 0 | 2026-05-01T00:00+02:00 | 2026-05-03T00:00+02:00",
                "0 0 13 * FRI | 2026-05-01T00:00+02:00 | 2026-05-08T00:00+02:00",
                "*/10 * * * * * | 2026-05-01T10:00:05+02:00 | 2026-05-01T10:00:10+02:00",
                "@daily | 2026-05-01T10:00+02:00 | 2026-05-02T00:00+02:00",
                "@weekly | 2026-05-01T10:00+02:00 | 2026-05-03T00:00+02:00",
            })
    void anExpressionMeansWhatCrontabSays(String expression, String from, String next) {
        assertThat(times(expression, BERLIN, from, 1)).containsExactly(next);
    }

    @Test
    void aDayOfTheMonthOrADayOfTheWeekIsEnough() {
        assertThat(times("0 0 13 * FRI", BERLIN, "2026-05-09T00:00+02:00", 2))
                .containsExactly("2026-05-13T00:00+02:00", "2026-05-15T00:00+02:00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * * *",
                "60 * * * *",
                "* 24 * * *",
                "* * 32 * *",
                "* * * 13 *",
                "x * * * *",
                "0 0 30 2 *",
                "* * * * * * *"
            })
    void whatCannotBeReadOrIsNeverDueIsRefused(String expression) {
        assertThatThrownBy(() -> Recurrence.cron(expression, BERLIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cron expression");
    }

    @Test
    void aTimeOfDayThatIsLeftOutInSpringIsDueAfterTheGapOnce() {
        assertThat(times("30 2 * * *", BERLIN, "2026-03-28T02:30+01:00", 2))
                .containsExactly("2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00");
        assertThat(times("*/20 2 * * *", BERLIN, "2026-03-28T02:40+01:00", 2))
                .containsExactly("2026-03-29T03:00+02:00", "2026-03-30T02:00+02:00");
        assertThat(times("0,30 2,3 * * *", BERLIN, "2026-03-28T03:30+01:00", 3))
                .containsExactly("2026-03-29T03:00+02:00", "2026-03-29T03:30+02:00", "2026-03-30T02:00+02:00");
    }

    @Test
    void aTimeOfDayThatComesTwiceInAutumnIsDueTheFirstTimeOnly() {
        assertThat(times("30 2 * * *", BERLIN, "2026-10-24T02:30+02:00", 2))
                .containsExactly("2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00");
        assertThat(times("30 2 * * *", BERLIN, "2026-10-25T02:10+01:00", 1)).containsExactly("2026-10-26T02:30+01:00");
        assertThat(times("*/30 1-3 * * *", BERLIN, "2026-10-25T01:30+02:00", 4))
                .containsExactly(
                        "2026-10-25T02:00+02:00",
                        "2026-10-25T02:30+02:00",
                        "2026-10-25T03:00+01:00",
                        "2026-10-25T03:30+01:00");
    }

    @Test
    void whatIsDueEveryHourGoesByTheTimeThatPasses() {
        assertThat(times("30 * * * *", BERLIN, "2026-03-29T00:30+01:00", 3))
                .containsExactly("2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00", "2026-03-29T04:30+02:00");
        assertThat(times("0 * * * *", BERLIN, "2026-03-29T01:00+01:00", 2))
                .containsExactly("2026-03-29T03:00+02:00", "2026-03-29T04:00+02:00");
        assertThat(times("30 * * * *", BERLIN, "2026-10-25T01:30+02:00", 4))
                .containsExactly(
                        "2026-10-25T02:30+02:00",
                        "2026-10-25T02:30+01:00",
                        "2026-10-25T03:30+01:00",
                        "2026-10-25T04:30+01:00");
        assertThat(times("*/20 * * * *", BERLIN, "2026-10-25T02:40+02:00", 2))
                .containsExactly("2026-10-25T02:00+01:00", "2026-10-25T02:20+01:00");
    }

    @Test
    void aDayThatAZoneLeavesOutIsMadeUpForAtItsEnd() {
        // Samoa went from the 29th to the 31st of December 2011.
        assertThat(times("0 12 30 12 *", ZoneId.of("Pacific/Apia"), "2011-12-01T00:00-10:00", 1))
                .containsExactly("2011-12-31T00:00+14:00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"* * * * *", "*/7 2 * * *", "0 */5 * * *", "15,45 1-4 * * *"})
    void timesGrowOverAWholeYearInAnyZone(String expression) {
        for (String zone : List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")) {
            CronTimes cron = CronTimes.of(expression, ZoneId.of(zone));
            Instant at = Instant.parse("2026-01-01T00:00:00Z");
            Instant end = at.plus(Duration.ofDays(expression.startsWith("* ") ? 2 : 366));
            while (at.isBefore(end)) {
                Instant next = cron.after(at).orElseThrow();
                assertThat(next).isAfter(at);
                at = next;
            }
        }
    }

    @Test
    void aFixedRateKeepsItsRhythmHoweverLateItIsServed() {
        Occurrences rate = new Occurrences(Recurrence.every(Duration.ofMinutes(5)), Misfire.all(3));
        Instant declared = Instant.parse("2026-01-01T00:00:00Z");
        Instant due = rate.first(declared);
        assertThat(due).isEqualTo(Instant.parse("2026-01-01T00:05:00Z"));
        assertThat(rate.next(due, due.plusMillis(700))).contains(Instant.parse("2026-01-01T00:10:00Z"));
        assertThat(rate.next(due, Instant.parse("2026-01-01T01:05:00Z")))
                .contains(Instant.parse("2026-01-01T01:10:00Z"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMisfirePolicySaysHowManyOfTheMissedAreRun(boolean cron) {
        Recurrence hourly = cron ? Recurrence.cron("0 * * * *", BERLIN) : Recurrence.every(Duration.ofHours(1));
        Instant due = Instant.parse("2026-01-01T05:00:00Z");
        Instant justNow = due.plusSeconds(1);
        Instant muchLater = due.plus(Duration.ofMinutes(4 * 60 + 30));
        Instant aYearLater = due.plus(Duration.ofDays(365)).plusSeconds(600);
        assertThat(List.of(
                        new Occurrences(hourly, Misfire.once()).tasks(due, justNow),
                        new Occurrences(hourly, Misfire.skip()).tasks(due, justNow),
                        new Occurrences(hourly, Misfire.all(100)).tasks(due, justNow)))
                .containsExactly(1, 1, 1);
        assertThat(List.of(
                        new Occurrences(hourly, Misfire.once()).tasks(due, muchLater),
                        new Occurrences(hourly, Misfire.skip()).tasks(due, muchLater),
                        new Occurrences(hourly, Misfire.skip())
                                .tasks(due, due.plus(Duration.ofHours(4)).plusSeconds(59)),
                        new Occurrences(hourly, Misfire.all(100)).tasks(due, muchLater),
                        new Occurrences(hourly, Misfire.all(3)).tasks(due, muchLater)))
                .containsExactly(1, 0, 1, 5, 3);
        assertThat(new Occurrences(hourly, Misfire.all(100)).tasks(due, aYearLater))
                .isEqualTo(100);
    }

    @Test
    void limitsAreToldWithTheValue() {
        assertThatThrownBy(() -> Recurrence.every(Duration.ofMillis(999))).hasMessageContaining("PT0.999S");
        assertThatThrownBy(() -> Misfire.all(0)).hasMessageContaining("was 0");
        assertThatThrownBy(() -> Misfire.all(101)).hasMessageContaining("was 101");
    }
}
