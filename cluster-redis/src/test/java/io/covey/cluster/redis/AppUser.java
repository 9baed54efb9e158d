package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.Address;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.redis.operator.Rights;
import io.covey.cluster.redis.operator.Rights.Role;
import io.covey.cluster.spi.TransportConfig;
import java.util.ArrayList;
import java.util.List;

/** A user of Redis who may do what an application needs, and nothing else: the contracts run as this one. */
final class AppUser {
    static final String PASSWORD = "s3cret";

    private AppUser() {}

    /** As below, for everything there is. */
    static TransportConfig of(TransportConfig config, boolean cluster, List<RedisServer> servers, String channels) {
        return of(config, Role.APPLICATION, cluster, servers, channels);
    }

    /**
     * Makes the user of a namespace, who has its name and may use the channels that match a glob, and says how to connect as this
     * one. To subscribe to a pattern Redis wants that pattern itself, or all channels.
     */
    static TransportConfig of(
            TransportConfig config, Role role, boolean cluster, List<RedisServer> servers, String channels) {
        Rights rights = new Rights(role, config.namespace(), config.taskNamespace(), 0, cluster, List.of());
        boolean newer = servers.get(0).command("COMMAND", "INFO", "spublish").contains("spublish");
        List<String> words = new ArrayList<>(List.of("ACL", "SETUSER", config.namespace(), "on", ">" + PASSWORD));
        rights.rules(newer).forEach(rule -> {
            if (!rule.startsWith("&")) {
                words.add(rule);
            }
            if (rule.equals("resetchannels")) {
                words.add("&" + channels);
            }
        });
        servers.forEach(server -> server.command(words.toArray(String[]::new)));
        return new TransportConfig(
                Address.as(config.namespace() + ":" + PASSWORD, config.uri()),
                config.namespace(),
                config.taskNamespace(),
                config.connectTimeout(),
                config.commandTimeout());
    }
}
