package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tck.FaultProxy;
import io.covey.cluster.tck.OutageHarness;
import java.time.Duration;

/** A real server behind a proxy that breaks connections. */
public final class RedisOutageHarness implements OutageHarness {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final RedisServer server;
    private final RedisHarness direct;
    private final RedisDriverFactory drivers;
    private final FaultProxy proxy;
    private boolean refusing;

    private RedisOutageHarness(RedisServer server, RedisDriverFactory drivers) {
        this.server = server;
        this.direct = RedisHarness.of(server, drivers);
        this.drivers = drivers;
        this.proxy = EveryServer.seeing(server);
    }

    /** On a server, which whoever called closes. */
    public static RedisOutageHarness of(RedisServer server, RedisDriverFactory drivers) {
        return new RedisOutageHarness(server, drivers);
    }

    @Override
    public Transport open() {
        TransportConfig config = direct.config();
        return RedisTransport.open(
                new TransportConfig(
                        config.uri().replace(":" + server.port(), ":" + proxy.port()),
                        config.namespace(),
                        config.taskNamespace(),
                        TIMEOUT.multipliedBy(5),
                        TIMEOUT),
                drivers);
    }

    @Override
    public Transport openBeside() {
        return direct.open();
    }

    @Override
    public Transport openElsewhere() {
        return direct.openElsewhere();
    }

    @Override
    public void pass(Duration time, String... queues) {
        direct.pass(time, queues);
    }

    @Override
    public void cut() {
        proxy.refuse();
        refusing = true;
        proxy.reset();
    }

    @Override
    public void silence() {
        proxy.blackhole();
    }

    @Override
    public void loseAnswers() {
        proxy.dropResponses();
    }

    @Override
    public void reset() {
        proxy.reset();
    }

    @Override
    public void loseNextAnswer() {
        proxy.dropNextAnswerTo("EVALSHA", FaultProxy.Ending.RST);
    }

    @Override
    public void mend() {
        proxy.reset();
        proxy.pass();
        if (refusing) {
            refusing = false;
            proxy.accept();
        }
    }

    @Override
    public void close() {
        proxy.close();
        direct.close();
    }
}
