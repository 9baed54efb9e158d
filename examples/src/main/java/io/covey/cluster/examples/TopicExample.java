package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Gap;
import io.covey.cluster.Topic;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One node publishes to another, which hears of what it missed. */
public final class TopicExample {

    record Chat(String from, String text) {}

    public static void main(String[] args) throws InterruptedException {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws InterruptedException {
        CountDownLatch heard = new CountDownLatch(3);
        try (Cluster one = Cluster.join(config.build());
                Cluster two = Cluster.join(config.build())) {
            two.topic("/chat/*", Chat.class).subscribe(new Topic.Listener<>() {
                @Override
                public void onMessage(String channel, Chat chat) {
                    out.println(channel + " " + chat.from() + ": " + chat.text());
                    heard.countDown();
                }

                @Override
                public void onGap(Gap gap) { // also after a lost connection, or when this listener is too slow
                    out.println(gap.channel() + " missed " + gap.missed().orElse(-1));
                    heard.countDown();
                }
            });

            Topic<Chat> lobby = one.topic("/chat/lobby", Chat.class);
            lobby.publish(new Chat("ada", "hello"));
            one.topic("/chat/lobby", String.class).publish("this is no chat");
            lobby.publish(new Chat("ada", "bye"));
            heard.await(2, TimeUnit.SECONDS);
        }
    }
}
