package io.covey.cluster.redis.operator;

/** Settings that end connections, or keep dead ones. */
final class ConnectionCheck implements Check {
    private static final long MIB = 1 << 20;
    /** A quiet connection of ours says something every 3 s. */
    private static final long QUIET_SECONDS = 10;

    private static final int BUFFER_WORDS = 4;

    @Override
    public String name() {
        return "connections";
    }

    @Override
    public void look(Landscape where, Findings findings) {
        for (Instance server : where.masters()) {
            long timeout = server.settingNumber("timeout", 0);
            if (timeout > 0 && timeout < QUIET_SECONDS) {
                findings.warning(
                        server.name(),
                        "timeout is " + timeout + " s",
                        "a connection that is quiet for a moment is closed; calls fail now and then with \"connection lost\"",
                        "timeout 0");
            }
            if (server.settingNumber("tcp-keepalive", 300) == 0) {
                findings.warning(
                        server.name(),
                        "tcp-keepalive is 0",
                        "connections of machines that are gone stay open, until maxclients is reached and new ones are refused",
                        "tcp-keepalive 300");
            }
            server.setting("client-output-buffer-limit").ifPresent(limits -> subscribers(server, limits, findings));
            clients(server, findings);
        }
    }

    private static void subscribers(Instance server, String limits, Findings findings) {
        String[] words = limits.split(" ");
        for (int i = 0; i + BUFFER_WORDS <= words.length; i += BUFFER_WORDS) {
            if (!words[i].equals("pubsub")) {
                continue;
            }
            long hard = Reply.number(words[i + 1], 0);
            long soft = Reply.number(words[i + 2], 0);
            if (hard == 0) {
                findings.warning(
                        server.name(),
                        "client-output-buffer-limit pubsub has no hard limit",
                        "a subscriber that does not read takes memory until Redis refuses writes or is killed",
                        "client-output-buffer-limit pubsub 32mb 8mb 60");
            } else if (hard < 8 * MIB || soft > 0 && soft < 2 * MIB) {
                findings.warning(
                        server.name(),
                        "client-output-buffer-limit pubsub is " + hard + " " + soft + " " + words[i + 3],
                        "a node that reads slowly for a moment is cut off: it hears a gap, connects again, and has missed"
                                + " what came meanwhile, unless the topic has a history",
                        "client-output-buffer-limit pubsub 32mb 8mb 60");
            } else {
                findings.info(
                        server.name(),
                        "a subscriber is cut off, and hears of a gap, when " + hard / MIB + " MiB wait for it"
                                + (soft > 0 ? ", or " + soft / MIB + " MiB for " + words[i + 3] + " s" : ""),
                        "");
            }
        }
    }

    private static void clients(Instance server, Findings findings) {
        long most = server.infoNumber("maxclients", server.settingNumber("maxclients", 0));
        long now = server.infoNumber("connected_clients", 0);
        if (most > 0 && now * 10 > most * 8) {
            findings.warning(
                    server.name(),
                    now + " of " + most + " connections are taken",
                    "at the limit nodes that start or reconnect are refused; each node has 2 to 5 connections",
                    "maxclients " + most * 2);
        }
        if (server.infoNumber("rejected_connections", 0) > 0) {
            findings.warning(
                    server.name(),
                    server.info("rejected_connections") + " connections were refused since the start, for maxclients",
                    "a node that cannot connect again is taken for dead, and its tasks run again elsewhere",
                    "maxclients " + Math.max(most, 10_000) * 2);
        }
    }
}
