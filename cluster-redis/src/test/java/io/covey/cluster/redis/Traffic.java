package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server was asked, by its own count, which a busy machine hardly changes.
 *
 * @param scripts how many scripts it ran
 * @param reads how often it read from sockets: at most one for each round trip, but for what is longer than it reads at once
 */
record Traffic(long scripts, long reads) {
    private static final Pattern SCRIPTS = Pattern.compile("cmdstat_evalsha:calls=(\\d+)");
    private static final Pattern READS = Pattern.compile("total_reads_processed:(\\d+)");

    /** @param info answers with a section of INFO */
    static Traffic upTo(UnaryOperator<String> info) {
        return new Traffic(number(SCRIPTS, info.apply("commandstats")), number(READS, info.apply("stats")));
    }

    /** Fails if it was more than one script for so many tasks, or one read for so many, as it is when they go one by one. */
    void assertOneForMany(int tasksOfScript, int tasksOfRead, int count) {
        assertThat(scripts)
                .as("scripts for %d tasks, at most 1 for %d", count, tasksOfScript)
                .isBetween(1L, (long) count / tasksOfScript);
        assertThat(reads)
                .as("reads for %d tasks, at most 1 for %d", count, tasksOfRead)
                .isBetween(1L, (long) count / tasksOfRead);
    }

    private static long number(Pattern pattern, String info) {
        Matcher matcher = pattern.matcher(info);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    Traffic since(Traffic before) {
        return new Traffic(scripts - before.scripts, reads - before.reads);
    }
}
