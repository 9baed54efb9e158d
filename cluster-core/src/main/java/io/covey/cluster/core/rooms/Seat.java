package io.covey.cluster.core.rooms;

import com.google.protobuf.InvalidProtocolBufferException;
import io.covey.cluster.RoomMember;
import io.covey.cluster.core.wire.RoomSeat;
import io.covey.cluster.spi.Directory.Row;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A membership.
 *
 * @param id whose, and where
 * @param node the node it belongs to
 * @param stamp another one for each membership, and when it is written anew
 * @param joinedAt when it began
 * @param metadata what the application said of it
 */
record Seat(SeatId id, String node, long stamp, Instant joinedAt, Map<String, String> metadata) {
    private static final Logger LOG = LoggerFactory.getLogger(Seat.class);

    Seat {
        metadata = Map.copyOf(metadata);
    }

    static Seat taken(SeatId id, String node, Instant joinedAt, Map<String, String> metadata) {
        return new Seat(id, node, ThreadLocalRandom.current().nextLong(), joinedAt, metadata);
    }

    /** The same membership, written anew: news of its end that is under way do not end it. */
    Seat again() {
        return taken(id, node, joinedAt, metadata);
    }

    RoomMember member() {
        return new RoomMember(id.member(), metadata, joinedAt, node);
    }

    /** Whether a listener would see no difference. */
    boolean looksLike(Seat other) {
        return member().equals(other.member());
    }

    Row row() {
        return new Row(id.group(), id.member(), node, wire().build().toByteArray());
    }

    /** The row without what it says, to look for it. */
    Row key() {
        return new Row(id.group(), id.member(), node, new byte[0]);
    }

    byte[] news() {
        return wireNews().build().toByteArray();
    }

    RoomSeat.Builder wireNews() {
        return wire().setMember(id.member()).setNode(node);
    }

    private RoomSeat.Builder wire() {
        return RoomSeat.newBuilder()
                .setStamp(stamp)
                .setJoinedMs(joinedAt.toEpochMilli())
                .putAllMetadata(metadata);
    }

    /** Empty if the row is none of this version. */
    static Optional<Seat> of(Row row) {
        return read(RoomRows.room(row.group()), row.data())
                .map(seat -> seat(new SeatId(RoomRows.room(row.group()), row.member()), row.owner(), seat));
    }

    static Optional<Seat> ofNews(String room, byte[] news) {
        return read(room, news).map(seat -> ofNews(room, seat));
    }

    static Seat ofNews(String room, RoomSeat news) {
        return seat(new SeatId(room, news.getMember()), news.getNode(), news);
    }

    private static Seat seat(SeatId id, String node, RoomSeat seat) {
        return new Seat(id, node, seat.getStamp(), Instant.ofEpochMilli(seat.getJoinedMs()), seat.getMetadataMap());
    }

    static Optional<RoomSeat> read(String room, byte[] bytes) {
        try {
            return Optional.of(RoomSeat.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("A membership of room {} is not of this version; it is not looked at", room);
            return Optional.empty();
        }
    }
}
