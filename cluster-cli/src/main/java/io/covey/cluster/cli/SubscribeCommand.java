package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.Gap;
import io.covey.cluster.Position;
import io.covey.cluster.Received;
import io.covey.cluster.Start;
import io.covey.cluster.Subscription;
import io.covey.cluster.Topic;
import io.covey.cluster.supervisor.Signals;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cluster subscribe}. */
@Command(
        name = "subscribe",
        description = {
            "Prints the messages of a channel or a pattern as they come, until it is interrupted.",
            "With --last or --after first those that the channel's history has."
        },
        mixinStandardHelpOptions = true)
final class SubscribeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Mixin
    private Channel kind;

    @Parameters(index = "0", paramLabel = "PATTERN", description = "Such as /chat/lobby, '/chat/*' or '/chat/**'")
    private String pattern;

    @Option(names = "--last", paramLabel = "N", description = "Begin with the newest messages that are kept, this many")
    private @Nullable Integer last;

    @Option(
            names = "--after",
            paramLabel = "POSITION",
            description = "Begin behind the message that has this position, as --json prints it")
    private @Nullable String after;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "End after this many messages",
            converter = Counts.Many.class)
    private @Nullable Long count;

    @Option(names = "--for", paramLabel = "TIME", description = "End after this time")
    private @Nullable Duration time;

    @Override
    public Integer call() throws InterruptedException {
        if (last != null && after != null) {
            throw new ParameterException(spec.commandLine(), "Begin with --last or --after, not with both");
        }
        Start start =
                last != null ? Start.last(last) : after != null ? Start.after(Position.parse(after)) : Start.now();
        CountDownLatch end = new CountDownLatch(1);
        Signals.onTermination(end::countDown);
        Printer printer = new Printer(end, count == null ? Long.MAX_VALUE : count);
        try (Cluster cluster = connection.join("cli")) {
            Topic<byte[]> topic =
                    start instanceof Start.Now ? kind.topic(cluster, pattern) : kind.kept(cluster, pattern);
            Subscription subscription = topic.subscribe(start, printer);
            output.line(
                    "Listening on " + pattern + " at " + cluster.transport().description(),
                    Output.fields("event", "ready", "channel", pattern));
            printer.begin.countDown();
            if (time == null) {
                end.await();
            } else {
                end.await(time.toMillis(), TimeUnit.MILLISECONDS);
            }
            subscription.close();
            return printer.ended ? 1 : 0;
        }
    }

    private final class Printer implements Topic.Listener<byte[]> {
        private final CountDownLatch end;
        /** The first line says that the others follow; what a history has may be heard before. */
        private final CountDownLatch begin = new CountDownLatch(1);

        private final AtomicLong left;
        private volatile boolean ended;

        Printer(CountDownLatch end, long count) {
            this.end = end;
            this.left = new AtomicLong(count);
        }

        @Override
        public void onMessage(String channel, byte[] message) {}

        @Override
        public void onReceived(Received<byte[]> received) {
            long number = left.getAndDecrement();
            if (number <= 0) {
                return;
            }
            Object value = Output.value(received.message());
            Map<String, Object> fields = Output.fields(
                    "event", "message", "channel", received.channel(), "message", value, "sender", received.sender());
            received.position().ifPresent(position -> fields.put("position", position.toString()));
            say(() -> output.whole(Output.shown(received.channel()) + " " + value, fields));
            if (number == 1) {
                end.countDown();
            }
        }

        @Override
        public void onGap(Gap gap) {
            String missed = gap.missed().isPresent() ? gap.missed().getAsLong() + " messages" : "some messages";
            say(() -> output.line(
                    "(" + missed + " of " + gap.channel() + " may be missing: " + gap.reason() + ")",
                    Output.fields("event", "gap", "channel", gap.channel(), "reason", gap.reason())));
        }

        @Override
        public void onEnd(String reason) {
            ended = true;
            output.error("cluster subscribe: the subscription has ended: " + reason);
            end.countDown();
        }

        private void say(Runnable saying) {
            try {
                begin.await();
                saying.run();
            } catch (NobodyReadsException e) {
                left.set(0);
                end.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
