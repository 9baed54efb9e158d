package io.covey.cluster.redis;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The instants of other fleets: of JavaScript, Ruby and jesque, and ISO 8601. */
final class ForeignDate {
    private static final List<Function<String, Instant>> FORMS = List.of(
            Instant::parse,
            text -> OffsetDateTime.parse(text).toInstant(),
            form("EEE MMM dd yyyy HH:mm:ss 'GMT'xx"),
            form("yyyy/MM/dd HH:mm:ss z"),
            form("yyyy-MM-dd HH:mm:ss xx"),
            form("yyyy-MM-dd'T'HH:mm:ss[.SSS]xx"));

    private ForeignDate() {}

    /** The epoch if it is none of theirs. */
    static Instant parse(String text) {
        int comment = text.indexOf(" (");
        String date = comment < 0 ? text : text.substring(0, comment);
        for (Function<String, Instant> form : FORMS) {
            try {
                Instant read = form.apply(date);
                read.toEpochMilli(); // as others count it
                return read;
            } catch (DateTimeException | ArithmeticException e) {
                continue;
            }
        }
        return Instant.EPOCH;
    }

    private static Function<String, Instant> form(String pattern) {
        DateTimeFormatter formatter = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
        return text -> {
            TemporalAccessor read = formatter.parseBest(text, ZonedDateTime::from, OffsetDateTime::from);
            return Instant.from(read);
        };
    }
}
