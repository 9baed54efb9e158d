package io.covey.cluster.rpc;

import io.covey.cluster.Registration;
import io.covey.cluster.SignedBus;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Delivery;
import java.util.concurrent.CompletionStage;

/** How frames travel. Inboxes are of one shard each, so that it is known everywhere whether a node hears what it is sent. */
final class Post {
    private final SignedBus everyone;
    private final SignedBus inboxes;

    Post(SignedBus bus) {
        this.everyone = bus;
        this.inboxes = bus.sharded();
    }

    CompletionStage<Registration> subscribe(String channel, SignedBus.Listener listener) {
        return of(channel).subscribe(channel, listener);
    }

    /** Whatever goes wrong is in the stage. */
    CompletionStage<Delivery> publish(String channel, int kind, byte[] payload) {
        return Await.caught(() -> send(channel, kind, payload));
    }

    /**
     * As {@link #publish}.
     *
     * @throws IllegalArgumentException if it is too large
     */
    CompletionStage<Delivery> send(String channel, int kind, byte[] payload) {
        return of(channel).publish(channel, kind, payload);
    }

    private SignedBus of(String channel) {
        return channel.equals(Frames.EVERYONE) ? everyone : inboxes;
    }
}
