package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisDriver;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.redis.embedded.RedisSentinels;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.redis.operator.Rights.Role;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tck.TransportHarness;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A real server or cluster, reached through a driver, with namespaces of its own for each test, as a user who has the rights
 * that the documentation asks for and no more.
 */
public final class RedisHarness implements TransportHarness {
    private final Function<String, RedisServer> serverOf;
    private final RedisDriverFactory drivers;
    private final List<RedisServer> servers;
    private final String uri;
    private final boolean cluster;
    private final Role role;
    private final TransportConfig config;
    private final Keys keys;

    private RedisHarness(
            String uri,
            boolean cluster,
            Role role,
            List<RedisServer> servers,
            Function<String, RedisServer> serverOf,
            RedisDriverFactory drivers) {
        this.uri = uri;
        this.cluster = cluster;
        this.role = role;
        this.servers = servers;
        this.serverOf = serverOf;
        this.drivers = drivers;
        this.config = unique();
        this.keys = new Keys(config.namespace(), config.taskNamespace(), 0, cluster);
    }

    /** On one server, which whoever called closes. */
    public static RedisHarness of(RedisServer server, RedisDriverFactory drivers) {
        return of(server, Role.APPLICATION, drivers);
    }

    /** The same as a user with other rights. */
    static RedisHarness of(RedisServer server, Role role, RedisDriverFactory drivers) {
        return new RedisHarness(
                server.uri(), false, role, server.hasProcess() ? List.of(server) : List.of(), key -> server, drivers);
    }

    /** On a cluster, which whoever called closes. */
    public static RedisHarness of(RedisCluster cluster, RedisDriverFactory drivers) {
        return new RedisHarness(cluster.uri(), true, Role.APPLICATION, cluster.nodes(), cluster::masterOf, drivers);
    }

    /** Behind Sentinel, which whoever called closes. */
    public static RedisHarness of(RedisSentinels sentinels, RedisDriverFactory drivers) {
        return new RedisHarness(
                sentinels.uri(), false, Role.APPLICATION, List.of(), key -> sentinels.master(), drivers);
    }

    private TransportConfig unique() {
        String id = UUID.randomUUID().toString().substring(0, 8);
        TransportConfig mine =
                TransportConfig.of(uri).withNamespace("covey-" + id).withTaskNamespace("resque-" + id);
        return servers.isEmpty() ? mine : AppUser.of(mine, role, cluster, servers, "*");
    }

    TransportConfig config() {
        return config;
    }

    @Override
    public Transport open() {
        return RedisTransport.open(config, drivers);
    }

    @Override
    public Transport openElsewhere() {
        return RedisTransport.open(unique(), drivers);
    }

    @Override
    public void pass(Duration time, String... queues) {
        back(keys.membersClock(), time);
        for (String queue : queues) {
            back(taskClock(queue), time);
        }
    }

    private void back(String clock, Duration time) {
        String millis = Long.toString(-time.toMillis());
        RedisServer server = serverOf.apply(clock);
        if (server.hasProcess()) {
            server.command("HINCRBY", clock, "off", millis);
        } else {
            ask(RedisCommand.keyed("HINCRBY", clock, "off", millis));
        }
    }

    private String taskClock(String queue) {
        return keys.taskNamespace().startsWith("{")
                ? keys.namespace() + ":" + keys.taskNamespace() + "/queue:" + queue + "/clock"
                : keys.namespace() + ":{" + keys.taskNamespace() + ":queue:" + queue + "}/clock";
    }

    Keys keys() {
        return keys;
    }

    /** Another connection, beside all transports, which whoever called closes. */
    RedisDriver driver() {
        return drivers.open(
                RedisUri.parse(config.uri()),
                config.connectTimeout(),
                config.commandTimeout(),
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

    @Override
    public List<String> secrets() {
        return servers.isEmpty() ? List.of() : List.of(AppUser.PASSWORD);
    }

    @Override
    public boolean pushRaw(String queue, byte[] task) {
        ask(RedisCommand.keyed("RPUSH", keys.taskNamespace() + ":queue:" + queue, task));
        return true;
    }

    @Override
    public Optional<byte[]> popRaw(String queue) {
        return Optional.ofNullable((byte[]) ask(RedisCommand.keyed("LPOP", keys.taskNamespace() + ":queue:" + queue)));
    }

    private @Nullable Object ask(RedisCommand command) {
        try (RedisDriver driver = driver()) {
            return Await.on(driver.send(command), config.commandTimeout(), command.name());
        }
    }

    @Override
    public void close() {
        // The server goes on; nobody else uses the namespaces.
    }
}
