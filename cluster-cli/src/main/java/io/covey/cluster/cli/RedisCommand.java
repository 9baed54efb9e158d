package io.covey.cluster.cli;

import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.supervisor.Signals;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cluster redis}. */
@Command(
        name = "redis",
        description = "Runs a Redis for development on this machine until it is interrupted. It keeps nothing.",
        mixinStandardHelpOptions = true)
final class RedisCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where it listens, on the loopback address (default ${DEFAULT-VALUE}; 0 for any)",
            defaultValue = "6379")
    private int port;

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Signals.onTermination(end::countDown);
        try (RedisServer server = RedisServer.builder().port(port).start()) {
            output.line(
                    "Redis runs at " + server.uri() + " until you press Ctrl-C",
                    Output.fields("event", "ready", "uri", server.uri(), "pid", server.pid()));
            end.await();
        }
        return 0;
    }
}
