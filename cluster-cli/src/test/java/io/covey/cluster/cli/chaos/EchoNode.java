package io.covey.cluster.cli.chaos;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Gap;
import io.covey.cluster.History;
import io.covey.cluster.Topic;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * A node of the fault suite: serves procedures, holds what it is told to, hears the news, and writes down what it did, a
 * line each. Ends when its parent closes its input.
 */
public final class EchoNode {
    static final String NEWS = "/chaos/news";
    static final String KEPT = "/chaos/kept";
    static final History HISTORY = History.last(100_000);
    static final String KIND = "thing";

    /** Writes {@code E text}, answers the name of the node. */
    static final Procedure<String, String> ECHO = Procedure.of("echo", String.class, String.class);

    /** Writes {@code S text}, takes long, writes {@code D text}. The text ends with a space and milliseconds. */
    static final Procedure<String, String> SLOW = Procedure.of("slow", String.class, String.class);

    /** Holds a key. */
    static final Procedure<String, String> HOLD = Procedure.of("hold", String.class, String.class);

    /** Answers the ids of the tokens that the node accepts, the signing one first. */
    static final Procedure<String, String> TOKENS = Procedure.of("tokens", String.class, String.class);

    private static final Duration DRAIN = Duration.ofSeconds(10);

    private EchoNode() {}

    /** What the process is told: uri, name, file to write down in, beat in ms. */
    public static void main(String[] args) throws IOException {
        String name = args[1];
        Lines lines = new Lines(args[2]);
        Cluster cluster = Cluster.join(ClusterConfig.builder(args[0])
                .name(name)
                .beat(Duration.ofMillis(Long.parseLong(args[3])))
                .drain(DRAIN)
                .build());
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
        Rpc rpc = Rpc.on(cluster);
        rpc.serve(HOLD, (key, caller) -> {
            cluster.owners().hold(KIND, key, Map.of());
            return name;
        });
        rpc.serve(SLOW, (text, caller) -> {
            lines.add("S " + text);
            Thread.sleep(Long.parseLong(text.substring(text.lastIndexOf(' ') + 1)));
            lines.add("D " + text);
            return name;
        });
        rpc.serve(TOKENS, (text, caller) -> String.join(",", cluster.tokens().ids()));
        rpc.serve(ECHO, (text, caller) -> {
            lines.add("E " + text);
            return name;
        });
        cluster.topic(NEWS, Long.class).subscribe(new Reader(lines, "M ", "G "));
        cluster.topic(KEPT, Long.class).withHistory(HISTORY).subscribe(new Reader(lines, "K ", "H "));
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // Only its end counts.
        }
        System.exit(0);
    }

    /** Writes {@code M number} for a message, {@code G how-many-or-? why} for a gap, or what else these are called. */
    private record Reader(Lines lines, String message, String hole) implements Topic.Listener<Long> {

        @Override
        public void onMessage(String channel, Long number) {
            lines.add(message + number);
        }

        @Override
        public void onGap(Gap gap) {
            lines.add(hole
                    + (gap.missed().isPresent() ? Long.toString(gap.missed().getAsLong()) : "?")
                    + " " + gap.reason());
        }
    }

    /** When a line was added it is in the file, whatever happens to the process. */
    private static final class Lines {
        // No channel: an interrupt would close it.
        private final FileOutputStream file;

        Lines(String path) throws IOException {
            file = new FileOutputStream(path, true);
        }

        /** One write of a whole line, which the operating system appends as such. */
        void add(String line) {
            try {
                file.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
