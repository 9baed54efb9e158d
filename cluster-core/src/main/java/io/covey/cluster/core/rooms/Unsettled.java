package io.covey.cluster.core.rooms;

import io.covey.cluster.core.runtime.NodeContext;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Places of which the backend, or those who listen, may not know what this node knows, since an answer is missing. */
final class Unsettled {
    private static final Logger LOG = LoggerFactory.getLogger(Unsettled.class);

    private final NodeContext node;
    private final Settling settling;
    private final Executor sequence;
    /** With the membership whose end has to be told. */
    private final Map<Place, Optional<Seat>> places = new ConcurrentHashMap<>();

    private final AtomicBoolean scheduled = new AtomicBoolean();

    Unsettled(NodeContext node, Settling settling) {
        this.node = node;
        this.settling = settling;
        this.sequence = node.threads().sequence();
    }

    /** Makes the backend and the listeners know. */
    interface Settling {

        /** Throws if it has to be done again. */
        void settle(Place place, Optional<Seat> ended);
    }

    void add(Place place, Optional<Seat> ended) {
        places.merge(place, ended, (before, now) -> now.isPresent() ? now : before);
        schedule();
    }

    private void schedule() {
        if (!scheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            node.threads()
                    .timer()
                    .schedule(
                            () -> sequence.execute(this::settle),
                            node.config().beat().toNanos(),
                            TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Rooms are not settled any more: the node is closed");
        }
    }

    private void settle() {
        scheduled.set(false);
        try {
            places.forEach((place, ended) -> {
                // First removed: what goes wrong meanwhile adds it again.
                if (places.remove(place, ended)) {
                    settleOrKeep(place, ended);
                }
            });
        } catch (RuntimeException e) {
            if (!node.life().ended()) {
                LOG.debug("Rooms are settled later", e);
            }
        }
        if (!places.isEmpty() && !node.life().ended()) {
            schedule();
        }
    }

    private void settleOrKeep(Place place, Optional<Seat> ended) {
        try {
            settling.settle(place, ended);
        } catch (RuntimeException e) {
            add(place, ended);
            throw e;
        }
    }
}
