package io.covey.cluster.core.messaging;

import io.covey.cluster.Gap;
import io.covey.cluster.Registration;
import io.covey.cluster.spi.MessageBus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between the transport's thread and a subscriber: a bounded queue that drops the oldest and says so. Checks and the
 * subscriber run on a thread of the node.
 */
final class Inbox implements MessageBus.Listener {
    static final int MOST_MESSAGES = 10_000;
    static final long MOST_BYTES = 64L << 20;
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    private final String subscription;
    private final Gate gate;
    private final Receiver receiver;
    private final Executor sequence;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Item> queue = new ArrayDeque<>();
    private int messages;
    private long bytes;
    private long dropped;
    private boolean droppedGap;
    private boolean draining;
    private volatile boolean closed;

    Inbox(String subscription, Gate gate, Receiver receiver, Executor sequence) {
        this.subscription = subscription;
        this.gate = gate;
        this.receiver = receiver;
        this.sequence = sequence;
    }

    /** Ends with the transport's subscription; nothing is delivered afterwards. */
    Registration registration(Registration inTransport) {
        return () -> {
            closed = true;
            inTransport.close();
        };
    }

    @Override
    public void onMessage(String channel, byte[] frame) {
        if (receiver.wants(channel) && gate.fits(channel, frame)) {
            enqueue(new Item(channel, frame, null));
        }
    }

    @Override
    public void onGap(Gap gap) {
        enqueue(new Item(gap.channel(), new byte[0], gap));
    }

    private void enqueue(Item item) {
        boolean start;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            queue.addLast(item);
            messages++;
            bytes += item.frame.length;
            while (messages > MOST_MESSAGES || bytes > MOST_BYTES) {
                Item oldest = remove();
                if (oldest.gap == null) {
                    dropped++;
                } else {
                    droppedGap = true;
                }
            }
            start = !draining;
            draining = true;
        } finally {
            lock.unlock();
        }
        if (start) {
            try {
                sequence.execute(this::drain);
            } catch (RejectedExecutionException e) {
                LOG.debug("Subscription {} hears no more: the node is closed", subscription);
            }
        }
    }

    private void drain() {
        for (Item item = next(); item != null; item = next()) {
            try {
                deliver(item);
            } catch (RuntimeException e) {
                LOG.warn("The subscriber to {} threw; it hears of the next message all the same", subscription, e);
            }
        }
    }

    private @Nullable Item next() {
        lock.lock();
        try {
            if (closed) {
                queue.clear();
            }
            if (dropped > 0 || droppedGap) {
                Gap gap = new Gap(
                        subscription,
                        droppedGap ? OptionalLong.empty() : OptionalLong.of(dropped),
                        "the subscriber was too slow: its queue of " + MOST_MESSAGES
                                + " messages was full, the oldest were dropped");
                dropped = 0;
                droppedGap = false;
                gate.holesAnnounced();
                return new Item(subscription, new byte[0], gap);
            }
            if (queue.isEmpty()) {
                draining = false;
                return null;
            }
            return remove();
        } finally {
            lock.unlock();
        }
    }

    private Item remove() {
        Item item = queue.removeFirst();
        messages--;
        bytes -= item.frame.length;
        return item;
    }

    private void deliver(Item item) {
        if (closed) {
            return;
        }
        if (item.gap != null) {
            receiver.onGap(item.gap);
            return;
        }
        Optional<Gate.Admitted> admitted = gate.admit(item.channel, item.frame);
        if (gate.takeUnheard()) {
            announce(new Gap(
                    item.channel,
                    OptionalLong.of(1),
                    "a message was dropped: " + Gate.MOST_SENDERS + " senders, the most, are heard already"));
        }
        admitted.ifPresent(one -> {
            if (one.missed() > 0) {
                announce(new Gap(
                        item.channel,
                        OptionalLong.of(one.missed()),
                        "messages of " + one.envelope().getSender() + " did not arrive"));
            }
            receiver.onMessage(one.envelope());
        });
    }

    private void announce(Gap gap) {
        try {
            receiver.onGap(gap);
        } catch (RuntimeException e) {
            LOG.warn("The subscriber to {} threw at a gap; it hears of the next message all the same", subscription, e);
        }
    }

    private record Item(
            String channel, byte[] frame, @Nullable Gap gap) {}
}
