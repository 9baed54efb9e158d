package io.covey.cluster.bench.peers;

import io.covey.cluster.bench.peers.MessagingContest.Discipline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls and messages beside those of others, in one run: each contestant is two processes of its own on a Redis of its own
 * and lives through all rounds, in which they play each discipline for a moment and in turn. Prints the medians and what
 * they are beside the goals. {@code bin/peers messaging} is its command.
 */
public final class MessagingMatch {
    private static final List<Discipline> ALL = List.of(Discipline.values());
    private static final List<Discipline> CALLS = List.of(Discipline.CALL, Discipline.CALL_64);

    private MessagingMatch() {}

    /**
     * Plays.
     *
     * @param args {@code --rounds N}, {@code --millis N}, {@code --only NAME,NAME}, {@code --plays WHAT,WHAT}
     * @throws Exception if a contestant fails
     */
    public static void main(String[] args) throws Exception {
        Options options = Options.of(
                args,
                Map.of("--rounds", "9", "--millis", "500", "--only", "", "--plays", ""),
                "bin/peers messaging [--rounds N] [--millis N] [--only NAME,NAME] [--plays call,calls,one,ten,light]");
        List<Discipline> disciplines = options.asked("--plays", ALL, Discipline::option);
        List<MessagingContest.Entry> entries = options.asked(entries(), MessagingContest.Entry::name);
        Scores scores = play(entries, disciplines, options.number("--rounds"), options.number("--millis"));
        System.out.print(new MessagingTable(
                entries.stream().map(MessagingContest.Entry::name).toList(), scores));
    }

    private static List<MessagingContest.Entry> entries() {
        String packages = MessagingMatch.class.getPackageName();
        List<MessagingContest.Entry> entries = new ArrayList<>(List.of(
                ours(MessagingTable.JEDIS, packages + ".JedisMessaging", "-"),
                ours(MessagingTable.COVEY_JEDIS, packages + ".CoveyMessaging", "jedis"),
                ours(MessagingTable.LETTUCE, packages + ".LettuceMessaging", "-"),
                ours(MessagingTable.COVEY_LETTUCE, packages + ".CoveyMessaging", "lettuce"),
                java(
                        MessagingTable.REDISSON,
                        packages + ".redisson.RedissonMessaging",
                        "-",
                        Peers.library("redisson"),
                        ALL),
                java(MessagingTable.GRPC, packages + ".grpc.GrpcCalls", "-", Peers.library("grpc"), CALLS)));
        Peers.script("actionhero", "hero.js")
                .ifPresent(script -> entries.add(new MessagingContest.Entry(
                        MessagingTable.ACTIONHERO,
                        port -> List.of("node", script.toString(), Integer.toString(port)),
                        CALLS)));
        return entries;
    }

    private static MessagingContest.Entry ours(String name, String type, String variant) {
        return java(name, type, variant, System.getProperty("java.class.path"), ALL);
    }

    private static MessagingContest.Entry java(
            String name, String type, String variant, String classPath, List<Discipline> plays) {
        return new MessagingContest.Entry(
                name,
                port -> Child.java(classPath, MessagingCorner.class, List.of(type, Integer.toString(port), variant)),
                plays);
    }

    /** One round more, the first, warms up. */
    private static Scores play(
            List<MessagingContest.Entry> entries, List<Discipline> disciplines, int rounds, int millis)
            throws IOException {
        Scores scores = new Scores();
        Map<MessagingContest.Entry, MessagingContest> contests = new LinkedHashMap<>();
        try {
            for (MessagingContest.Entry entry : entries) {
                contests.put(entry, new MessagingContest(entry));
            }
            for (int round = 0; round <= rounds; round++) {
                System.err.println("round " + round + " of " + rounds);
                List<MessagingContest.Entry> turn = new ArrayList<>(entries);
                if (round % 2 == 1) {
                    Collections.reverse(turn);
                }
                for (Discipline discipline : disciplines) {
                    for (MessagingContest.Entry entry : turn) {
                        if (entry.plays().contains(discipline)) {
                            MessagingContest contest = contests.get(entry);
                            if (round == 0) {
                                contest.warm(discipline, millis);
                            } else {
                                scores.add(entry.name(), contest.play(discipline, millis));
                            }
                        }
                    }
                }
            }
        } finally {
            contests.values().forEach(MessagingContest::close);
        }
        return scores;
    }
}
