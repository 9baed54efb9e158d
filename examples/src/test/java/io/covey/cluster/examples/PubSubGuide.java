package io.covey.cluster.examples;

import io.covey.cluster.Backlog;
import io.covey.cluster.Cluster;
import io.covey.cluster.Gap;
import io.covey.cluster.History;
import io.covey.cluster.MessageStats;
import io.covey.cluster.Overflow;
import io.covey.cluster.Past;
import io.covey.cluster.Position;
import io.covey.cluster.Received;
import io.covey.cluster.Start;
import io.covey.cluster.Subscription;
import io.covey.cluster.SubscriptionStats;
import io.covey.cluster.Topic;
import io.covey.cluster.spi.Delivery;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;

/** The code of docs/pubsub.md, so that it compiles. */
abstract class PubSubGuide {
    private static final Logger log = Logger.getLogger("guide");

    record Chat(String from, String text) {}

    abstract void show(String channel, Chat chat);

    abstract void reload();

    abstract void remember(String position);

    void first(Cluster cluster) {
        Topic<Chat> lobby = cluster.topic("/chat/lobby", Chat.class);
        cluster.topic("/chat/*", Chat.class).subscribe((channel, chat) -> show(channel, chat));
        lobby.publish(new Chat("ada", "hello"));
    }

    void async(Topic<Chat> lobby) {
        CompletionStage<Delivery> later = lobby.publishAsync(new Chat("ada", "hello"));
    }

    void quick(Topic<Chat> lobby, AtomicReference<Chat> latest) {
        lobby.nonBlocking().subscribe(chat -> latest.set(chat));
    }

    void gaps(Topic<Chat> lobby) {
        lobby.subscribe(new Topic.Listener<>() {
            @Override
            public void onMessage(String channel, Chat chat) {
                show(channel, chat);
            }

            @Override
            public void onGap(Gap gap) { // how many, of whom and why, as far as is known
                log.warning(gap.reason() + ", which ones: " + gap.hole());
                reload();
            }
        });
    }

    void slow(Cluster cluster, Topic<Chat> lobby) {
        Backlog small = Backlog.of(1_000).bytes(1 << 20).whenFull(Overflow.DROP_NEWEST);
        Subscription bounded = lobby.withBacklog(small).subscribe(chat -> show("/chat/lobby", chat));
        SubscriptionStats stats = bounded.stats(); // received, dropped, gaps, rejected, undecodable, refills, waiting
        MessageStats all = cluster.health().messages(); // of the whole node, calls and rooms as well
    }

    void history(Cluster cluster, Position position) {
        Topic<Chat> kept = cluster.topic("/chat/lobby", Chat.class)
                .withHistory(History.last(100).within(Duration.ofHours(1)));
        kept.publish(new Chat("ada", "hello"));
        kept.subscribe(Start.last(20), (channel, chat) -> show(channel, chat)); // the last 20, then live

        Subscription again = kept.subscribe(Start.after(position), new Topic.Listener<>() {
            @Override
            public void onReceived(Received<Chat> received) { // instead of onMessage: with sender and position
                show(received.channel(), received.message());
                received.position().ifPresent(at -> remember(at.toString())); // Position.parse reads it again
            }

            @Override
            public void onMessage(String channel, Chat chat) {}
        });
        boolean nothingIsMissing = again.recovered();

        Past<Chat> past = kept.read(Start.last(50), 50);
    }

    void sharded(Cluster cluster) {
        Topic<Chat> room = cluster.topic("/room/42", Chat.class).sharded();
    }
}
