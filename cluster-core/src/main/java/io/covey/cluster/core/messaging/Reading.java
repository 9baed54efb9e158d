package io.covey.cluster.core.messaging;

import io.covey.cluster.CodecException;
import io.covey.cluster.History;
import io.covey.cluster.Past;
import io.covey.cluster.Position;
import io.covey.cluster.Received;
import io.covey.cluster.Start;
import io.covey.cluster.spi.HistoryPage;
import io.covey.cluster.spi.Kept;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One look into the history of a channel, with the checks of a subscriber. */
final class Reading<M> {
    static final int MOST = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

    private final Messaging.Sealed bus;
    private final String channel;
    private final Opener<M> opener;
    private final long ageMillis;
    private final Gate gate;
    private final List<Received<M>> messages = new ArrayList<>();

    Reading(Messaging.Sealed bus, String channel, Opener<M> opener, History history) {
        this.bus = bus;
        this.channel = channel;
        this.opener = opener;
        this.ageMillis = history.within().toMillis();
        this.gate = bus.gate();
    }

    /** Reads what is inside. */
    interface Opener<M> {

        /**
         * Opens an envelope.
         *
         * @throws CodecException if it cannot be read
         */
        Received<M> open(Arrival arrival, Optional<Position> position);
    }

    Past<M> read(Start start, int most) {
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("1 to " + MOST + " messages are read, were " + most);
        }
        Start from = start;
        boolean complete = true;
        for (int read = 0; ; ) {
            HistoryPage page = page(from, Math.min(CatchUp.PAGE, most - read));
            complete &= page.complete();
            page.messages().forEach(this::take);
            read += page.messages().size();
            if (page.messages().isEmpty()) {
                return new Past<>(messages, complete, read == 0 ? page.newest() : ((Start.After) from).position());
            }
            Position last =
                    page.messages().get(page.messages().size() - 1).place().position();
            if (!page.more() || read >= most) {
                return new Past<>(messages, complete, last);
            }
            from = Start.after(last);
        }
    }

    private HistoryPage page(Start from, int limit) {
        return bus.node().await(() -> bus.raw().read(channel, from, limit), () -> "read the history of " + channel);
    }

    private void take(Kept kept) {
        gate.admitKept(channel, kept.message(), ageMillis).ifPresent(one -> {
            try {
                messages.add(opener.open(one.arrival(), Optional.of(kept.place().position())));
            } catch (CodecException e) {
                LOG.warn("A message of the history is left out: {}", e.getMessage());
            }
        });
    }
}
