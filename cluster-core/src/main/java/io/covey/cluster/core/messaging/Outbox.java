package io.covey.cluster.core.messaging;

import com.google.common.util.concurrent.Striped;
import com.google.protobuf.ByteString;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.core.wire.Envelope;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.MessageBus;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Lock;

/** Puts messages into envelopes: numbers them, signs them, sends them in the order of their numbers. */
final class Outbox {
    private final NodeContext node;
    private final MessageBus bus;
    private final Optional<KeyRing> ring;
    private final Sequences sequences = new Sequences();
    private final Striped<Lock> order = Striped.lock(64);

    Outbox(NodeContext node, MessageBus bus, Optional<KeyRing> ring) {
        this.node = node;
        this.bus = bus;
        this.ring = ring;
    }

    CompletionStage<Delivery> publish(String channel, int kind, byte[] payload) {
        node.life().ensureOpen();
        Envelope.Builder envelope = Envelope.newBuilder()
                .setChannel(channel)
                .setSender(node.self().id())
                .setKind(kind)
                .setPayload(ByteString.copyFrom(payload))
                .setSentMs(node.clock().millis());
        ring.ifPresent(keys -> envelope.setKeyId(keys.signing().id()));
        limit(channel, envelope);
        Lock lock = order.get(channel);
        lock.lock();
        try {
            envelope.setSeq(sequences.next(channel));
            ring.ifPresent(
                    keys -> envelope.setMac(ByteString.copyFrom(keys.signing().sign(envelope))));
            return bus.publish(channel, Frame.write(envelope.build()));
        } finally {
            lock.unlock();
        }
    }

    private void limit(String channel, Envelope.Builder envelope) {
        int most = node.config().maxFrameBytes();
        // Sized before it gets its number, so that a message refused leaves no hole: number and signature take 43
        // bytes.
        int size = envelope.build().getSerializedSize() + 1 + 43;
        if (size > most) {
            throw new IllegalArgumentException("A message of "
                    + envelope.getPayload().size() + " bytes on channel " + channel + " makes a frame of " + size
                    + " bytes, over the limit of " + most + " (maxFrameBytes); it was not sent");
        }
    }
}
