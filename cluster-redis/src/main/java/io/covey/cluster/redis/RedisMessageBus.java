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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Classic pub/sub on one link. A pattern is a PSUBSCRIBE of its literal prefix and our own matcher. */
final class RedisMessageBus implements MessageBus, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisMessageBus.class);

    private static final long AGAIN_MILLIS = 1000;

    private final Redis redis;
    private final Subscriber subscriber;
    private final Heartbeat heart;
    private final RedisHistory history;
    private final Optional<ShardedMessageBus> sharded;

    /**
     * @param shards whether the server has channels that stay within a shard
     * @param heartbeat how often the link proves that it hears; one that is deaf is noticed within three of it
     */
    RedisMessageBus(Redis redis, Availability availability, boolean shards, Duration heartbeat) {
        this.redis = redis;
        this.subscriber = new Subscriber(redis, watch(availability), "bus", Optional.empty());
        this.history = new RedisHistory(redis, redis.keys()::channel, redis.keys()::history, false);
        this.sharded =
                shards && redis.cluster() ? Optional.of(new ShardedMessageBus(redis, heartbeat)) : Optional.empty();
        this.heart = new Heartbeat(
                redis, subscriber, heartbeat, Kind.CHANNEL, redis.keys().heartbeatChannels());
        heart.start();
    }

    private static Subscriber.Watch watch(Availability availability) {
        return new Subscriber.Watch() {
            @Override
            public void onUp() {
                availability.linkUp();
            }

            @Override
            public void onDown(String reason) {
                availability.linkDown(reason);
            }

            @Override
            public void onMoved() {
                throw new IllegalStateException("Only sharded channels move");
            }
        };
    }

    @Override
    public MessageBus sharded() {
        return sharded.<MessageBus>map(bus -> bus).orElse(this);
    }

    @Override
    public Optional<Duration> unproven() {
        return Stream.concat(heart.unproven().stream(), sharded.flatMap(ShardedMessageBus::unproven).stream())
                .max(Comparator.naturalOrder());
    }

    /** Completes when the link is up for the first time. */
    CompletionStage<Void> firstUp() {
        return subscriber.firstUp();
    }

    @Override
    public CompletionStage<Delivery> publish(String channel, byte[] message) {
        String name = redis.keys().channel(ChannelPattern.exact(channel));
        return redis.send(RedisCommand.keyed("PUBLISH", name, KeptFrame.plain(message)))
                .thenApply(receivers -> delivery(Replies.number(receivers)));
    }

    @Override
    public CompletionStage<Delivery> publish(String channel, byte[] message, History history) {
        return this.history.publish(channel, message, history).thenApply(this::delivery);
    }

    private Delivery delivery(long receivers) {
        if (receivers > 0) {
            return Delivery.SOME;
        }
        // On a cluster the reply counts the receivers at one node only.
        return redis.cluster() ? Delivery.UNKNOWN : Delivery.NONE;
    }

    @Override
    public CompletionStage<HistoryPage> read(String channel, Start start, int limit) {
        return history.read(channel, start, limit);
    }

    @Override
    public CompletionStage<Registration> subscribe(ChannelPattern pattern, Listener listener) {
        String prefix = redis.keys().channel(pattern.prefix());
        Target target =
                pattern.isExact() ? new Target(Kind.CHANNEL, prefix) : new Target(Kind.PREFIX, Keys.glob(prefix) + "*");
        return subscriber.subscribe(target, new Subscription.Receiver() {
            @Override
            public void onMessage(String channel, byte[] message) {
                // Only what comes for a prefix may be of others than are wanted.
                String name = pattern.isExact() ? pattern.text() : redis.keys().channelName(channel);
                if (pattern.isExact() || pattern.matches(name)) {
                    KeptFrame.open(name, message, listener);
                }
            }

            @Override
            public void onGap(String reason) {
                listener.onGap(new Gap(pattern.text(), OptionalLong.empty(), reason));
            }

            @Override
            public void onEnd(String reason) {
                listener.onEnd(reason);
            }
        });
    }

    /** Hears what is published on a channel that is not ours, such as another fleet's. */
    CompletionStage<Registration> foreign(String channel, Subscription.Receiver receiver) {
        return subscriber.subscribe(new Target(Kind.CHANNEL, channel), receiver);
    }

    /**
     * Hears that something was published on a channel of Redis, or may have been.
     *
     * @param channel as Redis knows it
     */
    Registration hint(String channel, Runnable hint) {
        AtomicBoolean ended = new AtomicBoolean();
        AtomicReference<Registration> registration = new AtomicReference<>(() -> {});
        Serial oneAtATime = new Serial();
        Runnable call = () -> oneAtATime.execute(() -> {
            if (!ended.get()) {
                run(channel, hint);
            }
        });
        Subscription.Receiver receiver = new Subscription.Receiver() {
            @Override
            public void onMessage(String from, byte[] message) {
                call.run();
            }

            @Override
            public void onGap(String reason) {
                call.run();
            }
        };
        listen(new Target(Kind.CHANNEL, channel), receiver, ended, made -> {
            registration.set(made);
            if (ended.get()) {
                made.close();
            } else {
                // What happened before the subscription was live was not heard.
                call.run();
            }
        });
        return () -> {
            ended.set(true);
            registration.get().close();
        };
    }

    /** Tries again while the server does not confirm: who asked for hints during an outage wants them afterwards. */
    private void listen(
            Target target, Subscription.Receiver receiver, AtomicBoolean ended, Consumer<Registration> made) {
        subscriber.subscribe(target, receiver).whenComplete((registration, thrown) -> {
            if (thrown == null) {
                redis.later(0, () -> made.accept(registration));
            } else if (!ended.get()) {
                redis.later(AGAIN_MILLIS, () -> listen(target, receiver, ended, made));
            }
        });
    }

    private static void run(String channel, Runnable hint) {
        try {
            hint.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("A hint of {} failed; the next ones come", channel, e);
        }
    }

    @Override
    public void close() {
        sharded.ifPresent(ShardedMessageBus::close);
        subscriber.close();
    }
}
