package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.History;
import io.covey.cluster.Topic;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what kind of channel it is: as the application has it. */
final class Channel {
    private static final int READ = 1000;

    @Option(
            names = "--history",
            paramLabel = "N",
            description = "The channel keeps this many messages, as the application says with withHistory")
    private @Nullable Integer history;

    @Option(
            names = "--within",
            paramLabel = "TIME",
            description = "For how long the history keeps them (default ${DEFAULT-VALUE})",
            defaultValue = "1h")
    private Duration within;

    @Option(names = "--sharded", description = "The channel is sharded, as the application says with sharded")
    private boolean sharded;

    Topic<byte[]> topic(Cluster cluster, String name) {
        Topic<byte[]> topic = cluster.topic(name, byte[].class);
        topic = sharded ? topic.sharded() : topic;
        return history == null ? topic : topic.withHistory(History.last(history).within(within));
    }

    /** To be read from its history, whose bounds only those who publish decide. */
    Topic<byte[]> kept(Cluster cluster, String name) {
        return topic(cluster, name)
                .withHistory(History.last(history == null ? READ : history).within(within));
    }
}
