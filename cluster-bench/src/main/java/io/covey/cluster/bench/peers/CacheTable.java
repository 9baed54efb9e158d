package io.covey.cluster.bench.peers;

import io.covey.cluster.bench.peers.CacheContest.Discipline;
import io.covey.cluster.bench.peers.Table.Goal;
import java.util.List;

/** The medians of all, and what they are beside the goals. */
final class CacheTable {
    static final String JEDIS = "jedis-pool";
    static final String LETTUCE = "lettuce-sync";
    static final String COVEY_JEDIS = "covey-jedis";
    static final String COVEY_LETTUCE = "covey-lettuce";
    static final String BUCKET = "redisson-bucket";
    static final String MAP = "redisson-map";
    static final String CAFFEINE = "caffeine";
    static final String LOCAL_MAP = "redisson-local-map";
    static final String NEAR_JEDIS = "covey-near-jedis";
    static final String NEAR_LETTUCE = "covey-near-lettuce";

    private static final List<String> COLUMNS = List.of(
            CacheContest.RATE, CacheContest.CLIENT, CacheContest.SERVER, CacheContest.COMMANDS, CacheContest.READS);

    private static final List<Goal> GOALS = List.of(
            rate("get by 1, Jedis, to Jedis", 0.85, 0.95, COVEY_JEDIS, JEDIS, Discipline.GET),
            rate("put by 1, Jedis, to Jedis", 0.85, 0.95, COVEY_JEDIS, JEDIS, Discipline.PUT),
            rate("get by 1, Lettuce, to Lettuce", 0.85, 0.95, COVEY_LETTUCE, LETTUCE, Discipline.GET),
            rate("put by 1, Lettuce, to Lettuce", 0.85, 0.95, COVEY_LETTUCE, LETTUCE, Discipline.PUT),
            rate("get by 64, Jedis, to the pool", 1.2, 1.7, COVEY_JEDIS, JEDIS, Discipline.GET_64),
            rate("put by 64, Jedis, to the pool", 1.2, 1.7, COVEY_JEDIS, JEDIS, Discipline.PUT_64),
            rate("get by 64, Lettuce, to Lettuce", 1, 1.5, COVEY_LETTUCE, LETTUCE, Discipline.GET_64),
            rate("put by 64, Lettuce, to Lettuce", 1, 1.5, COVEY_LETTUCE, LETTUCE, Discipline.PUT_64),
            rate("get by 64, Jedis, to RMapCache", 2.5, 2.5, COVEY_JEDIS, MAP, Discipline.GET_64),
            rate("put by 64, Jedis, to RMapCache", 2.5, 2.5, COVEY_JEDIS, MAP, Discipline.PUT_64),
            rate("get by 64, Lettuce, to RMapCache", 2.5, 2.5, COVEY_LETTUCE, MAP, Discipline.GET_64),
            rate("put by 64, Lettuce, to RMapCache", 2.5, 2.5, COVEY_LETTUCE, MAP, Discipline.PUT_64),
            rate("get of 64 keys, Jedis, to a pipeline", 0.6, 0.8, COVEY_JEDIS, JEDIS, Discipline.MANY),
            rate("get of 64 keys, Lettuce, to a pipeline", 0.6, 0.8, COVEY_LETTUCE, JEDIS, Discipline.MANY),
            rate("get of 64 keys by 64, Jedis, to a pipeline", 0.6, 0.8, COVEY_JEDIS, JEDIS, Discipline.MANY_64),
            rate("get of 64 keys by 64, Lettuce, to a pipeline", 0.6, 0.8, COVEY_LETTUCE, JEDIS, Discipline.MANY_64),
            rate("lock and unlock, Jedis, to RLock", 1, 1, COVEY_JEDIS, BUCKET, Discipline.LOCK),
            rate("lock and unlock, Lettuce, to RLock", 1, 1, COVEY_LETTUCE, BUCKET, Discipline.LOCK),
            rate("near read, Jedis, to Caffeine", 0.4, 0.7, NEAR_JEDIS, CAFFEINE, Discipline.NEAR),
            rate("near read, Lettuce, to Caffeine", 0.4, 0.7, NEAR_LETTUCE, CAFFEINE, Discipline.NEAR),
            rate("near read by 2, Jedis, to Caffeine", 0.4, 0.7, NEAR_JEDIS, CAFFEINE, Discipline.NEAR_2),
            rate("near read, Jedis, to RLocalCachedMap", 5, 10, NEAR_JEDIS, LOCAL_MAP, Discipline.NEAR),
            rate("near read, Lettuce, to RLocalCachedMap", 5, 10, NEAR_LETTUCE, LOCAL_MAP, Discipline.NEAR));

    private final List<String> contestants;
    private final Scores scores;

    /** @param contestants in the order of the lines */
    CacheTable(List<String> contestants, Scores scores) {
        this.contestants = contestants;
        this.scores = scores;
    }

    private static Goal rate(String what, double floor, double goal, String who, String beside, Discipline discipline) {
        return new Goal(what, floor, goal, true, scores -> scores.ratio(who, beside, discipline + CacheContest.RATE));
    }

    @Override
    public String toString() {
        return Table.costs(List.of(Discipline.values()), contestants, COLUMNS, scores)
                + "\n"
                + Table.goals(GOALS, scores);
    }
}
