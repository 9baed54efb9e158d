package io.covey.cluster.bench.peers.jobrunr;

import static org.jobrunr.server.BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration;

import io.covey.cluster.bench.peers.Contestant;
import java.util.List;
import java.util.function.Consumer;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.nosql.redis.JedisRedisStorageProvider;
import org.jobrunr.utils.mapper.JsonMapper;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.JedisPool;

/** JobRunr 6.3, the last with a storage in Redis; it looks for tasks as often as it can be told to. */
public final class JobRunr implements Contestant {
    private static final int SECONDS = 5;
    private static @Nullable Consumer<String> handler;

    private final JsonMapper json = new JacksonJsonMapper();
    private @Nullable JedisPool pool;
    private @Nullable JedisRedisStorageProvider storage;
    private @Nullable JobRequestScheduler scheduler;
    private @Nullable BackgroundJobServer server;

    /** For the corner. */
    public JobRunr() {}

    @Override
    public void open(int port, String variant) {
        pool = new JedisPool("127.0.0.1", port);
        storage = new JedisRedisStorageProvider(pool);
        storage.setJobMapper(new JobMapper(json));
        scheduler = new JobRequestScheduler(storage);
    }

    @Override
    public void enqueue(String payload) {
        scheduler.enqueue(new Play(payload));
    }

    @Override
    public void enqueueAll(List<String> payloads) {
        scheduler.enqueue(payloads.stream().map(Play::new));
    }

    @Override
    public void work(int concurrency, Consumer<String> to) {
        handler = to;
        server = new BackgroundJobServer(
                storage,
                json,
                new Activator(),
                usingStandardBackgroundJobServerConfiguration()
                        .andWorkerCount(concurrency)
                        .andPollIntervalInSeconds(SECONDS));
        server.start();
    }

    @Override
    public void rest() {
        server.stop();
    }

    @Override
    public void close() {
        storage.close();
        pool.close();
    }

    /** The one handler that there is. */
    private static final class Activator implements JobActivator {
        @Override
        public <T> T activateJob(Class<T> type) {
            return type.cast(new PlayHandler());
        }
    }

    /**
     * A task.
     *
     * @param payload its argument
     */
    public record Play(String payload) implements JobRequest {
        @Override
        public Class<PlayHandler> getJobRequestHandler() {
            return PlayHandler.class;
        }
    }

    /** Runs tasks. */
    public static final class PlayHandler implements JobRequestHandler<Play> {
        /** Made for each task. */
        public PlayHandler() {}

        @Override
        public void run(Play task) {
            handler.accept(task.payload());
        }
    }
}
