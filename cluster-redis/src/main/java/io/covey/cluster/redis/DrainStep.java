package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskNotes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Moves tasks that killed too many owners to resque's failed list, and adds up what was done. */
final class DrainStep implements UpkeepRun.Step {
    private static final Script SCRIPT = Script.of("task/drain");
    private static final int FIRST = 4;

    private final UpkeepRun run;
    private final TaskKeys.Queue queue;
    private final List<Object> args = new ArrayList<>();
    private final List<Object> locks = new ArrayList<>();
    private final List<String> mutexes = new ArrayList<>();
    private final List<String> noted = new ArrayList<>();
    private final List<Object> notes = new ArrayList<>();
    private final long now;

    /**
     * @param dead the first entries of the dead list
     * @param now by the backend's clock, in ms
     */
    DrainStep(UpkeepRun run, TaskKeys.Queue queue, List<Object> dead, long now) {
        this.run = run;
        this.queue = queue;
        this.now = now;
        args.add("");
        args.add(dead.size());
        args.add(0);
        args.add(TaskNotes.FAILURE_KEPT.toMillis());
        for (Object entry : dead) {
            add(Replies.bytes(entry));
        }
    }

    /** An entry is id|deliveries|attempt|owner|length|attempts before, of that length|bytes. */
    private void add(byte[] entry) {
        String[] parts = new String(entry, ISO_8859_1).split("\\|", 6);
        if (args.size() == FIRST) {
            args.set(0, parts[0]);
        }
        int rest = entry.length - parts[5].length();
        int end = rest + Integer.parseInt(parts[4]);
        byte[] raw = Arrays.copyOfRange(entry, end + 1, entry.length);
        String owner = new String(parts[3].getBytes(ISO_8859_1), UTF_8);
        boolean damaged = parts[1].equals("0");
        String message = damaged
                ? "Of task " + parts[0] + " of queue " + queue.name()
                        + " only its content was left in Redis; whether it has run is not known, it is not run"
                : "Task " + parts[0] + " of queue " + queue.name() + " was held by " + parts[1]
                        + " owners that died, the last was " + owner + "; it is not run again";
        Content content = ResqueJob.read(raw).content();
        TaskLock.of(run.keys(), queue.name(), content).ifPresent(lock -> {
            locks.add(lock.field());
            locks.add(lock.holder());
            lock.mutex().ifPresent(mutexes::add);
        });
        Optional<String> known = content instanceof Content.Readable task ? task.id() : Optional.empty();
        Failure failure = new Failure(
                content,
                damaged ? "DamagedTask" : "PoisonedTask",
                message,
                List.of(),
                owner,
                Instant.ofEpochMilli(now),
                known.orElse(parts[0]),
                Integer.parseInt(parts[2]),
                EarlierAttempts.read(Arrays.copyOfRange(entry, rest, end)));
        args.add(FailedEntry.write(queue.name(), failure));
        known.ifPresent(id -> {
            noted.add(queue.note(id, TaskNotes.FAILURE));
            notes.add(failure.note());
        });
    }

    @Override
    public Script.Call call() {
        TaskKeys keys = run.keys();
        List<String> names = new ArrayList<>(List.of(
                queue.dead(),
                keys.failed(),
                queue.clock(),
                keys.stat("processed"),
                keys.stat("failed"),
                queue.locks()));
        names.addAll(noted);
        names.addAll(mutexes);
        List<Object> all = new ArrayList<>(args);
        all.set(FIRST - 2, notes.size());
        all.addAll(notes);
        all.addAll(locks);
        return SCRIPT.call(names, all.toArray());
    }

    @Override
    public List<UpkeepRun.Step> next(List<Object> reply) {
        return List.of();
    }
}
