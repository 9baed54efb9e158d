package io.covey.cluster.cli;

import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.QueueSettings.Rate;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Settings as the command line writes them: {@code kind=own,concurrency=5,rate=100/s}. */
final class QueueChange {
    private static final Pattern RATE = Pattern.compile("([0-9]{1,7})/([0-9]*)(ms|s|m|h)");
    private static final String NONE = "none";

    private final String text;

    QueueChange(String text) {
        this.text = text;
    }

    QueueSettings apply(QueueSettings before) {
        Kind kind = before.kind();
        QueueSettings now = before.withKind(Kind.OWN); // which has room for all limits, in whatever order they are said
        for (String part : text.split(",")) {
            int at = part.indexOf('=');
            if (at < 0) {
                throw wrong(part);
            }
            String name = part.substring(0, at);
            String value = part.substring(at + 1);
            if (name.equals("kind")) {
                kind = kind(value);
            } else {
                now = one(now, name, value);
            }
        }
        return now.withKind(kind);
    }

    private static QueueSettings one(QueueSettings now, String name, String value) {
        return switch (name) {
            case "paused" -> now.withPaused(paused(value));
            case "concurrency" -> now.withLimits(unless(value, QueueChange::number), now.rate());
            case "rate" -> now.withLimits(now.concurrency(), unless(value, QueueChange::rate));
            case "key-concurrency" -> now.withKeyLimits(unless(value, QueueChange::number), now.keyRate());
            case "key-rate" -> now.withKeyLimits(now.keyConcurrency(), unless(value, QueueChange::rate));
            default -> throw wrong(name);
        };
    }

    private static Kind kind(String value) {
        try {
            return Kind.valueOf(value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("the kind of a queue is shared or own, was \"" + value + "\"");
        }
    }

    private static boolean paused(String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new TypeConversionException("paused is true or false, was \"" + value + "\"");
        }
        return value.equals("true");
    }

    private static <T> Optional<T> unless(String value, Function<String, T> reader) {
        return value.equals(NONE) ? Optional.empty() : Optional.of(reader.apply(value));
    }

    private static int number(String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("a concurrency is a number or none, was \"" + value + "\"");
        }
    }

    private static Rate rate(String value) {
        Matcher matcher = RATE.matcher(value);
        if (!matcher.matches()) {
            throw new TypeConversionException("a rate is 100/s, 5/10m or none, was \"" + value + "\"");
        }
        String count = matcher.group(2).isEmpty() ? "1" : matcher.group(2);
        Duration per = Durations.parse(count + matcher.group(3));
        return Rate.of(Integer.parseInt(matcher.group(1)), per);
    }

    private static TypeConversionException wrong(String part) {
        return new TypeConversionException(
                "a setting is kind=shared|own, paused=true|false, concurrency=5, rate=100/s, "
                        + "key-concurrency=1 or key-rate=5/m, each limit perhaps none; was \"" + part + "\"");
    }

    /** Settings as they can be typed. */
    static String shown(QueueSettings settings) {
        return "kind=" + settings.kind().name().toLowerCase(Locale.ROOT)
                + ",paused=" + settings.paused()
                + ",concurrency=" + settings.concurrency().map(String::valueOf).orElse(NONE)
                + ",rate=" + settings.rate().map(QueueChange::shown).orElse(NONE)
                + ",key-concurrency="
                + settings.keyConcurrency().map(String::valueOf).orElse(NONE)
                + ",key-rate=" + settings.keyRate().map(QueueChange::shown).orElse(NONE);
    }

    private static String shown(Rate rate) {
        long millis = rate.per().toMillis();
        String per = millis % 1000 == 0 ? (millis == 1000 ? "s" : millis / 1000 + "s") : millis + "ms";
        return rate.permits() + "/" + per;
    }
}
