package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.WorkerRegistry.Running;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Deletes what node-resque leaves of a worker that it takes for dead: it removes the worker from the set, but not what the
 * worker was running. Once an hour, by one of all nodes, and only what is older than an hour.
 */
final class OrphanSweep {
    private static final Script ORPHAN = Script.of("workers/orphan");
    private static final Duration OLD = Duration.ofHours(1);
    private static final int PAGE = 1000;

    private final Redis redis;
    private final WorkerKeys keys;
    private final KeyScan scan;

    OrphanSweep(Redis redis, WorkerKeys keys) {
        this.redis = redis;
        this.keys = keys;
        this.scan = new KeyScan(redis);
    }

    CompletionStage<Void> run() {
        return redis.send(RedisCommand.keyed("SET", keys.swept(), 1, "NX", "PX", OLD.toMillis()))
                .thenCompose(set -> set == null ? nothing() : page(Optional.empty()));
    }

    private static CompletionStage<Void> nothing() {
        return CompletableFuture.completedStage(null);
    }

    private CompletionStage<Void> page(Optional<String> cursor) {
        return scan.page(keys.running(), cursor, PAGE)
                .thenCompose(page ->
                        look(page.items()).thenCompose(done -> page.next().isEmpty() ? nothing() : page(page.next())));
    }

    private CompletionStage<Void> look(List<String> names) {
        String prefix = keys.running();
        List<String> members = names.stream()
                .map(name -> name.substring(prefix.length()))
                .filter(member -> !member.startsWith("ping:") && !member.endsWith(":started"))
                .toList();
        if (members.isEmpty()) {
            return nothing();
        }
        List<RedisCommand> commands = new ArrayList<>(List.of(RedisCommand.of("TIME")));
        for (String member : members) {
            commands.add(RedisCommand.keyed("SISMEMBER", keys.all(), member));
            commands.add(RedisCommand.keyed("GET", keys.running(member)));
        }
        return redis.sendAll(commands).thenCompose(replies -> {
            Instant now = Instant.ofEpochSecond(
                    Replies.number(Replies.list(replies.get(0)).get(0)));
            List<Script.Call> calls = new ArrayList<>();
            for (int i = 0; i < members.size(); i++) {
                Object known = replies.get(1 + 2 * i);
                Object value = replies.get(2 + 2 * i);
                if (known instanceof Long isMember && isMember == 0 && value instanceof byte[] raw && isOld(raw, now)) {
                    calls.add(ORPHAN.call(List.of(keys.all(), keys.running(members.get(i))), members.get(i), raw));
                }
            }
            return calls.isEmpty() ? nothing() : redis.runAll(calls).thenApply(done -> null);
        });
    }

    /** What says no time is left alone. */
    private static boolean isOld(byte[] raw, Instant now) {
        return WorkerRecord.foreign(raw)
                .map(Running::since)
                .filter(since -> since.isAfter(Instant.EPOCH) && since.plus(OLD).isBefore(now))
                .isPresent();
    }
}
