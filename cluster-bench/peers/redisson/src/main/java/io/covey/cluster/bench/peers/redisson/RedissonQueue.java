package io.covey.cluster.bench.peers.redisson;

import io.covey.cluster.bench.peers.Contestant;
import io.covey.cluster.bench.peers.Pollers;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RBlockingQueue;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/** RBlockingQueue: what is polled is gone if the process dies, and nobody is told that it is done. */
public final class RedissonQueue implements Contestant {
    private static final long POLL_MILLIS = 200;

    private final Pollers pollers = new Pollers();
    private @Nullable RedissonClient redisson;
    private @Nullable RBlockingQueue<String> queue;

    /** For the corner. */
    public RedissonQueue() {}

    static RedissonClient connect(int port) {
        Config config = new Config();
        config.useSingleServer().setAddress("redis://127.0.0.1:" + port);
        return Redisson.create(config);
    }

    @Override
    public void open(int port, String variant) {
        redisson = connect(port);
        queue = redisson.getBlockingQueue(QUEUE, StringCodec.INSTANCE);
    }

    @Override
    public void enqueue(String payload) {
        queue.add(payload);
    }

    @Override
    public void enqueueAll(List<String> payloads) {
        queue.addAll(payloads);
    }

    @Override
    public void work(int concurrency, Consumer<String> handler) {
        pollers.work(concurrency, () -> {
            String payload = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
            if (payload != null) {
                handler.accept(payload);
            }
        });
    }

    @Override
    public void rest() throws InterruptedException {
        pollers.rest();
    }

    @Override
    public void close() {
        redisson.shutdown();
    }
}
