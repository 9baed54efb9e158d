package io.covey.cluster.core.rooms;

import io.covey.cluster.Position;
import io.covey.cluster.Registration;
import io.covey.cluster.Subscription;
import io.covey.cluster.SubscriptionStats;
import java.util.Optional;

/** The listening to a room with a history: what is said, and with it the news. */
record Replayed(Subscription speech, Registration news) implements Subscription {

    @Override
    public SubscriptionStats stats() {
        return speech.stats();
    }

    @Override
    public boolean recovered() {
        return speech.recovered();
    }

    @Override
    public Optional<Position> position() {
        return speech.position();
    }

    @Override
    public void close() {
        news.close();
        speech.close();
    }
}
