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

    private TraceParent() {}

    /** Whether the span that it names is recorded. */
    static boolean isSampled(@Nullable String header) {
        if (header == null) {
            return false;
        }
        Matcher matcher = FORM.matcher(header);
        return matcher.matches() && flagged(matcher.group(3));
    }

    private static boolean flagged(String flags) {
        return (Integer.parseInt(flags, 16) & SAMPLED) != 0;
    }

    static Optional<TraceContext> read(@Nullable String header, Tracer tracer) {
        if (header == null) {
            return Optional.empty();
        }
        Matcher matcher = FORM.matcher(header);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean sampled = flagged(matcher.group(3));
        return Optional.of(tracer.traceContextBuilder()
                .traceId(matcher.group(1))
                .spanId(matcher.group(2))
                .sampled(sampled)
                .build());
    }
}
