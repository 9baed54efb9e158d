package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.Gap;
import io.covey.cluster.Registration;
import io.covey.cluster.Topic;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cluster subscribe}. */
@Command(
        name = "subscribe",
        description = "Prints the messages of a channel or a pattern as they come, until it is interrupted.",
        mixinStandardHelpOptions = true)
final class SubscribeCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Parameters(index = "0", paramLabel = "PATTERN", description = "Such as /chat/lobby, '/chat/*' or '/chat/**'")
    private String pattern;

    @Option(names = "--count", paramLabel = "N", description = "End after this many messages")
    private int count;

    @Option(names = "--for", paramLabel = "TIME", description = "End after this time")
    private Duration time;

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch left = new CountDownLatch(count > 0 ? count : Integer.MAX_VALUE);
        try (Cluster cluster = connection.join("cli")) {
            Registration subscription = cluster.topic(pattern, byte[].class).subscribe(new Printer(left));
            output.line(
                    "Listening on " + pattern + " at " + cluster.transport().description(),
                    Output.fields("event", "ready", "channel", pattern));
            if (time == null) {
                left.await();
            } else {
                left.await(time.toMillis(), TimeUnit.MILLISECONDS);
            }
            subscription.close();
            return 0;
        }
    }

    private final class Printer implements Topic.Listener<byte[]> {
        private final CountDownLatch left;

        Printer(CountDownLatch left) {
            this.left = left;
        }

        @Override
        public void onMessage(String channel, byte[] message) {
            if (left.getCount() == 0) {
                return;
            }
            Object value = Output.value(message);
            output.line(channel + " " + value, Output.fields("event", "message", "channel", channel, "message", value));
            left.countDown();
        }

        @Override
        public void onGap(Gap gap) {
            String missed = gap.missed().isPresent() ? gap.missed().getAsLong() + " messages" : "some messages";
            output.line(
                    "(" + missed + " of " + gap.channel() + " may be missing: " + gap.reason() + ")",
                    Output.fields("event", "gap", "channel", gap.channel(), "reason", gap.reason()));
        }
    }
}
