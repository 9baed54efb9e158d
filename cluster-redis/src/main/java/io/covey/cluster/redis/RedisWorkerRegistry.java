package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisError;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.WorkerRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers in the keys of resque, so that the tools of every fleet list ours. There is neither node-resque's ping nor Ruby's
 * heartbeat among them: by those a foreign scheduler would fail what our workers run, by its own clock. Who of ours is
 * alive is judged by a record of ours; workers of other fleets are never touched.
 */
final class RedisWorkerRegistry implements WorkerRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(RedisWorkerRegistry.class);
    private static final Script REPORT = Script.of("workers/report");
    private static final Script RETIRE = Script.of("workers/retire");
    private static final long SILENT = Duration.ofMinutes(3).toMillis();
    private static final long SWEEP = Duration.ofMinutes(1).toNanos();

    private final Redis redis;
    private final WorkerKeys keys;
    private final OrphanSweep orphans;
    /** How the workers of this process are called in resque's set, by owner. */
    private final Map<String, String> members = new ConcurrentHashMap<>();

    private final AtomicLong nextSweep = new AtomicLong(System.nanoTime());

    RedisWorkerRegistry(Redis redis, TaskKeys taskKeys) {
        this.redis = redis;
        this.keys = new WorkerKeys(taskKeys);
        this.orphans = new OrphanSweep(redis, keys);
    }

    @Override
    public CompletionStage<Void> report(WorkerInfo worker) {
        String member = WorkerKeys.member(worker);
        String before = members.put(worker.owner(), member);
        if (before != null && !before.equals(member)) {
            return retire(worker.owner(), before, "").thenCompose(done -> report(worker, member));
        }
        return report(worker, member);
    }

    private CompletionStage<Void> report(WorkerInfo worker, String member) {
        long due = nextSweep.get();
        boolean sweeps = System.nanoTime() - due >= 0 && nextSweep.compareAndSet(due, System.nanoTime() + SWEEP);
        return redis.run(REPORT.call(
                        keys.of(member),
                        worker.owner(),
                        member,
                        WorkerRecord.write(worker),
                        WorkerRecord.longest(worker, WorkerKeys.name(member)),
                        worker.since().getEpochSecond(),
                        worker.processed(),
                        worker.failed(),
                        SILENT,
                        sweeps ? 1 : 0))
                .thenAccept(reply -> {
                    if (sweeps) {
                        sweep(Replies.list(reply));
                    }
                });
    }

    /** What is left undone is left for the next report of anybody. */
    private void sweep(List<Object> dead) {
        CompletionStage<?> done = orphans.run();
        for (int i = 0; i < dead.size(); i += 2) {
            String owner = Replies.text(dead.get(i));
            String member = Replies.text(dead.get(i + 1));
            done = done.thenCombine(retire(owner, member, Long.toString(SILENT)), (a, b) -> b);
        }
        done.whenComplete((ignored, thrown) -> {
            if (thrown != null) {
                LOG.debug(
                        "Dead workers were not all taken off: {}",
                        Await.unwrap(thrown).toString());
            }
        });
    }

    @Override
    public CompletionStage<Void> retire(String owner) {
        String member = members.remove(owner);
        if (member != null) {
            return retire(owner, member, "");
        }
        return redis.send(RedisCommand.keyed("HGET", keys.records(), owner))
                .thenCompose(record -> record == null
                        ? CompletableFuture.completedStage(null)
                        : retire(owner, Kept.of(owner, record).member(), ""));
    }

    private CompletionStage<Void> retire(String owner, String member, String silent) {
        return redis.run(RETIRE.call(keys.of(member), owner, member, silent)).thenApply(reply -> null);
    }

    @Override
    public CompletionStage<List<WorkerInfo>> list() {
        return redis.sendAll(List.of(
                        RedisCommand.keyed("SMEMBERS", keys.all()),
                        RedisCommand.keyed("HGETALL", keys.records()),
                        RedisCommand.of("TIME")))
                .thenCompose(replies -> {
                    Replies.failOnError(replies);
                    long now = Replies.number(Replies.list(replies.get(2)).get(0)) * 1000;
                    Map<String, Kept> ours = records(replies.get(1));
                    List<ForeignWorker> foreign = new ArrayList<>();
                    List<WorkerInfo> infos = new ArrayList<>();
                    for (Object one : Replies.list(replies.get(0))) {
                        String member = Replies.text(one);
                        Kept record = ours.get(member);
                        if (record == null) {
                            foreign.add(new ForeignWorker(member, keys));
                        } else if (record.seen() > now - SILENT) {
                            record.info().ifPresent(infos::add);
                        }
                    }
                    return others(foreign).thenApply(others -> {
                        infos.addAll(others);
                        infos.sort(Comparator.comparing(WorkerInfo::owner));
                        return List.copyOf(infos);
                    });
                });
    }

    private CompletionStage<List<WorkerInfo>> others(List<ForeignWorker> workers) {
        if (workers.isEmpty()) {
            return CompletableFuture.completedStage(List.of());
        }
        List<RedisCommand> commands = new ArrayList<>();
        for (ForeignWorker worker : workers) {
            commands.add(worker.question());
            commands.add(RedisCommand.keyed("HGET", keys.heartbeats(), worker.member()));
        }
        return redis.sendAll(commands).thenApply(replies -> {
            List<WorkerInfo> infos = new ArrayList<>();
            for (int i = 0; i < workers.size(); i++) {
                if (!(replies.get(2 * i) instanceof RedisError)) {
                    Object heartbeat = replies.get(2 * i + 1) instanceof RedisError ? null : replies.get(2 * i + 1);
                    infos.add(workers.get(i).info(Replies.list(replies.get(2 * i)), heartbeat));
                }
            }
            return infos;
        });
    }

    /** By member. */
    private static Map<String, Kept> records(Object reply) {
        Map<String, Kept> records = new HashMap<>();
        List<Object> flat = Replies.list(reply);
        for (int i = 0; i < flat.size(); i += 2) {
            Kept record = Kept.of(Replies.text(flat.get(i)), flat.get(i + 1));
            records.put(record.member(), record);
        }
        return records;
    }

    /** A record of ours: ms|member|json. */
    private record Kept(String owner, long seen, String member, byte[] json) {

        static Kept of(String owner, Object value) {
            byte[] bytes = Replies.bytes(value);
            String[] parts = new String(bytes, ISO_8859_1).split("\\|", 3);
            return parts.length == 3 && parts[0].matches("[0-9]{1,18}")
                    ? new Kept(
                            owner,
                            Long.parseLong(parts[0]),
                            parts[1],
                            Arrays.copyOfRange(bytes, bytes.length - parts[2].length(), bytes.length))
                    : new Kept(owner, 0, "", bytes);
        }

        Optional<WorkerInfo> info() {
            return WorkerRecord.read(owner, seen, json);
        }
    }
}
