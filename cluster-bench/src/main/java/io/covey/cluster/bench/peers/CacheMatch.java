package io.covey.cluster.bench.peers;

import io.covey.cluster.bench.peers.CacheContest.Discipline;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Caches beside the raw clients, in one run: each contestant is a process of its own on a Redis of its own and lives
 * through all rounds, in which they play each discipline for a moment and in turn. Prints the medians and what they are
 * beside the goals. {@code bin/peers cache} is its command.
 */
public final class CacheMatch {
    /** So many times as long in the round that warms up: all that runs shall be compiled by then. */
    private static final int WARM = 8;

    private static final List<Discipline> ALL = List.of(
            Discipline.GET, Discipline.PUT, Discipline.GET_64, Discipline.PUT_64, Discipline.MANY, Discipline.MANY_64);
    private static final List<Discipline> ALL_AND_LOCKS =
            Stream.concat(ALL.stream(), Stream.of(Discipline.LOCK)).toList();
    private static final List<Discipline> SINGLE_AND_LOCKS =
            List.of(Discipline.GET, Discipline.PUT, Discipline.GET_64, Discipline.PUT_64, Discipline.LOCK);
    private static final List<Discipline> NEAR = List.of(Discipline.NEAR, Discipline.NEAR_2);

    private CacheMatch() {}

    /**
     * Plays.
     *
     * @param args {@code --rounds N}, {@code --millis N}, {@code --only NAME,NAME}
     * @throws Exception if a contestant fails
     */
    public static void main(String[] args) throws Exception {
        Options options = Options.of(
                args,
                Map.of("--rounds", "13", "--millis", "250", "--only", ""),
                "bin/peers cache [--rounds N] [--millis N] [--only NAME,NAME]");
        List<CacheContest.Entry> entries = options.asked(entries(), CacheContest.Entry::name);
        Scores scores = play(entries, options.number("--rounds"), options.number("--millis"));
        System.out.print(
                new CacheTable(entries.stream().map(CacheContest.Entry::name).toList(), scores));
    }

    private static List<CacheContest.Entry> entries() {
        String ours = System.getProperty("java.class.path");
        String redisson = Path.of("cluster-bench", "peers", "redisson", "target", "lib") + File.separator + "*";
        String packages = CacheMatch.class.getPackageName();
        return List.of(
                new CacheContest.Entry(CacheTable.JEDIS, packages + ".JedisCache", "-", ours, ALL),
                new CacheContest.Entry(CacheTable.COVEY_JEDIS, packages + ".CoveyCache", "jedis", ours, ALL_AND_LOCKS),
                new CacheContest.Entry(CacheTable.LETTUCE, packages + ".LettuceCache", "-", ours, ALL),
                new CacheContest.Entry(
                        CacheTable.COVEY_LETTUCE, packages + ".CoveyCache", "lettuce", ours, ALL_AND_LOCKS),
                new CacheContest.Entry(
                        CacheTable.BUCKET, packages + ".redisson.RedissonCache", "bucket", redisson, SINGLE_AND_LOCKS),
                new CacheContest.Entry(CacheTable.MAP, packages + ".redisson.RedissonCache", "map", redisson, ALL),
                new CacheContest.Entry(CacheTable.CAFFEINE, packages + ".CaffeineCache", "-", ours, NEAR),
                new CacheContest.Entry(CacheTable.NEAR_JEDIS, packages + ".CoveyCache", "jedis-near", ours, NEAR),
                new CacheContest.Entry(CacheTable.NEAR_LETTUCE, packages + ".CoveyCache", "lettuce-near", ours, NEAR),
                new CacheContest.Entry(
                        CacheTable.LOCAL_MAP, packages + ".redisson.RedissonCache", "local", redisson, NEAR));
    }

    /** One round more, the first, warms up. */
    private static Scores play(List<CacheContest.Entry> entries, int rounds, int millis) throws IOException {
        Scores scores = new Scores();
        Map<CacheContest.Entry, CacheContest> contests = new LinkedHashMap<>();
        try {
            for (CacheContest.Entry entry : entries) {
                contests.put(entry, new CacheContest(entry));
            }
            for (int round = 0; round <= rounds; round++) {
                System.err.println("round " + round + " of " + rounds);
                List<CacheContest.Entry> turn = new ArrayList<>(entries);
                if (round % 2 == 1) {
                    Collections.reverse(turn);
                }
                for (Discipline discipline : Discipline.values()) {
                    for (CacheContest.Entry entry : turn) {
                        if (entry.plays().contains(discipline)) {
                            Map<String, Double> scored =
                                    contests.get(entry).play(discipline, round == 0 ? WARM * millis : millis);
                            if (round > 0) {
                                scores.add(entry.name(), scored);
                            }
                        }
                    }
                }
            }
        } finally {
            contests.values().forEach(CacheContest::close);
        }
        return scores;
    }
}
