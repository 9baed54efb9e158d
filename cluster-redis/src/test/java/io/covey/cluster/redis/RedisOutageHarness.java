package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tck.FaultProxy;
import io.covey.cluster.tck.OutageHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A real server behind a proxy that breaks connections. */
public final class RedisOutageHarness implements OutageHarness {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration PATIENT = Duration.ofSeconds(30);

    private final RedisServer server;
    private final RedisHarness direct;
    private final RedisDriverFactory drivers;
    private final Duration timeout;
    private final FaultProxy proxy;
    private boolean refusing;

    private RedisOutageHarness(RedisServer server, RedisDriverFactory drivers, Duration timeout) {
        this.server = server;
        this.timeout = timeout;
        this.direct = RedisHarness.of(server, drivers);
        this.drivers = drivers;
        this.proxy = EveryServer.seeing(server);
    }

    /** On a server, which whoever called closes. */
    public static RedisOutageHarness of(RedisServer server, RedisDriverFactory drivers) {
        return new RedisOutageHarness(server, drivers, TIMEOUT);
    }

    /** As above, for nodes, whose calls may take as long as a busy machine takes. */
    static RedisOutageHarness patient(RedisServer server, RedisDriverFactory drivers) {
        return new RedisOutageHarness(server, drivers, PATIENT);
    }

    @Override
    public Transport open() {
        TransportConfig config = direct.config();
        return RedisTransport.open(
                new TransportConfig(
                        config.uri().replace(":" + server.port(), ":" + proxy.port()),
                        config.namespace(),
                        config.taskNamespace(),
                        timeout.multipliedBy(5),
                        timeout),
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
    public boolean pushRaw(String queue, byte[] task) {
        return direct.pushRaw(queue, task);
    }

    @Override
    public Optional<byte[]> popRaw(String queue) {
        return direct.popRaw(queue);
    }

    @Override
    public void cut() {
        proxy.refuse();
        refusing = true;
        proxy.reset();
    }

    /** Gives the user the right to every other channel, since Redis has no rule that takes one away. */
    @Override
    public boolean refuse(String channel) {
        if (!server.hasProcess()) {
            return false;
        }
        String literal = direct.keys().channel(channel);
        List<String> words =
                new ArrayList<>(List.of("ACL", "SETUSER", direct.config().namespace(), "resetchannels"));
        for (int i = 0; i < literal.length(); i++) {
            String prefix = Keys.glob(literal.substring(0, i));
            words.add("&" + prefix + "[^" + literal.charAt(i) + "]*");
            if (i > 0) {
                words.add("&" + prefix);
            }
        }
        words.add("&" + Keys.glob(literal) + "?*");
        server.command(words.toArray(String[]::new));
        return true;
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
