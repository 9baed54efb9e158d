package io.covey.cluster.core.rooms;

import com.google.protobuf.InvalidProtocolBufferException;
import io.covey.cluster.Codec;
import io.covey.cluster.CodecException;
import io.covey.cluster.Gap;
import io.covey.cluster.Past;
import io.covey.cluster.Received;
import io.covey.cluster.Room;
import io.covey.cluster.RoomMessage;
import io.covey.cluster.SignedBus;
import io.covey.cluster.core.codec.Codecs;
import io.covey.cluster.core.wire.RoomSaid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what was said in a room. */
record Speech<M>(String room, Codec<M> codec) {
    private static final Logger LOG = LoggerFactory.getLogger(Speech.class);

    /** What hands a message to a listener; a gap, if it cannot be read. */
    Runnable open(SignedBus.Message message, Room.Listener<M> listener) {
        try {
            RoomMessage<M> said = read(message);
            return () -> listener.onMessage(said);
        } catch (CodecException e) {
            Gap gap = new Gap(message.channel(), OptionalLong.of(1), String.valueOf(e.getMessage()));
            return () -> listener.onGap(gap);
        }
    }

    Past<RoomMessage<M>> past(Past<SignedBus.Message> past) {
        List<Received<RoomMessage<M>>> messages = new ArrayList<>();
        for (Received<SignedBus.Message> kept : past.messages()) {
            try {
                messages.add(new Received<>(kept.channel(), read(kept.message()), kept.sender(), kept.position()));
            } catch (CodecException e) {
                LOG.warn("A message of the history is left out: {}", e.getMessage());
            }
        }
        return new Past<>(messages, past.recovered(), past.position());
    }

    private RoomMessage<M> read(SignedBus.Message message) {
        RoomSaid said;
        try {
            said = RoomSaid.parseFrom(message.payload());
        } catch (InvalidProtocolBufferException e) {
            throw new CodecException("Room " + room + ": a message is not of this version", e);
        }
        M content = Codecs.decode(codec, said.getPayload().toByteArray(), () -> "Room " + room);
        return new RoomMessage<>(
                room,
                said.hasFrom() ? Optional.of(said.getFrom()) : Optional.empty(),
                content,
                Instant.ofEpochMilli(message.sentAtMillis()),
                message.sender(),
                said.getToOthers(),
                message.position());
    }
}
