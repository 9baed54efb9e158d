package io.covey.cluster.redis.operator;

/** Who gets in, and what else is switched on. */
final class AccessCheck implements Check {

    @Override
    public String name() {
        return "access";
    }

    @Override
    public void look(Landscape where, Findings findings) {
        for (Instance server : where.masters()) {
            boolean open = where.uri().password().isEmpty() && !server.isHere();
            if (open) {
                findings.warning(
                        server.name(),
                        "it asks for no password",
                        "whoever reaches it reads messages, tasks and cache entries, and may change tasks and locks",
                        "the lines of cluster acl, and user default off");
            } else {
                server.ask("ACL", "WHOAMI")
                        .map(Reply::text)
                        .filter("default"::equals)
                        .ifPresent(user -> findings.info(
                                server.name(),
                                "the URI's user is the default one, who may do everything",
                                "a user of its own for each application: cluster acl"));
            }
            if (!where.uri().tls() && !server.isHere()) {
                findings.warning(
                        server.name(),
                        "the connection is not encrypted",
                        "whoever is on the way reads messages, tasks, cache entries and the password",
                        "tls-port, tls-cert-file and tls-key-file, and rediss:// in the URI");
            }
            server.setting("notify-keyspace-events")
                    .filter(events -> !events.isEmpty())
                    .ifPresent(events -> findings.info(
                            server.name(),
                            "notify-keyspace-events is " + Reply.shown(events)
                                    + ", which nothing of ours needs and every write pays for",
                            "notify-keyspace-events \"\", unless somebody else needs it"));
        }
    }
}
