package io.covey.cluster.bench.peers;

import io.covey.cluster.bench.peers.MessagingContest.Discipline;
import io.covey.cluster.bench.peers.Table.Goal;
import java.util.List;
import java.util.stream.Stream;

/** The medians of all, and what they are beside the goals. */
final class MessagingTable {
    static final String JEDIS = "jedis";
    static final String LETTUCE = "lettuce";
    static final String COVEY_JEDIS = "covey-jedis";
    static final String COVEY_LETTUCE = "covey-lettuce";
    static final String REDISSON = "redisson";
    static final String GRPC = "grpc";
    static final String ACTIONHERO = "actionhero";

    private static final List<String> COLUMNS = List.of(
            MessagingContest.RATE,
            MessagingContest.P50,
            MessagingContest.P99,
            MessagingContest.CLIENT,
            MessagingContest.SERVER,
            MessagingContest.COMMANDS,
            MessagingContest.READS);

    private static final List<Goal> GOALS = Stream.of(
                    goals("Jedis", COVEY_JEDIS, JEDIS), goals("Lettuce", COVEY_LETTUCE, LETTUCE))
            .flatMap(List::stream)
            .toList();

    private final List<String> contestants;
    private final Scores scores;

    /** @param contestants in the order of the lines */
    MessagingTable(List<String> contestants, Scores scores) {
        this.contestants = contestants;
        this.scores = scores;
    }

    private static List<Goal> goals(String driver, String ours, String raw) {
        return List.of(
                delay("call p50, " + driver + ", to raw pub/sub", 1.4, 1.15, ours, raw, Discipline.CALL),
                rate("64 calls, " + driver + ", to Redisson", 5, 12, ours, REDISSON, Discipline.CALL_64),
                rate("64 calls, " + driver + ", to actionhero", 2, 4, ours, ACTIONHERO, Discipline.CALL_64),
                rate("64 calls, " + driver + ", to gRPC", 0.7, 1.2, ours, GRPC, Discipline.CALL_64),
                rate("deliveries to 1, " + driver + ", to RTopic", 2.5, 6, ours, REDISSON, Discipline.ONE),
                rate("deliveries to 10, " + driver + ", to RTopic", 2.5, 6, ours, REDISSON, Discipline.TEN),
                rate("deliveries to 1, " + driver + ", to a Jedis pipeline", 0.3, 0.6, ours, JEDIS, Discipline.ONE),
                rate("deliveries to 10, " + driver + ", to a Jedis pipeline", 0.3, 0.6, ours, JEDIS, Discipline.TEN),
                delay("publish to deliver p50, " + driver + ", to raw", 1.3, 1.3, ours, raw, Discipline.LIGHT));
    }

    private static Goal rate(String what, double floor, double goal, String who, String beside, Discipline discipline) {
        return new Goal(
                what, floor, goal, true, scores -> scores.ratio(who, beside, discipline + MessagingContest.RATE));
    }

    private static Goal delay(String what, double most, double goal, String who, String beside, Discipline discipline) {
        return new Goal(
                what, most, goal, false, scores -> scores.ratio(who, beside, discipline + MessagingContest.P50));
    }

    @Override
    public String toString() {
        return Table.costs(List.of(Discipline.values()), contestants, COLUMNS, scores)
                + "\n"
                + Table.goals(GOALS, scores);
    }
}
