package io.covey.cluster.bench.peers;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The medians of all, and what they are beside the goals. */
final class Table {
    static final String JESQUE = "jesque";
    static final String BULLMQ = "bullmq";
    static final String COVEY_JEDIS = "covey-jedis";
    static final String COVEY_LETTUCE = "covey-lettuce";

    private static final List<String> ROWS = List.of(
            Contest.ONE,
            Contest.EIGHT,
            Contest.BULK,
            Contest.DRAIN,
            Contest.P50,
            Contest.P99,
            Contest.FOREIGN_P50,
            Contest.FOREIGN_P99,
            "one" + Contest.COMMANDS,
            "one" + Contest.SERVER,
            "one" + Contest.CLIENT,
            "drain" + Contest.COMMANDS,
            "drain" + Contest.TRIPS,
            "drain" + Contest.SERVER,
            "drain" + Contest.CLIENT);

    /**
     * A promise of the design.
     *
     * @param what in words
     * @param floor at least this (or at most, if {@code least} is false)
     * @param goal what we want
     * @param least whether more is better
     * @param seen from the scores
     */
    record Goal(String what, double floor, double goal, boolean least, Function<Scores, OptionalDouble> seen) {}

    private static final List<Goal> GOALS = List.of(
            toJesque("drain, Jedis, to jesque", 8, 15, COVEY_JEDIS, Contest.DRAIN),
            toJesque("drain, Lettuce, to jesque", 5, 10, COVEY_LETTUCE, Contest.DRAIN),
            toJesque("drain, Jedis strict, to jesque", 1.3, 2.5, "covey-jedis-strict", Contest.DRAIN),
            toJesque("enqueue by 1, Jedis, to jesque", 1.8, 2.2, COVEY_JEDIS, Contest.ONE),
            toJesque("enqueue by 1, Lettuce, to jesque", 1, 1.8, COVEY_LETTUCE, Contest.ONE),
            toJesque("enqueue by 8, Jedis, to jesque", 2.5, 5, COVEY_JEDIS, Contest.EIGHT),
            toJesque("enqueue by 8, Lettuce, to jesque", 2.5, 5, COVEY_LETTUCE, Contest.EIGHT),
            toJesque("bulk, Jedis, to jesque", 3, 5, COVEY_JEDIS, Contest.BULK),
            toJesque("bulk, Lettuce, to jesque", 3, 5, COVEY_LETTUCE, Contest.BULK),
            toBullMq("drain, Jedis, to BullMQ", COVEY_JEDIS),
            toBullMq("drain, Lettuce, to BullMQ", COVEY_LETTUCE),
            most("drain: Redis CPU us per task, Jedis", 8, 4, COVEY_JEDIS, "drain" + Contest.SERVER),
            most("drain: Redis CPU us per task, Lettuce", 8, 4, COVEY_LETTUCE, "drain" + Contest.SERVER),
            most("drain: round trips per task, Jedis", 0.15, 0.05, COVEY_JEDIS, "drain" + Contest.TRIPS),
            most("drain: round trips per task, Lettuce", 0.15, 0.05, COVEY_LETTUCE, "drain" + Contest.TRIPS),
            most("enqueue to start p50 ms, Jedis", 1, 0.5, COVEY_JEDIS, Contest.P50),
            most("enqueue to start p99 ms, Jedis", 5, 2, COVEY_JEDIS, Contest.P99),
            most("enqueue to start p50 ms, Lettuce", 1, 0.5, COVEY_LETTUCE, Contest.P50),
            most("enqueue to start p99 ms, Lettuce", 5, 2, COVEY_LETTUCE, Contest.P99),
            most("foreign RPUSH to start p50 ms, Jedis", 1, 0.5, COVEY_JEDIS, Contest.FOREIGN_P50),
            most("foreign RPUSH to start p99 ms, Jedis", 5, 2, COVEY_JEDIS, Contest.FOREIGN_P99),
            most("foreign RPUSH to start p50 ms, Lettuce", 1, 0.5, COVEY_LETTUCE, Contest.FOREIGN_P50),
            most("foreign RPUSH to start p99 ms, Lettuce", 5, 2, COVEY_LETTUCE, Contest.FOREIGN_P99));

    private final Scores scores;

    Table(Scores scores) {
        this.scores = scores;
    }

    private static Goal toJesque(String what, double floor, double goal, String who, String score) {
        return new Goal(what, floor, goal, true, scores -> scores.ratio(who, JESQUE, score));
    }

    private static Goal toBullMq(String what, String who) {
        return new Goal(what, 4, 8, true, scores -> scores.ratio(who, BULLMQ, Contest.DRAIN));
    }

    private static Goal most(String what, double floor, double goal, String who, String score) {
        return new Goal(what, floor, goal, false, scores -> scores.median(who, score));
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        out.append("| |");
        scores.contestants().forEach(name -> out.append(' ').append(name).append(" |"));
        out.append("\n|---|")
                .append("---:|".repeat(scores.contestants().size()))
                .append('\n');
        for (String row : ROWS) {
            out.append("| ").append(row).append(" |");
            for (String name : scores.contestants()) {
                out.append(' ').append(format(scores.median(name, row))).append(" |");
            }
            out.append('\n');
        }
        return out.append('\n').append(goals(GOALS, scores)).toString();
    }

    /** A line for each discipline and each who played it. */
    static String costs(List<?> disciplines, List<String> contestants, List<String> columns, Scores scores) {
        StringBuilder out = new StringBuilder("| | |");
        columns.forEach(column -> out.append(column).append(" |"));
        out.append("\n|---|---|").append("---:|".repeat(columns.size())).append('\n');
        for (Object discipline : disciplines) {
            for (String name : contestants) {
                if (columns.stream()
                        .anyMatch(column ->
                                scores.median(name, discipline + column).isPresent())) {
                    out.append("| ")
                            .append(discipline)
                            .append(" | ")
                            .append(name)
                            .append(" |");
                    for (String column : columns) {
                        out.append(' ')
                                .append(format(scores.median(name, discipline + column)))
                                .append(" |");
                    }
                    out.append('\n');
                }
            }
        }
        return out.toString();
    }

    /** What was seen beside the goals. */
    static String goals(List<Goal> goals, Scores scores) {
        StringBuilder out = new StringBuilder("| goal | floor | goal | seen | |\n|---|---:|---:|---:|---|\n");
        for (Goal goal : goals) {
            OptionalDouble seen = goal.seen().apply(scores);
            out.append("| ")
                    .append(goal.what())
                    .append(" | ")
                    .append(goal.floor())
                    .append(" | ");
            out.append(goal.goal()).append(" | ").append(format(seen)).append(" | ");
            out.append(verdict(goal, seen)).append(" |\n");
        }
        return out.toString();
    }

    private static String verdict(Goal goal, OptionalDouble seen) {
        if (seen.isEmpty()) {
            return "not played";
        }
        double value = goal.least() ? seen.getAsDouble() : -seen.getAsDouble();
        double sign = goal.least() ? 1 : -1;
        return value >= sign * goal.goal() ? "goal" : value >= sign * goal.floor() ? "floor" : "missed";
    }

    static String format(OptionalDouble value) {
        if (value.isEmpty()) {
            return "–";
        }
        double number = value.getAsDouble();
        return String.format(Locale.ROOT, number >= 1000 ? "%.0f" : number >= 10 ? "%.1f" : "%.3f", number);
    }
}
