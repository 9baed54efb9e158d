package io.covey.cluster.redis;

import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

/** The keys of workers, in resque's names, and how our workers are called there. */
final class WorkerKeys {
    private static final int NAME_PARTS = 3;

    private final TaskKeys keys;

    WorkerKeys(TaskKeys keys) {
        this.keys = keys;
    }

    /**
     * Host, colon, process, and what tells its workers apart; then a colon and the queues. The host must not be the
     * machine's own name: a Ruby worker that starts on the same machine looks there for the processes of all workers of
     * that host, finds none that is called resque, and unregisters them.
     */
    static String member(WorkerInfo worker) {
        CRC32 incarnation = new CRC32();
        incarnation.update(worker.owner().getBytes(StandardCharsets.UTF_8));
        return "covey." + worker.host().replaceAll("[^A-Za-z0-9_.-]", "-") + ":" + worker.pid() + "+"
                + String.format("%08x", incarnation.getValue()) + ":" + String.join(",", worker.queues());
    }

    /** The first two parts, as node-resque reads it. */
    static String name(String member) {
        String[] parts = member.split(":", NAME_PARTS);
        return parts.length < NAME_PARTS ? parts[0] : parts[0] + ":" + parts[1];
    }

    /** The keys of report.lua and retire.lua. */
    List<String> of(String member) {
        String name = name(member);
        return List.of(
                all(),
                records(),
                running(member),
                started(member),
                keys.stat("processed:" + name),
                keys.stat("failed:" + name));
    }

    String all() {
        return keys.resque("workers");
    }

    /** Ours alone: who says what, and when it was said. */
    String records() {
        return keys.ours("workers") + "records";
    }

    /** There while somebody looks for what dead workers of other fleets have left, and for an hour after. */
    String swept() {
        return keys.ours("workers") + "swept";
    }

    String running(String member) {
        return running() + member;
    }

    /** The prefix of what workers run, and of more. */
    String running() {
        return keys.resque("worker:");
    }

    String started(String member) {
        return running(member) + ":started";
    }

    /** node-resque's sign of life, by a worker's name. */
    String ping(String name) {
        return running("ping:" + name);
    }

    /** Ruby's signs of life. */
    String heartbeats() {
        return keys.resque("workers:heartbeat");
    }

    String stat(String what, String worker) {
        return keys.stat(what + ":" + worker);
    }
}
