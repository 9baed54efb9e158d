package io.covey.cluster.bench.peers.redisson;

import io.covey.cluster.bench.peers.Contestant;
import java.io.Serializable;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScheduledExecutorService;
import org.redisson.api.RedissonClient;
import org.redisson.api.WorkerOptions;

/** RScheduledExecutorService: tasks are serialized objects, which a worker runs. */
public final class RedissonExecutor implements Contestant {
    private static @Nullable Consumer<String> handler;

    private @Nullable RedissonClient redisson;
    private @Nullable RScheduledExecutorService executor;

    /** For the corner. */
    public RedissonExecutor() {}

    @Override
    public void open(int port, String variant) {
        redisson = RedissonQueue.connect(port);
        executor = redisson.getExecutorService(QUEUE);
    }

    @Override
    public void enqueue(String payload) {
        executor.execute(new Play(payload));
    }

    @Override
    public void enqueueAll(List<String> payloads) {
        executor.execute(payloads.stream().map(Play::new).toArray(Runnable[]::new));
    }

    @Override
    public void work(int concurrency, Consumer<String> to) {
        handler = to;
        executor.registerWorkers(WorkerOptions.defaults().workers(concurrency));
    }

    @Override
    public void rest() {
        executor.deregisterWorkers();
    }

    @Override
    public void close() {
        redisson.shutdown();
    }

    /** A task. */
    public static final class Play implements Runnable, Serializable {
        private static final long serialVersionUID = 1L;
        private final String payload;

        /** With its argument. */
        public Play(String payload) {
            this.payload = payload;
        }

        @Override
        public void run() {
            handler.accept(payload);
        }
    }
}
