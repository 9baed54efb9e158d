package io.covey.cluster.core.rooms;

import io.covey.cluster.Gap;
import io.covey.cluster.History;
import io.covey.cluster.Node;
import io.covey.cluster.Registration;
import io.covey.cluster.Room;
import io.covey.cluster.Room.Departure;
import io.covey.cluster.SignedBus;
import io.covey.cluster.Start;
import io.covey.cluster.Subscription;
import io.covey.cluster.core.messaging.UnkeptGap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one listener has been told of a room. News say what happened; where they may be missing, the directory is read and
 * the listener is told the difference. Nodes that die are known from the members: their members are told from here, so that
 * it does not matter who buries them, or whether he dies over it.
 */
final class RoomView<M> implements SignedBus.Listener, Registration {
    private static final Logger LOG = LoggerFactory.getLogger(RoomView.class);
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private final String room;
    private final Speech<M> speech;
    private final RoomReader reader;
    private final Room.Listener<M> listener;
    private final Consumer<RoomView<?>> onClose;
    private final Executor sequence;
    /** Guards what was told, and has the listener called by one thread at a time. */
    private final ReentrantLock telling = new ReentrantLock();

    private final Told told = new Told();
    private boolean doubts;
    private boolean readsAgain;
    private int failedReads;
    /** What is said comes by a subscription of its own, which catches up from the history. */
    private boolean speechElsewhere;
    /** Then what a gap of the news took may have been said, if somebody speaks without the history. */
    private final UnkeptGap unkept = new UnkeptGap();

    private volatile boolean closed;

    RoomView(Speech<M> speech, RoomReader reader, Room.Listener<M> listener, Consumer<RoomView<?>> onClose) {
        this.room = speech.room();
        this.speech = speech;
        this.reader = reader;
        this.listener = listener;
        this.onClose = onClose;
        this.sequence = reader.node().threads().sequence();
    }

    /** Subscribes, then reads: nothing happens in between unheard. */
    Registration open(RoomBus bus) {
        telling.lock();
        try {
            Registration news = openNews(bus);
            return () -> {
                close();
                news.close();
            };
        } finally {
            telling.unlock();
        }
    }

    /** With a history: two subscriptions, since news are not kept and their gaps must not be filled with what was said. */
    Subscription open(RoomBus bus, History history, Start start) {
        telling.lock();
        try {
            speechElsewhere = true;
            Registration news = openNews(bus);
            try {
                return new Replayed(bus.listen(room, history, start, new Replay()), () -> {
                    close();
                    news.close();
                });
            } catch (RuntimeException e) {
                news.close();
                throw e;
            }
        } finally {
            telling.unlock();
        }
    }

    private Registration openNews(RoomBus bus) {
        Registration news = bus.listen(room, this);
        try {
            reader.read(room).values().forEach(told::begin);
        } catch (RuntimeException e) {
            news.close();
            throw e;
        }
        call(() -> listener.onMembers(told.present().stream().map(Seat::member).toList()));
        doubtTheUnknown();
        return news;
    }

    /** Hears what was and is said, beside the news. */
    private final class Replay implements SignedBus.Listener {

        @Override
        public void onMessage(SignedBus.Message message) {
            if (message.kind() == RoomBus.SAID) {
                tell(speech.open(message, listener));
            }
        }

        /** A hole in a sender's numbers may be news, which are not kept; what was said is missed by its place in the history. */
        @Override
        public void onGap(Gap gap) {
            if (gap.hole().isEmpty()) {
                tell(() -> listener.onGap(gap));
            }
        }
    }

