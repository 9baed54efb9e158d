package io.covey.cluster.redis.operator;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether every node that is registered hears, and every one that hears is registered. */
final class SubscriptionCheck implements Check {
    private static final int SHOWN = 3;

    @Override
    public String name() {
        return "subscriptions";
    }

    @Override
    public void look(Landscape where, Findings findings) {
        Optional<Set<String>> registered = members(where);
        Optional<Set<String>> links = channels(where, "!link/", false);
        Optional<Set<String>> inboxes = channels(where, "/cluster/node/", true);
        if (registered.isEmpty() || links.isEmpty() || inboxes.isEmpty()) {
            return;
        }
        Set<String> members = registered.get();
        String server = where.uri().toString();
        if (links.get().size() < members.size()) {
            findings.warning(
                    server,
                    members.size() + " nodes are registered, but only "
                            + links.get().size() + " links for messages live",
                    "a node that is deaf answers no calls and misses events; it notices within 15 s and connects again, and one"
                            + " that was stopped with kill -9 leaves the list when its lease is over",
                    "run doctor again in a minute; if it stays, see the nodes' logs for \"heard nothing\"");
        }
        Set<String> deaf = without(members, inboxes.get());
        if (!deaf.isEmpty() && !inboxes.get().isEmpty()) {
            findings.info(
                    server,
                    deaf.size() + " of " + members.size() + " nodes have no inbox for calls: " + some(deaf)
                            + "; they make no calls, or are deaf",
                    "");
        }
        Set<String> strays = without(inboxes.get(), members);
        if (!strays.isEmpty()) {
            findings.warning(
                    server,
                    strays.size() + " nodes listen and are not registered: " + some(strays),
                    "they were taken for dead while they were stopped or cut off, or their beats do not arrive: calls to them"
                            + " say that there is no such node",
                    "run doctor again in a minute; if it stays, restart them");
        }
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        return all.stream().filter(one -> !some.contains(one)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String some(Set<String> names) {
        return names.stream().limit(SHOWN).map(Reply::shown).collect(Collectors.joining(", "))
                + (names.size() > SHOWN ? ", …" : "");
    }

    /** The directory's key is on one master; the others redirect. */
    static Optional<Set<String>> members(Landscape where) {
        RedisCommand question = RedisCommand.keyed("ZRANGE", where.families().members(), 0, -1);
        List<Object> refusals = new ArrayList<>();
        for (Instance server : where.masters()) {
            Object answer = server.askAll(List.of(question)).get(0);
            if (answer instanceof RedisError error) {
                refusals.add(error);
            } else {
                return Optional.of(Reply.list(answer).stream().map(Reply::text).collect(Collectors.toSet()));
            }
        }
        return Optional.empty();
    }

    /** What follows the prefix in the names of channels with subscribers, on any server. */
    private static Optional<Set<String>> channels(Landscape where, String prefix, boolean shards) {
        String ours = where.config().namespace() + ":" + where.uri().database() + ":";
        Set<String> found = new TreeSet<>();
        for (Instance server : where.masters()) {
            boolean sharded = shards && where.isCluster() && !VersionCheck.isBeforeSeven(server);
            boolean seen = add(found, server.ask("PUBSUB", "CHANNELS", ours + prefix + "*"), prefix)
                    && (!sharded
                            || add(
                                    found,
                                    server.ask("PUBSUB", "SHARDCHANNELS", ours + "{shard/*}" + prefix + "*"),
                                    prefix));
            if (!seen) {
                return Optional.empty();
            }
        }
        return Optional.of(found);
    }

    private static boolean add(Set<String> found, Optional<Object> channels, String prefix) {
        for (Object channel : Reply.list(channels.orElse(List.of()))) {
            String name = Reply.text(channel);
            found.add(name.substring(name.indexOf(prefix) + prefix.length()));
        }
        return channels.isPresent();
    }
}
