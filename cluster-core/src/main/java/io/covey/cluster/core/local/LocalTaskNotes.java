package io.covey.cluster.core.local;

import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskNotes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Notes of tasks, as one connection sees them. */
final class LocalTaskNotes implements TaskNotes {
    private final LocalTransport transport;
    private final TaskSpace space;

    LocalTaskNotes(LocalTransport transport, TaskSpace space) {
        this.transport = transport;
        this.space = space;
    }

    @Override
    public CompletionStage<Boolean> put(Held held, String id, String name, byte[] note, Duration keep) {
        return transport.call(() -> {
            NoteBook.check(id, name, note, keep);
            LocalQueue queue = space.queue(held.queue());
            return queue.with(parts -> {
                boolean newest = queue.isNewest(held);
                if (newest) {
                    parts.notes.put(id, name, note, keep, parts.now());
                }
                return newest;
            });
        });
    }

    @Override
    public CompletionStage<Optional<byte[]>> get(String queue, String id, String name) {
        return transport.call(() -> space.queue(queue).with(parts -> parts.notes.get(id, name, parts.now())));
    }
}
