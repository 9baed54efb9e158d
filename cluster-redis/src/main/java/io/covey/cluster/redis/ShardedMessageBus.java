package io.covey.cluster.redis;

import io.covey.cluster.Gap;
import io.covey.cluster.History;
import io.covey.cluster.Registration;
import io.covey.cluster.Start;
import io.covey.cluster.redis.Route.Kind;
import io.covey.cluster.redis.Route.Target;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.HistoryPage;
import io.covey.cluster.spi.MessageBus;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sharded pub/sub on Redis Cluster. The channels are spread over a fixed number of slots, and a link to the master of each
 * slot that somebody listens to follows it wherever it goes.
 */
final class ShardedMessageBus implements MessageBus, AutoCloseable {
    static final int SHARDS = 32;

    private final Redis redis;
    private final Duration heartbeat;
    private final RedisHistory history;
    private final Map<Integer, Shard> shards = new ConcurrentHashMap<>();

    ShardedMessageBus(Redis redis, Duration heartbeat) {
        this.redis = redis;
        this.heartbeat = heartbeat;
        this.history = new RedisHistory(
                redis, this::name, channel -> redis.keys().shardHistory(number(channel), channel), true);
    }

    /** Which of the slots a channel belongs to: the same for everybody. */
    static int number(String channel) {
        return Math.floorMod(channel.hashCode(), SHARDS);
    }

    private String name(String channel) {
        return redis.keys().shard(number(channel)) + channel;
    }

    @Override
    public CompletionStage<Delivery> publish(String channel, byte[] message) {
        String name = name(ChannelPattern.exact(channel));
        return redis.send(RedisCommand.keyed("SPUBLISH", name, KeptFrame.plain(message)))
                .thenApply(receivers -> delivery(Replies.number(receivers)));
    }

    @Override
    public CompletionStage<Delivery> publish(String channel, byte[] message, History kept) {
        return history.publish(channel, message, kept).thenApply(ShardedMessageBus::delivery);
    }

    private static Delivery delivery(long receivers) {
        return receivers > 0 ? Delivery.SOME : Delivery.NONE;
    }

    @Override
    public CompletionStage<HistoryPage> read(String channel, Start start, int limit) {
        return history.read(channel, start, limit);
    }

    @Override
    public CompletionStage<Registration> subscribe(ChannelPattern pattern, Listener listener) {
        String channel = ChannelPattern.exact(pattern.text());
        Shard shard = shards.computeIfAbsent(number(channel), Shard::new);
        return shard.subscriber.subscribe(new Target(Kind.SHARDED, name(channel)), new Subscription.Receiver() {
            @Override
            public void onMessage(String from, byte[] message) {
                KeptFrame.open(channel, message, listener);
            }

            @Override
            public void onEnd(String reason) {
                listener.onEnd(reason);
            }

            @Override
            public void onGap(String reason) {
                listener.onGap(Gap.unknown(channel, reason));
            }
        });
    }

    @Override
    public Optional<Duration> unproven() {
        return shards.values().stream()
                .map(shard -> shard.beat.unproven())
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder());
    }

    @Override
    public void close() {
        shards.values().forEach(shard -> shard.subscriber.close());
    }

    /** One of the slots and the link to its master. */
    private final class Shard implements Subscriber.Watch {
        private final Subscriber subscriber;
        private final Heartbeat beat;

        Shard(int number) {
            this.subscriber = new Subscriber(
                    redis, this, "shard" + number, Optional.of(redis.keys().shard(number)));
            this.beat = new Heartbeat(
                    redis, subscriber, heartbeat, Kind.SHARDED, redis.keys().shardHeartbeatChannels(number));
            beat.start();
        }

        @Override
        public void onUp() {
            // Whether the transport is up is told by the bus of all nodes.
        }

        @Override
        public void onDown(String reason) {
            // The link connects again by itself.
        }

        @Override
        public void onMoved() {
            beat.publish().whenComplete((heard, thrown) -> redis.later(50, subscriber::sendUnsent));
        }
    }
}
