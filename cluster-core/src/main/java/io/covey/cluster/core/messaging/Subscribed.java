package io.covey.cluster.core.messaging;

import io.covey.cluster.Position;
import io.covey.cluster.Registration;
import io.covey.cluster.Subscription;
import io.covey.cluster.SubscriptionStats;
import java.util.Optional;

/** A subscription as its subscriber holds it. */
final class Subscribed implements Subscription {
    private final Inbox inbox;
    private final Registration registration;
    private final boolean recovered;
    private final Optional<CatchUp> catchUp;

    Subscribed(Inbox inbox, Registration registration, boolean recovered, Optional<CatchUp> catchUp) {
        this.inbox = inbox;
        this.registration = registration;
        this.recovered = recovered;
        this.catchUp = catchUp;
    }

    @Override
    public SubscriptionStats stats() {
        return inbox.stats();
    }

    @Override
    public boolean recovered() {
        return recovered;
    }

    @Override
    public Optional<Position> position() {
        return catchUp.flatMap(CatchUp::position);
    }

    @Override
    public void close() {
        registration.close();
    }
}
