package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.Topic;
import io.covey.cluster.spi.Delivery;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cluster publish}. */
@Command(name = "publish", description = "Publishes a message on a channel.", mixinStandardHelpOptions = true)
final class PublishCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Mixin
    private Channel kind;

    @Parameters(index = "0", paramLabel = "CHANNEL", description = "Such as /chat/lobby")
    private String channel;

    @Parameters(index = "1", paramLabel = "JSON", description = "The message")
    private String message;

    @Override
    public Integer call() {
        byte[] bytes = Output.parse("The message", message).toString().getBytes(StandardCharsets.UTF_8);
        try (Cluster cluster = connection.join("cli")) {
            Topic<byte[]> topic = kind.topic(cluster, channel);
            Delivery delivery = topic.publish(bytes);
            output.line(
                    switch (delivery) {
                        case NONE -> "Published; nobody listens";
                        case SOME -> "Published; somebody listens";
                        case UNKNOWN -> "Published";
                    },
                    Output.fields("ok", true, "delivery", delivery.name().toLowerCase(Locale.ROOT)));
            return 0;
        }
    }
}
