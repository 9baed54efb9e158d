package io.covey.cluster.bench;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * A run as a table: each operation on each transport beside the raw client of the same driver. {@code to raw} is how
 * many times as fast as the raw client, by the rate, or by the median where single calls were timed; of costs both are
 * shown, ours first.
 */
final class Ratios {
    private static final String RAW = "Raw";
    private static final double MEDIAN = 50;

    private final Map<String, RunResult> ours = new TreeMap<>();
    private final Map<String, RunResult> raw = new TreeMap<>();

    private Ratios(Collection<RunResult> results) {
        for (RunResult result : results) {
            String[] name = result.getParams().getBenchmark().split("\\.");
            String type = name[name.length - 2];
            String method = name[name.length - 1];
            if (type.startsWith(RAW)) {
                raw.put(method + " " + driver(type), result);
            } else {
                ours.put(method + " " + result.getParams().getParam("transport"), result);
            }
        }
    }

    static String of(Collection<RunResult> results) {
        return new Ratios(results).table();
    }

    private String table() {
        StringBuilder table = new StringBuilder(System.lineSeparator());
        row(table, "operation", "rate or p50", "to raw", "Redis commands", "Redis reads", "Redis us", "JVM us");
        row(table, "---", "---:", "---:", "---:", "---:", "---:", "---:");
        ours.forEach((name, result) -> {
            RunResult other = raw.get(name);
            row(
                    table,
                    name,
                    score(result),
                    other == null ? "" : format(ratio(result, other)),
                    costs("redis.commands", result, other),
                    costs("redis.reads", result, other),
                    costs("redis.cpu", result, other),
                    costs("jvm.cpu", result, other));
        });
        return table.toString();
    }

    private static void row(StringBuilder table, Object... cells) {
        table.append(String.format(Locale.ROOT, "| %-22s | %14s | %7s | %15s | %15s | %15s | %15s |%n", cells));
    }

    private static String driver(String type) {
        return type.contains("Jedis") ? "jedis" : "lettuce";
    }

    private static boolean timed(RunResult result) {
        return result.getParams().getMode() == Mode.SampleTime;
    }

    private static double median(RunResult result) {
        return result.getPrimaryResult().getStatistics().getPercentile(MEDIAN);
    }

    private static String score(RunResult result) {
        double score =
                timed(result) ? median(result) : result.getPrimaryResult().getScore();
        return String.format(
                Locale.ROOT, "%.0f %s", score, result.getPrimaryResult().getScoreUnit());
    }

    private static double ratio(RunResult ours, RunResult raw) {
        return timed(ours)
                ? median(raw) / median(ours)
                : ours.getPrimaryResult().getScore() / raw.getPrimaryResult().getScore();
    }

    private static String costs(String name, RunResult ours, @Nullable RunResult raw) {
        String mine = cost(name, ours);
        return raw == null || mine.isEmpty() ? mine : mine + " / " + cost(name, raw);
    }

    private static String cost(String name, RunResult result) {
        Result<?> cost = result.getSecondaryResults().get(name);
        return cost == null ? "" : format(cost.getScore());
    }

    private static String format(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }
}
