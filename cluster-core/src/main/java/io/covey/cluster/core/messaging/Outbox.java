package io.covey.cluster.core.messaging;

import com.google.common.util.concurrent.Striped;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Delivery;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;

/** Puts messages into envelopes: numbers them, signs them, sends them in the order of their numbers. */
final class Outbox {
    private final NodeContext node;
    private final Optional<KeyRing> ring;
    private final LongAdder published;
    private final Sequences sequences = new Sequences();
    private final Striped<Lock> order = Striped.lock(64);

    /** @param published counts what is sent */
    Outbox(NodeContext node, Optional<KeyRing> ring, LongAdder published) {
        this.node = node;
        this.ring = ring;
        this.published = published;
    }

    /** How a frame goes on its way. */
    interface Way {
        CompletionStage<Delivery> send(String channel, byte[] frame);
    }

    CompletionStage<Delivery> publish(String channel, int kind, byte[] payload, byte[] headers, Way way) {
        node.life().ensureOpen();
        Letter letter = new Letter(
                channel, node.self().id(), kind, payload, headers, node.clock().millis());
        limit(letter);
        Lock lock = order.get(channel);
        lock.lock();
        try {
            long seq = sequences.next(channel);
            byte[] frame =
                    ring.isPresent() ? Frame.write(letter, seq, ring.get().signing()) : Frame.write(letter, seq);
            published.increment();
            return way.send(channel, frame);
        } finally {
            lock.unlock();
        }
    }

    /** Before it gets its number, so that a message refused leaves no hole. */
    private void limit(Letter letter) {
        int most = node.config().maxFrameBytes();
        long size = letter.payload().length + Frame.most(letter);
        if (size > most) {
            throw new IllegalArgumentException("A message of " + letter.payload().length + " bytes on channel "
                    + letter.channel() + " makes a frame of up to " + size + " bytes, over the limit of " + most
                    + " (maxFrameBytes); it was not sent");
        }
    }
}
