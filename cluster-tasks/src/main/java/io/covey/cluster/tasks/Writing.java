package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.CodecException;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Dedupe;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Writes tasks as a broker takes them, and checks what they hold. */
final class Writing {
    /** Types are constants; an application that makes one for each task must not fill the memory. */
    private static final int MOST_FORMATS = 1000;

    private final Cluster cluster;
    private final Map<TaskType<?>, Args<?>> formats = new ConcurrentHashMap<>();

    Writing(Cluster cluster) {
        this.cluster = cluster;
    }

    <P> TaskBroker.NewTask task(NewTask<P> task) {
        TaskType<P> type = task.type();
        EnqueueOptions options = task.options();
        Names.check("task type", type.name());
        Optional<Dedupe> dedupe = options.dedupe().isPresent() ? options.dedupe() : type.dedupeOf(task.payload());
        return new TaskBroker.NewTask(
                type.name(),
                args(type, task.payload()),
                options.id(),
                options.due(),
                options.headers(),
                task.key(),
                dedupe);
    }

    <P> byte[] args(TaskType<P> type, P payload) {
        byte[] args;
        try {
            args = format(type).encode(payload);
        } catch (CodecException e) {
            throw new CodecException("The payload of task " + type + " cannot be written: " + e.getMessage(), e);
        }
        if (args.length > type.payloadAtMost()) {
            throw new CodecException("The payload of task " + type + " must have at most " + type.payloadAtMost()
                    + " bytes as JSON, had " + args.length);
        }
        return args;
    }

    @SuppressWarnings("unchecked") // A format is kept with the type that made it.
    private <P> Args<P> format(TaskType<P> type) {
        Args<P> known = (Args<P>) formats.get(type);
        if (known != null) {
            return known;
        }
        Args<P> made = type.args(cluster);
        if (formats.size() < MOST_FORMATS) {
            formats.put(type, made);
        }
        return made;
    }
}
