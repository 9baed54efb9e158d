package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.WorkerRegistry.Running;
import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A worker of another fleet, as far as what it writes can be read: node-resque's, Ruby's and jesque's. */
record ForeignWorker(String member, WorkerKeys keys) {
    private static final String DYNAMIC = "JAVA_DYNAMIC_QUEUES";

    /** What is to be read of it. */
    RedisCommand question() {
        String name = WorkerKeys.name(member);
        return RedisCommand.keyed(
                "MGET",
                keys.running(member),
                keys.started(member),
                keys.ping(name),
                keys.stat("processed", name),
                keys.stat("processed", member),
                keys.stat("failed", name),
                keys.stat("failed", member));
    }

    /**
     * @param answers to the question
     * @param heartbeat Ruby's
     */
    WorkerInfo info(List<Object> answers, @Nullable Object heartbeat) {
        String[] parts = member.split(":", 3);
        Instant started = date(answers.get(1));
        List<Running> running = Stream.ofNullable(answers.get(0))
                .flatMap(raw -> WorkerRecord.foreign(Replies.bytes(raw)).stream())
                .toList();
        return new WorkerInfo(
                member,
                parts[0],
                parts.length < 3 ? 0 : pid(parts[1]),
                Stream.of(parts[parts.length - 1].split(","))
                        .filter(queue -> parts.length > 1 && !queue.isEmpty() && !queue.equals(DYNAMIC))
                        .toList(),
                started,
                seen(answers.get(2), heartbeat, started),
                count(answers.get(3), answers.get(4)),
                count(answers.get(5), answers.get(6)),
                1,
                running);
    }

    private static Instant seen(@Nullable Object ping, @Nullable Object heartbeat, Instant started) {
        if (ping != null) {
            try {
                if (Json.read(Replies.bytes(ping)) instanceof Map<?, ?> json
                        && json.get("time") instanceof Json.Num at) {
                    return Times.second(at.digits());
                }
            } catch (Json.MalformedException | NumberFormatException e) {
                return started;
            }
        }
        return heartbeat == null ? started : date(heartbeat);
    }

    /** Seconds, or one of the forms of the fleets. */
    private static Instant date(@Nullable Object value) {
        if (value == null) {
            return Instant.EPOCH;
        }
        String text = Replies.text(value);
        return text.matches("[0-9]{1,11}") ? Instant.ofEpochSecond(Long.parseLong(text)) : ForeignDate.parse(text);
    }

    private static long pid(String process) {
        String digits = process.replaceFirst("[^0-9].*", "");
        return digits.isEmpty() || digits.length() > 18 ? 0 : Long.parseLong(digits);
    }

    /** By the worker's name as node-resque counts, or by all of its member as Ruby does. */
    private static long count(@Nullable Object byName, @Nullable Object byMember) {
        Object value = byName == null ? byMember : byName;
        String text = value == null ? "" : Replies.text(value);
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }
}
