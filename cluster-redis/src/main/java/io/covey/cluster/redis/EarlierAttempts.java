package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.EarlierAttempt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attempts before the last, as scripts keep them beside a task and as they stand in resque's list of failed tasks. */
final class EarlierAttempts {

    private EarlierAttempts() {}

    /** Of each: the ms of its end, space, owner, NUL, error, NUL. */
    static List<EarlierAttempt> read(byte[] kept) {
        if (kept.length == 0) {
            return List.of();
        }
        List<EarlierAttempt> attempts = new ArrayList<>();
        String[] parts = new String(kept, UTF_8).split("\0", -1);
        for (int i = 0; i + 1 < parts.length; i += 2) {
            int space = parts[i].indexOf(' ');
            Instant at = Instant.ofEpochMilli(Long.parseLong(parts[i].substring(0, space)));
            attempts.add(new EarlierAttempt(parts[i].substring(space + 1), at, parts[i + 1]));
        }
        return List.copyOf(attempts);
    }

    static List<Map<String, Object>> toJson(List<EarlierAttempt> attempts) {
        return attempts.stream()
                .map(attempt -> {
                    Map<String, Object> one = new LinkedHashMap<>();
                    one.put("worker", attempt.owner());
                    one.put("at", FailedEntry.ISO.format(attempt.at()));
                    one.put("error", attempt.error());
                    return one;
                })
                .toList();
    }

    /** Those that can be read, of what anybody may have written. */
    static List<EarlierAttempt> ofJson(@Nullable Object json) {
        List<EarlierAttempt> attempts = new ArrayList<>();
        if (json instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> attempt
                        && attempt.get("worker") instanceof String owner
                        && attempt.get("at") instanceof String at
                        && attempt.get("error") instanceof String error) {
                    attempts.add(new EarlierAttempt(owner, ForeignDate.parse(at), error));
                }
            }
        }
        return List.copyOf(attempts);
    }
}
