package io.covey.cluster.redis;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisDriver;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.spi.Await;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A program with a worker of ours that writes down in Redis what it starts and what it has done, until it is killed. */
final class InteropWorker {
    static final TaskType<String> MARK = TaskType.raw("mark").on("math");
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private InteropWorker() {}

    static Process start(String uri) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        InteropWorker.class.getName(),
                        uri)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** URI. It ends, if nobody kills it, with its standard input. */
    public static void main(String[] args) throws Exception {
        try (Cluster cluster = Cluster.join(ClusterConfig.builder(args[0]).build());
                RedisDriver driver = ledger(args[0]);
                InputStream parent = System.in) {
            Worker worker = Worker.on(cluster)
                    .queues(MARK.queue())
                    .concurrency(4)
                    .lease(InteropScene.LEASE)
                    .maxDeliveries(20)
                    .handlers(handlers -> handlers.handle(MARK, (json, task) -> {
                        List<?> numbers = (List<?>) Json.read(InteropScene.bytes(json));
                        String line =
                                "java:" + ProcessHandle.current().pid() + " " + ((Json.Num) numbers.get(0)).digits();
                        Await.on(driver.send(RedisCommand.keyed("RPUSH", "started", line)), ANSWER, "write down");
                        Thread.sleep(Long.parseLong(((Json.Num) numbers.get(1)).digits()));
                        Await.on(driver.send(RedisCommand.keyed("RPUSH", "ledger", line)), ANSWER, "write down");
                    }))
                    .start();
            parent.transferTo(OutputStream.nullOutputStream());
            worker.close(Duration.ZERO);
        }
    }

    private static RedisDriver ledger(String uri) {
        return RedisDriverFactory.over(SocketConnector::new)
                .open(
                        RedisUri.parse(uri.replaceFirst("redis\\+[a-z]+", "redis")),
                        ANSWER,
                        ANSWER,
                        new RedisDriverFactory.Listener() {
                            @Override
                            public void onUp() {
                                // nothing to be told
                            }

                            @Override
                            public void onDown(String reason) {
                                // its calls fail
                            }
                        });
    }
}
