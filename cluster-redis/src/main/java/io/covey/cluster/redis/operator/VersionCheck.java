package io.covey.cluster.redis.operator;

import io.covey.cluster.redis.operator.Rights.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which server it is, and what it lacks. */
final class VersionCheck implements Check {

    @Override
    public String name() {
        return "version";
    }

    @Override
    public void look(Landscape where, Findings findings) {
        for (Instance server : where.masters()) {
            String redis = server.info("redis_version");
            if (!redis.isEmpty()) {
                version(where, server, redis, findings);
            }
            commands(where, server, findings);
        }
    }

    private static void version(Landscape where, Instance server, String redis, Findings findings) {
        String valkey = server.info("valkey_version");
        String product = valkey.isEmpty() ? "Redis " + redis : "Valkey " + valkey;
        List<String> lacks = new ArrayList<>();
        if (isBeforeSeven(server)) {
            if (where.isCluster()) {
                lacks.add("sharded channels, so that every message goes to every node of the Redis Cluster");
            }
            lacks.add("selectors in ACLs (cluster acl --role reader)");
        }
        findings.info(
                server.name(),
                product + (lacks.isEmpty() ? ", which has all that is used" : " lacks " + String.join(" and ", lacks)),
                lacks.isEmpty() ? "" : "Redis 7.0 or newer, or Valkey");
    }

    static boolean isBeforeSeven(Instance server) {
        return server.info("valkey_version").isEmpty()
                && server.info("redis_version").matches("[0-6]\\..*");
    }

    /** Providers rename or remove commands. */
    private static void commands(Landscape where, Instance server, Findings findings) {
        List<String> wanted = new Rights(
                        Role.APPLICATION,
                        where.config().namespace(),
                        where.config().taskNamespace(),
                        0,
                        true,
                        List.of())
                .rules(!isBeforeSeven(server)).stream()
                        .filter(rule -> rule.startsWith("+") && !rule.contains("|"))
                        .map(rule -> rule.substring(1))
                        .toList();
        List<Object> question = new ArrayList<>(List.of("INFO"));
        question.addAll(wanted);
        server.ask("COMMAND", question.toArray()).map(Reply::list).ifPresent(answers -> {
            List<String> missing = new ArrayList<>();
            for (int i = 0; i < Math.min(wanted.size(), answers.size()); i++) {
                if (answers.get(i) == null) {
                    missing.add(wanted.get(i).toUpperCase(Locale.ROOT));
                }
            }
            if (!missing.isEmpty()) {
                findings.danger(
                        server.name(),
                        "it has no " + String.join(", ", missing),
                        "what needs these commands is refused",
                        "remove the lines rename-command of these, or take a server that has them");
            }
        });
    }
}
