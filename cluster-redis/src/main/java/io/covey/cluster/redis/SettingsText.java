package io.covey.cluster.redis;

import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.QueueSettings.Rate;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of a queue as its clock hash holds them: kind (s, o), paused (0, 1), concurrency, rate (permits, ms, burst),
 * concurrency of a key, rate of a key, with semicolons between; empty for what is not limited. Nothing for the defaults.
 */
final class SettingsText {
    private static final int FIELDS = 10;

    private SettingsText() {}

    static String write(QueueSettings settings) {
        if (settings.equals(QueueSettings.defaults())) {
            return "";
        }
        return EnqueueScript.letter(settings.kind()) + ";" + (settings.paused() ? 1 : 0) + ";"
                + number(settings.concurrency()) + ";" + rate(settings.rate()) + ";"
                + number(settings.keyConcurrency()) + ";" + rate(settings.keyRate());
    }

    private static String number(Optional<Integer> number) {
        return number.map(String::valueOf).orElse("");
    }

    private static String rate(Optional<Rate> rate) {
        return rate.map(its -> its.permits() + ";" + its.per().toMillis() + ";" + its.burst())
                .orElse(";;");
    }

    static QueueSettings read(String text) {
        if (text.isEmpty()) {
            return QueueSettings.defaults();
        }
        String[] fields = text.split(";", -1);
        if (fields.length != FIELDS) {
            throw new IllegalStateException("The settings of a queue are " + text + ", of another version");
        }
        return new QueueSettings(
                fields[0].equals("o") ? Kind.OWN : Kind.SHARED,
                fields[1].equals("1"),
                number(fields[2]),
                rate(fields, 3),
                number(fields[6]),
                rate(fields, 7));
    }

    private static Optional<Integer> number(String field) {
        return field.isEmpty() ? Optional.empty() : Optional.of(Integer.parseInt(field));
    }

    private static Optional<Rate> rate(String[] fields, int at) {
        return number(fields[at])
                .map(permits -> new Rate(
                        permits, Duration.ofMillis(Long.parseLong(fields[at + 1])), Integer.parseInt(fields[at + 2])));
    }
}
