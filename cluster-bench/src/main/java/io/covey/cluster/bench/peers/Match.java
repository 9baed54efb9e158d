package io.covey.cluster.bench.peers;

import io.covey.cluster.redis.embedded.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Has our task queues and those of others play in turn, round by round, each in a process of its own that lives through the
 * match and on a Redis of its own, and prints the table. {@code bin/peers} is its command.
 */
public final class Match {
    /** So many times the tasks in the round that warms up: all that runs shall be compiled by then. */
    private static final int WARM = 5;

    private Match() {}

    /**
     * Plays.
     *
     * @param args {@code --rounds N}, {@code --tasks N}, {@code --only NAME,NAME}
     * @throws Exception if a contestant fails
     */
    public static void main(String[] args) throws Exception {
        Options options = Options.of(
                args,
                Map.of("--rounds", "5", "--tasks", "10000", "--only", ""),
                "bin/peers [--rounds N] [--tasks N] [--only NAME,NAME]");
        List<Player.Entry> entries = options.asked(entries(), Player.Entry::name);
        Scores scores = play(entries, options.number("--rounds"), options.number("--tasks"));
        System.out.print(new Table(scores));
    }

    private static List<Player.Entry> entries() {
        String ours = System.getProperty("java.class.path");
        String covey = Covey.class.getName();
        String redisson = Peers.library("redisson");
        String packages = Match.class.getPackageName();
        List<Player.Entry> entries = new ArrayList<>(List.of(
                java(Table.JESQUE, packages + ".jesque.Jesque", "-", Peers.library("jesque"), true, 1),
                java(Table.COVEY_JEDIS, covey, "jedis", ours, true, 1),
                java(Table.COVEY_LETTUCE, covey, "lettuce", ours, true, 1),
                java("covey-jedis-strict", covey, "jedis-strict", ours, true, 1),
                java("jedis-list", JedisList.class.getName(), "-", ours, true, 1),
                java("redisson-queue", packages + ".redisson.RedissonQueue", "-", redisson, false, 1),
                java("redisson-executor", packages + ".redisson.RedissonExecutor", "-", redisson, false, 0.2),
                java("jobrunr", packages + ".jobrunr.JobRunr", "-", Peers.library("jobrunr"), false, 0.02)));
        Peers.script("node", "corner.js").ifPresent(script -> {
            entries.add(node(Table.BULLMQ, script, false));
            entries.add(node("node-resque", script, true));
        });
        return entries;
    }

    private static Player.Entry java(
            String name, String type, String variant, String classPath, boolean foreign, double share) {
        return new Player.Entry(
                name,
                port -> Child.java(classPath, Corner.class, List.of(type, Integer.toString(port), variant)),
                foreign,
                share);
    }

    private static Player.Entry node(String name, Path script, boolean foreign) {
        return new Player.Entry(
                name, port -> List.of("node", script.toString(), name, Integer.toString(port)), foreign, 1);
    }

    /** One round more, the first, warms up. */
    private static Scores play(List<Player.Entry> entries, int rounds, int tasks) throws IOException {
        Scores scores = new Scores();
        List<RedisServer> servers = new ArrayList<>();
        Map<Player.Entry, Contest> contests = new LinkedHashMap<>();
        try {
            for (Player.Entry entry : entries) {
                RedisServer server = RedisServer.builder().start();
                servers.add(server);
                contests.put(entry, new Contest(entry, server, tasks));
            }
            for (int round = 0; round <= rounds; round++) {
                for (Map.Entry<Player.Entry, Contest> contest : contests.entrySet()) {
                    Map<String, Double> scored = contest.getValue().round(round == 0 ? WARM : 1);
                    System.err.println("round " + round + " " + contest.getKey().name() + " " + scored);
                    if (round > 0) {
                        scores.add(contest.getKey().name(), scored);
                    }
                }
            }
        } finally {
            contests.values().forEach(Contest::close);
            servers.forEach(RedisServer::close);
        }
        return scores;
    }
}
