package io.covey.cluster.bench.peers;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Ours, with every promise on; the variant is {@code jedis} or {@code lettuce}, and {@code -strict} for no prefetch. */
public final class Covey implements Contestant {
    private static final TaskType<String> PLAY = TaskType.of(TYPE, String.class).on(QUEUE);

    private @Nullable Cluster node;
    private @Nullable TaskQueue tasks;
    private @Nullable Worker worker;
    private boolean strict;

    /** For the corner. */
    public Covey() {}

    @Override
    public void open(int port, String variant) {
        strict = variant.endsWith("-strict");
        String driver = variant.replace("-strict", "");
        node = Cluster.join(ClusterConfig.builder("redis+" + driver + "://127.0.0.1:" + port)
                .name("match")
                .build());
        tasks = TaskQueue.on(node);
    }

    @Override
    public void enqueue(String payload) {
        tasks.enqueue(PLAY, payload);
    }

    @Override
    public void enqueueAll(List<String> payloads) {
        tasks.enqueueAll(PLAY, payloads);
    }

    @Override
    public void work(int concurrency, Consumer<String> handler) {
        Worker.Builder builder = Worker.on(node)
                .queues(QUEUE)
                .concurrency(concurrency)
                .handlers(handlers -> handlers.handle(PLAY, (payload, task) -> handler.accept(payload)));
        worker = (strict ? builder.withoutPrefetch() : builder).start();
    }

    @Override
    public void rest() {
        worker.close();
    }

    @Override
    public void close() {
        node.close();
    }
}
