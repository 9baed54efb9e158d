package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.CodecException;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Dedupe.Unique;
import io.covey.cluster.spi.TaskBroker.Lease;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which handler runs which type. */
final class Handlers implements HandlerRegistry {

    /** A type with what reads its payload and runs it. */
    record Bound<P>(TaskType<P> type, Args<P> args, TaskHandler<P> handler) {

        /** Reads the payload now, runs the handler when told. */
        Body open(byte[] list, TaskContext task) {
            if (list.length > type.payloadAtMost()) {
                throw new CodecException(
                        "it has " + list.length + " bytes as JSON, the limit is " + type.payloadAtMost());
            }
            JsonCheck.array(list);
            P payload = args.decode(list);
            return () -> handler.run(payload, task);
        }

        /** The lock that a task of these arguments holds by what its type says; null for none. */
        @Nullable
        Unique unique(byte[] list) {
            if (!type.hasDedupe()) {
                return null;
            }
            try {
                return type.dedupeOf(args.decode(list)).orElse(null) instanceof Unique unique ? unique : null;
            } catch (RuntimeException | Error e) {
                return null; // It cannot be read, or not be named by the application: its lock ends by time.
            }
        }

        /** The longest that one run may take; null for any time. */
        @Nullable
        Duration timeout() {
            return type.timeout().orElse(null);
        }
    }

    /** A handler with its payload. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    private final Cluster cluster;
    private final Map<String, Bound<?>> byName = new HashMap<>();

    Handlers(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public Cluster cluster() {
        return cluster;
    }

    @Override
    public <P> void handle(TaskType<P> type, TaskHandler<P> handler) {
        if (byName.putIfAbsent(type.name(), new Bound<>(type, type.args(cluster), handler)) != null) {
            throw new IllegalArgumentException("The task type " + type.name() + " has a handler already");
        }
    }

    @Nullable
    Bound<?> find(Lease lease) {
        return lease.content() instanceof Content.Readable readable ? byName.get(readable.type()) : null;
    }
}