    private void tell(Runnable method) {
        telling.lock();
        try {
            call(method);
        } finally {
            telling.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        onClose.accept(this);
    }

    @Override
    public void onMessage(SignedBus.Message message) {
        telling.lock();
        try {
            switch (message.kind()) {
                case RoomBus.SAID -> {
                    if (!speechElsewhere) {
                        call(speech.open(message, listener));
                    } else if (message.position().isEmpty()) {
                        unkept.untold().ifPresent(this::gap);
                        unkept.heard();
                    }
                }
                case RoomBus.JOINED -> Seat.ofNews(room, message.payload()).ifPresent(this::joined);
                case RoomBus.LEFT ->
                    Ended.ofNews(room, message.payload()).ifPresent(ended -> left(ended.seat(), ended.how()));
                case RoomBus.DESTROYED -> destroyed();
                default -> LOG.debug("A message of kind {} in room {} is not understood", message.kind(), room);
            }
        } finally {
            telling.unlock();
        }
    }

    @Override
    public void onGap(Gap gap) {
        telling.lock();
        try {
            Optional<Gap> now = speechElsewhere ? unkept.lost(gap) : Optional.of(gap);
            now.ifPresent(this::gap);
        } finally {
            telling.unlock();
        }
        later(this::compare);
    }

    private void gap(Gap gap) {
        call(() -> listener.onGap(gap));
    }

    /** A node is no member any more; called by the thread of the members. */
    void gone(Node node, Departure how) {
        if (told.present().stream().anyMatch(seat -> seat.node().equals(node.id()))) {
            later(() -> {
                told.present().stream()
                        .filter(seat -> seat.node().equals(node.id()))
                        .toList()
                        .forEach(seat -> left(seat, how));
                // Should it have come back already, what it wrote again is there.
                doubt();
            });
        }
    }

    private void joined(Seat seat) {
        switch (told.joined(seat)) {
            case NEW -> call(() -> listener.onJoined(seat.member()));
            case CHANGED -> call(() -> listener.onUpdated(seat.member()));
            case OVER -> {
                call(() -> listener.onJoined(seat.member()));
                call(() -> listener.onLeft(seat.member(), Departure.LEFT));
            }
            // What is present may be what it replaced.
            case DOUBTFUL -> later(this::compare);
            case KNOWN -> {}
        }
        // In this order: the end of a node that comes now finds the seat, one that came before is seen here.
        if (!reader.isAlive(seat.node())) {
            doubt();
        }
    }

    private void left(Seat seat, Departure how) {
        told.left(seat).ifPresent(known -> call(() -> listener.onLeft(known.member(), how)));
    }

    private void destroyed() {
        Map<String, Seat> there = Map.of();
        try {
            there = reader.read(room);
        } catch (RuntimeException e) {
            LOG.debug("Room {} is read again later", room, e);
            readAgain();
        }
        for (Seat seat : told.without(there)) {
            left(seat, Departure.DESTROYED);
        }
        call(listener::onDestroyed);
    }

    /** Reads the directory and tells the difference. */
    private void compare() {
        Map<String, Seat> there;
        try {
            there = reader.read(room);
        } catch (RuntimeException e) {
            if (!reader.node().life().ended()) {
                LOG.debug("Room {} is read again later", room, e);
                readAgain();
            }
            return;
        }
        failedReads = 0;
        there.values().forEach(seat -> {
            told.revive(seat);
            joined(seat);
        });
        for (Seat seat : told.without(there)) {
            if (!reader.isAlive(seat.node())) {
                left(seat, Departure.DIED);
            } else if (told.missedFor(seat, reader.node().clock().nanos())
                    >= reader.node().config().lease().toNanos()) {
                left(seat, Departure.LEFT);
            } else {
                // A backend without memory is about to be told again.
                doubt();
            }
        }
        doubtTheUnknown();
    }

    private void doubtTheUnknown() {
        if (told.present().stream().anyMatch(seat -> !reader.isAlive(seat.node()))) {
            doubt();
        }
    }

    private void doubt() {
        if (!doubts) {
            doubts = true;
            compareIn(reader.node().config().lease().toNanos(), () -> doubts = false);
        }
    }

    /** Soon, since links come back one after the other, and seldom once that has failed often. */
    private void readAgain() {
        if (!readsAgain) {
            readsAgain = true;
            long pause = FIRST_PAUSE << Math.min(failedReads++, 12);
            compareIn(Math.min(pause, reader.node().config().lease().toNanos()), () -> readsAgain = false);
        }
    }

    private void compareIn(long nanos, Runnable before) {
        if (closed) {
            return;
        }
        try {
            reader.node()
                    .threads()
                    .timer()
                    .schedule(
                            () -> later(() -> {
                                before.run();
                                compare();
                            }),
                            nanos,
                            TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Room {} is not read any more: the node is closed", room);
        }
    }

    private void later(Runnable step) {
        try {
            sequence.execute(() -> {
                telling.lock();
                try {
                    if (!closed) {
                        step.run();
                    }
                } finally {
                    telling.unlock();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("Room {} is not heard any more: the node is closed", room);
        }
    }

    private void call(Runnable method) {
        if (closed) {
            return;
        }
        try {
            method.run();
        } catch (Throwable e) { // an Error would keep the rest of what is told now from it
            LOG.warn("A listener to room {} threw; it hears of what comes next all the same", room, e);
        }
    }
}
