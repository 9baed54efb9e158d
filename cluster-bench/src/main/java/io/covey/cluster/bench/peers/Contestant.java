package io.covey.cluster.bench.peers;

import java.util.List;
import java.util.function.Consumer;

/** A task queue whose tasks take a string, driven by {@link Corner}. Has a public constructor without arguments. */
public interface Contestant extends AutoCloseable {

    /** The queue that all use, each on a Redis of its own. */
    String QUEUE = "match";

    /** The type of the tasks, where tasks have a type. */
    String TYPE = "Play";

    /** How many tasks are added by one call that adds many. */
    int BULK = 200;

    /**
     * Connects.
     *
     * @param port of the Redis on 127.0.0.1
     * @param variant what else the contestant is to be told
     */
    void open(int port, String variant) throws Exception;

    /** Adds a task; by several threads. */
    void enqueue(String payload);

    /** Adds tasks in one call, or one by one where there is no such call. */
    void enqueueAll(List<String> payloads);

    /** Begins to work; the handler is called by several threads. */
    void work(int concurrency, Consumer<String> handler) throws Exception;

    /** Stops to work. */
    void rest() throws Exception;

    @Override
    void close();
}
