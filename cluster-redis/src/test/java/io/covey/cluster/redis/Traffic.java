package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.driver.ServerCounts;
import java.util.function.UnaryOperator;

/**
 * What a server was asked, by its own count, which a busy machine hardly changes.
 *
 * @param scripts how many scripts it ran
 * @param reads how often it read from sockets: at most one for each round trip, but for what is longer than it reads at once
 */
record Traffic(long scripts, long reads) {

    /** @param info answers with a section of INFO */
    static Traffic upTo(UnaryOperator<String> info) {
        return new Traffic(
                ServerCounts.calls(info.apply("commandstats"), "evalsha"), ServerCounts.reads(info.apply("stats")));
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

    Traffic since(Traffic before) {
        return new Traffic(scripts - before.scripts, reads - before.reads);
    }
}
