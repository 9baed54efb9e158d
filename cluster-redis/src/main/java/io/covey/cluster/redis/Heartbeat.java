package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves that a link hears: what is published to a channel of its own must come back through it. A link that heard
 * nothing for almost two intervals is made to reconnect.
 */
final class Heartbeat {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final Redis redis;
    private final Subscriber subscriber;
    private final Duration interval;
    private final Route.Target target;

    /**
     * @param kind of the channel on which the link hears itself
     * @param channels what its name begins with
     */
    Heartbeat(Redis redis, Subscriber subscriber, Duration interval, Route.Kind kind, String channels) {
        this.redis = redis;
        this.subscriber = subscriber;
        this.interval = interval;
        this.target = new Route.Target(kind, channels + UUID.randomUUID());
    }

    void start() {
        subscriber.subscribe(target, new Subscription.Receiver() {
            @Override
            public void onMessage(String from, byte[] message) {
                // That it came is all: the subscriber notes when it last heard anything.
            }

            @Override
            public void onGap(String reason) {
                // The link is up again.
            }
        });
        try {
            redis.timer().scheduleAtFixedRate(this::beat, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            // Nothing is left to be proved.
        }
    }

    private void beat() {
        if (!subscriber.isUp()) {
            if (target.kind() == Route.Kind.SHARDED) {
                publish();
            }
            return;
        }
        long silent = System.nanoTime() - subscriber.heardAt();
        if (silent > interval.toNanos() / 4 * 7) {
            LOG.warn(
                    "The bus heard nothing for {} ms, not even itself; it connects again",
                    TimeUnit.NANOSECONDS.toMillis(silent));
            subscriber.reconnect();
            return;
        }
        publish();
    }

    /** A server that has not got the slot any more says by its answer who has. */
    CompletionStage<Object> publish() {
        return redis.send(
                RedisCommand.keyed(target.kind() == Route.Kind.SHARDED ? "SPUBLISH" : "PUBLISH", target.name(), ""));
    }
}
