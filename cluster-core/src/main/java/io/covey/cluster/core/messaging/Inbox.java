package io.covey.cluster.core.messaging;

import io.covey.cluster.Backlog;
import io.covey.cluster.Gap;
import io.covey.cluster.Registration;
import io.covey.cluster.SubscriptionStats;
import io.covey.cluster.core.messaging.Waiting.Announced;
import io.covey.cluster.core.messaging.Waiting.Ended;
import io.covey.cluster.core.messaging.Waiting.Item;
import io.covey.cluster.core.messaging.Waiting.Lost;
import io.covey.cluster.core.messaging.Waiting.Message;
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
 * node, or where the transport calls if the subscriber never blocks; whoever is at it goes on until nothing waits, and
 * everybody else leaves what comes in the queue.
 */
final class Inbox implements MessageBus.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    private final Hearing hearing;
    private final Optional<Executor> sequence;
    private final Optional<CatchUp> catchUp;
    private final ReentrantLock lock = new ReentrantLock();
    private final Waiting waiting;
    private final Hand hand;

    /** What comes before all that waits. */
    private final Deque<Runnable> first = new ArrayDeque<>();

    private Optional<Registration> inTransport = Optional.empty();
    private boolean paused;
    private boolean draining;
    private boolean full;
    private volatile boolean closed;

    /**
     * @param sequence where the subscriber hears; empty for one that never blocks
     * @param catchUp fills holes from the history; hears nothing before it has begun
     */
    Inbox(Hearing hearing, Optional<Executor> sequence, Backlog backlog, Optional<CatchUp> catchUp) {
        this.hearing = hearing;
        this.sequence = sequence;
        this.catchUp = catchUp;
        this.waiting = new Waiting(backlog, catchUp.isPresent(), hearing.tally());
        // Each message of a history may be one to pause at.
        this.hand = new Hand(catchUp.isPresent() ? 1 : backlog.messages(), backlog.bytes());
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
            return hearing.tally().stats(closed ? 0 : waiting.size() + hand.size());
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
        if (!hearing.wants(channel, frame)) {
            return;
        }
        if (sequence.isEmpty() && begin()) {
            deliver(new Message(channel, frame, place));
            drain();
        } else {
            enqueue(new Message(channel, frame, place));
        }
    }

    /** Whether a message can be heard at once; then {@link #drain} must follow. */
    private boolean begin() {
        lock.lock();
        try {
            if (closed || full || paused || draining || !first.isEmpty() || !waiting.isEmpty()) {
                return false;
            }
            draining = true;
            return true;
        } finally {
            lock.unlock();
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
        if (sequence.isEmpty()) {
            drain();
            return;
        }
        try {
            sequence.get().execute(this::drain);
        } catch (RejectedExecutionException e) {
            LOG.debug("Subscription {} hears no more: the node is closed", hearing.subscription());
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
        hearing.tally().countRefill();
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
        while (true) {
            Runnable task;
            lock.lock();
            try {
                task = paused ? null : first.pollFirst();
                if (task == null && (paused || !hand.fill(waiting))) {
                    draining = false;
                    return;
                }
            } finally {
                lock.unlock();
            }
            if (task != null) {
                if (!closed) {
                    hearing.guarded(task);
                }
                continue;
            }
            for (Item item = hand.next(); item != null; item = hand.next()) {
                if (!closed) {
                    deliver(item);
                }
            }
        }
    }

    private void deliver(Item item) {
        try {
            if (item instanceof Message message) {
                message(message);
            } else if (item instanceof Announced announced) {
                announced(announced.gap());
            } else if (item instanceof Lost lost) {
                lost(lost);
            } else if (item instanceof Ended ended) {
                close();
                hearing.ended(ended.reason());
            }
        } catch (Throwable e) { // an Error would leave the subscriber deaf
            LOG.warn("Subscription {} failed on what came; it hears the next all the same", hearing.subscription(), e);
        }
    }

    private void message(Message message) {
        if (catchUp.isEmpty()) {
            hearing.live(message, Optional.empty());
        } else if (message.place() == null) {
            catchUp.get().unkept(message);
        } else {
            catchUp.get().live(message, false);
        }
    }

    private void cut(CatchUp history, String reason) {
        if (hearing.missesUnkept()) {
            history.cut(reason);
        } else {
            history.refill(reason);
        }
    }

    private void announced(Gap gap) {
        if (catchUp.isPresent()) {
            cut(catchUp.get(), gap.reason());
        } else {
            hearing.announce(gap);
        }
    }

    private void lost(Lost lost) {
        String reason = "the subscriber was too slow: its queue was full and messages were dropped";
        if (lost.unknown() || lost.messages() > 0) {
            hearing.explain(new Gap(
                    hearing.subscription(),
                    lost.unknown() ? OptionalLong.empty() : OptionalLong.of(lost.messages()),
                    reason));
        }
        if (lost.cut()) {
            catchUp.ifPresent(history -> cut(history, reason));
        } else if (lost.kept()) {
            catchUp.ifPresent(history -> history.refill(reason));
        }
    }
}
