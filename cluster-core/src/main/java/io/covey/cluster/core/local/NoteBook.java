package io.covey.cluster.core.local;

import io.covey.cluster.spi.TaskBroker.Result;
import io.covey.cluster.spi.TaskNotes;
import java.time.Duration;
import java.util.Optional;

/** What is kept of tasks beside them. Guarded by its queue. */
final class NoteBook {
    private static final int MOST_BYTES = 1 << 20;
    private static final int LONGEST_NAME = 200;
    private final Expiring<Key, byte[]> notes = new Expiring<>();

    static void check(String id, String name, byte[] note, Duration keep) {
        Named.check("note of task " + id, name, LONGEST_NAME);
        Named.check("task's id", id, Named.LONGEST_ID);
        if (note.length > MOST_BYTES) {
            throw new IllegalArgumentException("The note " + name + " of task " + id + " has " + note.length
                    + " bytes, the limit is " + MOST_BYTES + "; it is not kept");
        }
        if (keep.isNegative() || keep.isZero()) {
            throw new IllegalArgumentException(
                    "The note " + name + " of task " + id + " must be kept for some time, was " + keep);
        }
    }

    static void check(Result result) {
        check(result.id(), result.note(), result.bytes(), result.keep());
    }

    /** Why a task will never be done, if its producer knows it. */
    void failed(LocalTask task, byte[] why, long now) {
        if (!task.publicId.isEmpty()) {
            put(task.publicId, TaskNotes.FAILURE, why, TaskNotes.FAILURE_KEPT, now);
        }
    }

    void remove(String id, String name) {
        notes.remove(new Key(id, name));
    }

    void put(String id, String name, byte[] note, Duration keep, long now) {
        notes.put(new Key(id, name), note.clone(), Times.after(now, keep), now);
    }

    Optional<byte[]> get(String id, String name, long now) {
        return Optional.ofNullable(notes.get(new Key(id, name), now)).map(byte[]::clone);
    }

    void sweep(long now) {
        notes.sweep(now);
    }

    int size() {
        return notes.size();
    }

    private record Key(String id, String name) {}
}
