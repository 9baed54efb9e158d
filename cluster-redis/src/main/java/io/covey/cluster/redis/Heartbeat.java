package io.covey.cluster.redis;

import io.covey.cluster.RefusedException;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.Await;
import java.time.Duration;
import java.util.Optional;
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

    private static final long AGAIN_MILLIS = 1000;

    private final Redis redis;
    private final Subscriber subscriber;
    private final Duration interval;
    private final Route.Target target;
    private volatile boolean hearing;

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
        listen();
        try {
            redis.timer().scheduleAtFixedRate(this::beat, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            // Nothing is left to be proved.
        }
    }

    /** Who may not hear itself is not judged by that. */
    private void listen() {
        Subscription.Receiver receiver = new Subscription.Receiver() {
            @Override
            public void onMessage(String from, byte[] message) {
                // That it came is all: the subscriber notes when it last heard anything.
            }

            @Override
            public void onGap(String reason) {
                // The link is up again.
            }

            @Override
            public void onEnd(String reason) {
                refused(reason);
            }
        };
        subscriber.subscribe(target, receiver).whenComplete((registration, thrown) -> {
            if (thrown == null) {
                hearing = true;
            } else if (Await.unwrap(thrown) instanceof RefusedException refused) {
                refused(String.valueOf(refused.getMessage()));
            } else {
                redis.later(AGAIN_MILLIS, this::listen);
            }
        });
    }

    private void refused(String reason) {
        hearing = false;
        LOG.atWarn().addKeyValue("event", "bus.unproven").log("A link that goes deaf will not be noticed: {}", reason);
    }

    private void beat() {
        try {
            prove();
        } catch (RuntimeException | Error e) { // or the timer would beat no more
            LOG.warn("A heartbeat of the bus failed; the next one follows", e);
        }
    }

    private void prove() {
        if (!subscriber.isUp()) {
            if (target.kind() == Route.Kind.SHARDED) {
                publish();
            }
            return;
        }
        long silent = System.nanoTime() - subscriber.heardAt();
        if (hearing && silent > interval.toNanos() / 4 * 7) {
            LOG.atWarn()
                    .addKeyValue("event", "bus.deaf")
                    .log(
                            "The bus heard nothing for {} ms, not even itself; it connects again",
                            TimeUnit.NANOSECONDS.toMillis(silent));
            subscriber.reconnect();
            return;
        }
        publish();
    }

    /** For how long nothing proved that the link hears; empty for one that may not hear itself. */
    Optional<Duration> unproven() {
        return hearing ? Optional.of(Duration.ofNanos(System.nanoTime() - subscriber.heardAt())) : Optional.empty();
    }

    /** A server that has not got the slot any more says by its answer who has. */
    CompletionStage<Object> publish() {
        return redis.send(
                RedisCommand.keyed(target.kind() == Route.Kind.SHARDED ? "SPUBLISH" : "PUBLISH", target.name(), ""));
    }
}
