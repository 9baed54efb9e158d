package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Gap;
import io.covey.cluster.History;
import io.covey.cluster.Position;
import io.covey.cluster.Received;
import io.covey.cluster.Start;
import io.covey.cluster.Subscription;
import io.covey.cluster.Topic;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A reader goes away, comes back on another node, and misses nothing; another comes back too late and is told. */
public final class HistoryExample {

    record Chat(String from, String text) {}

    public static void main(String[] args) throws InterruptedException {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws InterruptedException {
        try (Cluster one = Cluster.join(config.build());
                Cluster two = Cluster.join(config.build())) {
            Topic<Chat> lobby = lobby(one);
            lobby.publish(new Chat("ada", "is anybody there?"));

            Reader reader = new Reader();
            Subscription first = lobby.subscribe(Start.last(10), reader);
            reader.print(1, out);
            first.close();
            Position last = reader.last;
            lobby.publish(new Chat("ada", "nobody"));
            lobby.publish(new Chat("ada", "hello again"));

            try (Subscription subscription = lobby(two).subscribe(Start.after(last), reader)) {
                out.println("recovered: " + subscription.recovered());
                reader.print(2, out);
            }
            for (int i = 1; i <= 5; i++) {
                lobby.publish(new Chat("ada", "line " + i));
            }
            try (Subscription subscription = lobby(two).subscribe(Start.after(last), reader)) {
                out.println("recovered: " + subscription.recovered());
                reader.print(4, out);
            }
            out.println("the last: "
                    + lobby.read(Start.last(1), 1).messages().get(0).message().text());
        }
    }

    private static Topic<Chat> lobby(Cluster cluster) {
        return cluster.topic("/chat/lobby", Chat.class)
                .withHistory(History.last(3).within(Duration.ofMinutes(10)));
    }

    private static final class Reader implements Topic.Listener<Chat> {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private volatile Position last = new Position("none", 0);

        @Override
        public void onReceived(Received<Chat> received) {
            last = received.position().orElse(last); // to come back to; fit for a cookie
            onMessage(received.channel(), received.message());
        }

        @Override
        public void onMessage(String channel, Chat chat) {
            lines.add(chat.from() + ": " + chat.text());
        }

        @Override
        public void onGap(Gap gap) {
            lines.add("(something is missing)");
        }

        void print(int most, PrintStream out) throws InterruptedException {
            for (int i = 0; i < most; i++) {
                out.println(lines.poll(30, TimeUnit.SECONDS));
            }
        }
    }
}
