package io.covey.cluster.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a server has counted, out of its answers to INFO. */
public final class ServerCounts {
    private static final Pattern READS = Pattern.compile("total_reads_processed:(\\d+)");

    private ServerCounts() {}

    /** How often a command was called, of the section commandstats; 0 if never. */
    public static long calls(String commandstats, String command) {
        Matcher matcher = Pattern.compile("cmdstat_" + Pattern.quote(command) + ":calls=(\\d+)")
                .matcher(commandstats);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /** How often it read from sockets, of the section stats. */
    public static long reads(String stats) {
        Matcher matcher = READS.matcher(stats);
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
