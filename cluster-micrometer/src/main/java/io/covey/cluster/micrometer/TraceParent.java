package io.covey.cluster.micrometer;

import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header of the W3C that names a span: version, trace, span, flags. */
final class TraceParent {
    static final String HEADER = "traceparent";
    private static final Pattern FORM =
            Pattern.compile("[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
    private static final int SAMPLED = 1;
    private static final int HEX = 16;
    private static final int LENGTH = 55;

    private TraceParent() {}

    /** Whether the span that it names is recorded. */
    static boolean isSampled(@Nullable String header) {
        // Most are not, which the flags alone tell.
        return header != null
                && header.length() >= LENGTH
                && flagged(header)
                && FORM.matcher(header).matches();
    }

    /** By the last digit of the flags, of a header that is as long as one is. */
    private static boolean flagged(String header) {
        return (Character.digit(header.charAt(LENGTH - 1), HEX) & SAMPLED) != 0;
    }

    static Optional<TraceContext> read(@Nullable String header, Tracer tracer) {
        if (header == null) {
            return Optional.empty();
        }
        Matcher matcher = FORM.matcher(header);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(tracer.traceContextBuilder()
                .traceId(matcher.group(1))
                .spanId(matcher.group(2))
                .sampled(flagged(header))
                .build());
    }
}
