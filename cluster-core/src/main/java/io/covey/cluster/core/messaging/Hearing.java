package io.covey.cluster.core.messaging;

import io.covey.cluster.CodecException;
import io.covey.cluster.Gap;
import io.covey.cluster.Position;
import io.covey.cluster.core.messaging.Waiting.Message;
import io.covey.cluster.spi.Place;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a subscriber what it is to hear: the messages that the gate lets in, and before them the gaps that they show.
 * What the subscriber throws goes into the log. One call at a time.
 */
final class Hearing {
    private static final Logger LOG = LoggerFactory.getLogger(Hearing.class);

    private final String subscription;
    private final Gate gate;
    private final Receiver receiver;
    private final Tally tally;

    Hearing(String subscription, Gate gate, Receiver receiver, Tally tally) {
        this.subscription = subscription;
        this.gate = gate;
        this.receiver = receiver;
        this.tally = tally;
    }

    String subscription() {
        return subscription;
    }

    Tally tally() {
        return tally;
    }

    boolean missesUnkept() {
        return receiver.missesUnkept();
    }

    /** Whether a message is worth more than a glance. Any thread. */
    boolean wants(String channel, byte[] frame) {
        if (!receiver.wants(channel)) {
            return false;
        }
        boolean fits = gate.fits(channel, frame);
        if (!fits) {
            tally.countRejected();
        }
        return fits;
    }

    /** Hears a message that came just now; false if it was not let in, and then nothing is said of the gap either. */
    boolean live(Message message, Optional<Gap> before) {
        Optional<Gate.Admitted> admitted = gate.admit(message.channel(), message.frame());
        if (admitted.isPresent() && before.isPresent()) {
            explain(before.get());
        }
        Place place = message.place();
        return hear(message.channel(), admitted, place == null ? Optional.empty() : Optional.of(place.position()));
    }

    /** Hears a message that was read from a history of that age. */
    void kept(String channel, byte[] frame, Position position, long ageMillis) {
        if (receiver.wants(channel)) {
            hear(channel, gate.admitKept(channel, frame, ageMillis), Optional.of(position));
        }
    }

    private boolean hear(String channel, Optional<Gate.Admitted> admitted, Optional<Position> position) {
        if (gate.takeUnheard()) {
            announce(new Gap(
                    channel,
                    OptionalLong.of(1),
                    "a message was dropped: " + Gate.MOST_SENDERS + " senders, the most, are heard already"));
        }
        if (admitted.isEmpty()) {
            tally.countRejected();
            return false;
        }
        Arrival arrival = admitted.get().arrival();
        long missed = admitted.get().missed();
        if (missed > 0) {
            announce(hole(arrival, missed, "messages of " + arrival.sender().text() + " did not arrive"));
        }
        Runnable call;
        try {
            call = receiver.open(arrival, position);
        } catch (CodecException e) {
            tally.countUndecodable();
            announce(hole(arrival, 0, String.valueOf(e.getMessage())));
            return true;
        }
        tally.countReceived();
        guarded(call);
        return true;
    }

    /** So many before a message, or with none it itself. */
    private static Gap hole(Arrival arrival, long before, String reason) {
        String sender = arrival.sender().text();
        long seq = arrival.seq();
        return new Gap(
                arrival.channel().text(),
                before == 0 ? new Gap.Hole(sender, seq, seq) : new Gap.Hole(sender, seq - before, seq - 1),
                reason);
    }

    /** Holes up to here have an explanation of their own. */
    void explain(Gap gap) {
        gate.holesAnnounced();
        announce(gap);
    }

    void announce(Gap gap) {
        tally.countGap();
        guarded(() -> receiver.onGap(gap));
    }

    void ended(String reason) {
        LOG.atWarn()
                .addKeyValue("event", "subscription.ended")
                .log("The subscription to {} has ended: {}", subscription, reason);
        guarded(() -> receiver.onEnd(reason));
    }

    void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) { // an Error would leave the subscriber deaf
            LOG.warn("The subscriber to {} threw; it hears of what comes next all the same", subscription, e);
        }
    }
}
