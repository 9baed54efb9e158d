package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which handler runs which type. */
final class Handlers implements HandlerRegistry {

    /** A type with what reads its payload and runs it. */
    record Bound<P>(TaskType<P> type, Args<P> args, TaskHandler<P> handler) {

        /** Reads the payload now, runs the handler when told. */
        Body open(byte[] list, TaskContext task) {
            P payload = args.decode(list);
            return () -> handler.run(payload, task);
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

    Optional<Bound<?>> find(String type) {
        return Optional.ofNullable(byName.get(type));
    }
}
