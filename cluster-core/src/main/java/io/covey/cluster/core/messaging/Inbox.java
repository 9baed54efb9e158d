package io.covey.cluster.core.messaging;

import io.covey.cluster.Backlog;
import io.covey.cluster.CodecException;
import io.covey.cluster.Gap;
import io.covey.cluster.Position;
import io.covey.cluster.Registration;
import io.covey.cluster.SubscriptionStats;
import io.covey.cluster.core.messaging.Waiting.Announced;
import io.covey.cluster.core.messaging.Waiting.Ended;
import io.covey.cluster.core.messaging.Waiting.Item;
import io.covey.cluster.core.messaging.Waiting.Lost;
import io.covey.cluster.core.messaging.Waiting.Message;
import io.covey.cluster.core.wire.Envelope;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.Place;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between the transport's thread and a subscriber: a bounded queue. Checks and the subscriber run on a thread of the
 * node.
 */
final class Inbox implements MessageBus.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    private final String subscription;
    private final Gate gate;
    private final Receiver receiver;
    private final Executor sequence;
    private final Optional<CatchUp> catchUp;
    private final Tally tally;
    private final ReentrantLock lock = new ReentrantLock();
    private final Waiting waiting;

    /** What comes before all that waits. */
    private final Deque<Runnable> first = new ArrayDeque<>();

    private Optional<Registration> inTransport = Optional.empty();
    private boolean paused;
    private boolean draining;
    private boolean full;
    private volatile boolean closed;

    /**
     * @param catchUp fills holes from the history; hears nothing before it has begun
     */
    Inbox(
            String subscription,
            Gate gate,
            Receiver receiver,
            Executor sequence,
            Backlog backlog,
            Optional<CatchUp> catchUp,
            Tally tally) {
        this.subscription = subscription;
        this.gate = gate;
        this.receiver = receiver;
        this.sequence = sequence;
        this.catchUp = catchUp;
        this.tally = tally;
        this.waiting = new Waiting(backlog, catchUp.isPresent(), tally);
        this.paused = catchUp.isPresent();
    }

    /** Ends with the transport's subscription; nothing is delivered afterwards. */
    Registration registration(Registration made) {
        lock.lock();
        try {
            inTransport = Optional.of(made);
        } finally {
            lock.unlock();
        }
        if (closed) {
            made.close();
        }
        return this::close;
    }

    private void close() {
        Optional<Registration> made;
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            first.clear();
            made = inTransport;
        } finally {
            lock.unlock();
        }
        made.ifPresent(Registration::close);
    }

    SubscriptionStats stats() {
        lock.lock();
        try {
            return new SubscriptionStats(
                    tally.received(),
                    tally.dropped(),
                    tally.gaps(),
                    tally.rejected(),
                    tally.undecodable(),
                    tally.refills(),
                    waiting.size());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onMessage(String channel, byte[] frame) {
        came(channel, frame, null);
    }

    @Override
    public void onMessage(String channel, byte[] frame, Place place) {
        came(channel, frame, place);
    }

    private void came(String channel, byte[] frame, @Nullable Place place) {
        if (!receiver.wants(channel)) {
            return;
        }
        if (gate.fits(channel, frame)) {
            enqueue(new Message(channel, frame, place));
        } else {
            tally.countRejected();
        }
    }

    @Override
    public void onGap(Gap gap) {
        enqueue(new Announced(gap));
    }

    @Override
    public void onEnd(String reason) {
        enqueue(new Ended(reason));
    }

    private void enqueue(Item item) {
        lock.lock();
        try {
            if (closed || full) {
                return;
            }
            full = !waiting.add(item);
            if (paused || draining) {
                return;
            }
            draining = true;
        } finally {
            lock.unlock();
        }
        start();
    }

    private void start() {
        try {
            sequence.execute(this::drain);
        } catch (RejectedExecutionException e) {
            LOG.debug("Subscription {} hears no more: the node is closed", subscription);
        }
    }

    /** Hears nothing until {@link #resume}; from within a call on the sequence. */
    void pause() {
        lock.lock();
        try {
            paused = true;
        } finally {
            lock.unlock();
        }
        tally.countRefill();
    }

    /** Goes on with something. Any thread. */
    void resume(Runnable with) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            first.addFirst(with);
            paused = false;
            if (draining) {
                return;
            }
            draining = true;
        } finally {
            lock.unlock();
        }
        start();
    }

    /** What is to be done before all else, in order. */
    void before(List<Runnable> tasks) {
        lock.lock();
        try {
            for (int i = tasks.size() - 1; i >= 0 && !closed; i--) {
                first.addFirst(tasks.get(i));
            }
        } finally {
            lock.unlock();
        }
    }

    private void drain() {
        for (Runnable task = next(); task != null; task = next()) {
            if (!closed) {
                guarded(task);
            }
        }
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            if (!paused) {
                Runnable task = first.pollFirst();
                if (task != null) {
                    return task;
                }
                Item item = waiting.poll();
                if (item != null) {
                    return () -> deliver(item);
                }
            }
            draining = false;
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void deliver(Item item) {
        if (item instanceof Message message) {
            if (message.place() != null && catchUp.isPresent()) {
                catchUp.get().live(message, false);
            } else {
                hearUnkept(message);
            }
        } else if (item instanceof Announced announced) {
            if (catchUp.isPresent()) {
                cut(catchUp.get(), announced.gap().reason());
            } else {
                announce(announced.gap());
            }
        } else if (item instanceof Lost lost) {
            lost(lost);
        } else if (item instanceof Ended ended) {
            close();
            LOG.atWarn()
                    .addKeyValue("event", "subscription.ended")
                    .log("The subscription to {} has ended: {}", subscription, ended.reason());
            guarded(() -> receiver.onEnd(ended.reason()));
        }
    }

    private void lost(Lost lost) {
        String reason = "the subscriber was too slow: its queue was full and messages were dropped";
        if (lost.unknown() || lost.messages() > 0) {
            gate.holesAnnounced();
            announce(new Gap(
                    subscription, lost.unknown() ? OptionalLong.empty() : OptionalLong.of(lost.messages()), reason));
        }
        if (lost.cut()) {
            catchUp.ifPresent(history -> cut(history, reason));
        } else if (lost.kept()) {
            catchUp.ifPresent(history -> history.refill(reason));
        }
    }

    private void cut(CatchUp history, String reason) {
        if (receiver.missesUnkept()) {
            history.cut(reason);
        } else {
            history.refill(reason);
        }
    }

    private void hearUnkept(Message message) {
        if (hear(message, catchUp.flatMap(CatchUp::untold))) {
            catchUp.ifPresent(CatchUp::heardUnkept);
        }
    }

    /** Hears a message that came just now; false if it was not let in. */
    boolean hear(Message message, Optional<Gap> before) {
        Optional<Gate.Admitted> admitted = gate.admit(message.channel(), message.frame());
        if (admitted.isPresent()) {
            before.ifPresent(gap -> {
                gate.holesAnnounced();
                announce(gap);
            });
        }
        return hear(
                message.channel(),
                admitted,
                Optional.ofNullable(message.place()).map(Place::position));
    }

    /** Hears a message that was read from a history of that age. */
    void hearKept(String channel, byte[] frame, Position position, long ageMillis) {
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
        Envelope.Builder envelope = admitted.get().envelope();
        long missed = admitted.get().missed();
        if (missed > 0) {
            Gap.Hole hole = new Gap.Hole(envelope.getSender(), envelope.getSeq() - missed, envelope.getSeq() - 1);
            announce(new Gap(channel, hole, "messages of " + envelope.getSender() + " did not arrive"));
        }
        Runnable call;
        try {
            call = receiver.open(envelope, position);
        } catch (CodecException e) {
            tally.countUndecodable();
            Gap.Hole hole = new Gap.Hole(envelope.getSender(), envelope.getSeq(), envelope.getSeq());
            announce(new Gap(channel, hole, String.valueOf(e.getMessage())));
            return true;
        }
        tally.countReceived();
        guarded(call);
        return true;
    }

    /** Holes up to here have an explanation of their own. */
    void explain(Gap gap) {
        gate.holesAnnounced();
        announce(gap);
    }

    private void announce(Gap gap) {
        tally.countGap();
        guarded(() -> receiver.onGap(gap));
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) { // an Error would leave the subscriber deaf
            LOG.warn("The subscriber to {} threw; it hears of what comes next all the same", subscription, e);
        }
    }
}
