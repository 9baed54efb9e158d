package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What node-resque's plugins JobLock and Retry keep of a task that runs or has failed. */
final class RunLocks {
    private static final Script LOCK = Script.of("task/lock-run");
    private static final Script UNLOCK = Script.of("task/unlock-run");
    /** What JavaScript takes for a space. */
    private static final Pattern SPACE =
            Pattern.compile("[\\s\\x0B\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]");

    private final Redis redis;
    private final TaskKeys keys;

    RunLocks(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    CompletionStage<Boolean> lock(String queue, String type, byte[] args, String holder, Duration longest) {
        return redis.run(LOCK.call(List.of(key(queue, type, args)), holder, (Times.millis(longest) + 999) / 1000))
                .thenApply(reply -> Replies.number(Replies.list(reply).get(0)) == 1);
    }

    CompletionStage<Void> unlock(String queue, String type, byte[] args, String holder, boolean done) {
        List<String> names = new ArrayList<>(List.of(key(queue, type, args)));
        if (done) {
            names.addAll(attempts(type, JobForms.array(queue, type, args)));
        }
        return redis.run(UNLOCK.call(names, holder)).thenApply(reply -> null);
    }

    private String key(String queue, String type, byte[] args) {
        keys.queue(queue);
        String canonical = new String(JsonWriter.canonical(JobForms.array(queue, type, args)), UTF_8);
        return keys.resque("workerslock:" + type + ":" + queue + ":" + canonical);
    }

    /** How often a task has failed, and how; node-resque takes the first space out of the whole name. */
    List<String> attempts(String type, List<?> args) {
        String joined = args.stream().map(RunLocks::element).collect(Collectors.joining("-"));
        String count = keys.resque("resque-retry:" + type + (joined.isBlank() ? "" : ":" + joined));
        String last = keys.resque("failure-resque-retry:" + type + ":" + joined);
        return List.of(
                SPACE.matcher(count).replaceFirst(""), SPACE.matcher(last).replaceFirst(""));
    }

    private static String element(@Nullable Object value) {
        boolean json = value == null || value instanceof Map || value instanceof List || value instanceof Json.Num;
        return json ? new String(JsonWriter.canonical(value), UTF_8) : value.toString();
    }
}
