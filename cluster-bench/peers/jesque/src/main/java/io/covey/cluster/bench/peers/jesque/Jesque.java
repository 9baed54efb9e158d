package io.covey.cluster.bench.peers.jesque;

import io.covey.cluster.bench.peers.Contestant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.greghaines.jesque.Config;
import net.greghaines.jesque.ConfigBuilder;
import net.greghaines.jesque.Job;
import net.greghaines.jesque.client.Client;
import net.greghaines.jesque.client.ClientPoolImpl;
import net.greghaines.jesque.utils.PoolUtils;
import net.greghaines.jesque.worker.MapBasedJobFactory;
import net.greghaines.jesque.worker.WorkerImpl;
import net.greghaines.jesque.worker.WorkerPool;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.Pool;

/** jesque: a pool of connections for producers, a worker with a connection for each thread. */
public final class Jesque implements Contestant {
    private static @Nullable Consumer<String> handler;

    private @Nullable Config config;
    private @Nullable Pool<Jedis> pool;
    private @Nullable Client client;
    private @Nullable WorkerPool workers;

    /** For the corner. */
    public Jesque() {}

    @Override
    public void open(int port, String variant) {
        config = new ConfigBuilder().withHost("127.0.0.1").withPort(port).build();
        pool = PoolUtils.createJedisPool(config);
        client = new ClientPoolImpl(config, pool);
    }

    @Override
    public void enqueue(String payload) {
        client.enqueue(QUEUE, new Job(TYPE, payload));
    }

    @Override
    public void enqueueAll(List<String> payloads) {
        client.batchEnqueue(
                QUEUE, payloads.stream().map(payload -> new Job(TYPE, payload)).toList());
    }

    @Override
    public void work(int concurrency, Consumer<String> to) {
        handler = to;
        workers = new WorkerPool(
                () -> new WorkerImpl(config, List.of(QUEUE), new MapBasedJobFactory(Map.of(TYPE, Play.class))),
                concurrency);
        workers.run();
    }

    @Override
    public void rest() throws InterruptedException {
        workers.endAndJoin(false, 30_000);
    }

    @Override
    public void close() {
        client.end();
        pool.close();
    }

    /** A task, made by its class and its arguments. */
    public static final class Play implements Runnable {
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
