package io.covey.cluster.core.rooms;

import com.google.protobuf.UnsafeByteOperations;
import io.covey.cluster.History;
import io.covey.cluster.Past;
import io.covey.cluster.Registration;
import io.covey.cluster.Room.Departure;
import io.covey.cluster.SignedBus;
import io.covey.cluster.Start;
import io.covey.cluster.Subscription;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.core.wire.RoomLook;
import io.covey.cluster.core.wire.RoomSaid;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Delivery;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What nodes tell one another about rooms: a channel for each room, and one for those who hold memberships. */
final class RoomBus {
    static final int SAID = 1;
    static final int JOINED = 2;
    static final int LEFT = 3;
    static final int DESTROYED = 4;
    static final int LOOK = 5;

    private static final String HOLDERS = "/cluster/rooms";
    private static final String ROOM = "/cluster/room/";

    private final NodeContext node;
    private final Supplier<SignedBus> bus;

    RoomBus(NodeContext node, Supplier<SignedBus> bus) {
        this.node = node;
        this.bus = bus;
    }

    /** Throws what every publication would, before anything is done. */
    void ensureSecured() {
        node.life().ensureOpen();
        bus.get();
    }

    CompletionStage<Delivery> joined(Seat seat) {
        return publish(seat.id().room(), JOINED, seat.news());
    }

    CompletionStage<Delivery> left(Seat seat) {
        return left(seat, Departure.LEFT);
    }

    CompletionStage<Delivery> left(Seat seat, Departure how) {
        return publish(seat.id().room(), LEFT, new Ended(seat, how).news());
    }

    CompletionStage<Delivery> destroyed(String room) {
        return publish(room, DESTROYED, new byte[0]);
    }

    CompletionStage<Delivery> said(
            String room, Optional<String> from, byte[] payload, boolean toOthers, Optional<History> history) {
        RoomSaid.Builder said = RoomSaid.newBuilder()
                .setPayload(UnsafeByteOperations.unsafeWrap(payload))
                .setToOthers(toOthers);
        from.ifPresent(said::setFrom);
        byte[] frame = said.build().toByteArray();
        return publishOn(ROOM + room, SAID, frame, history);
    }

    Subscription listen(String room, History history, Start start, SignedBus.Listener listener) {
        return node.await(
                () -> bus.get().subscribe(ROOM + room, history, start, listener),
                () -> "listen to the history of room " + room);
    }

    Past<SignedBus.Message> read(String room, History history, Start start, int most) {
        return bus.get().read(ROOM + room, history, start, most);
    }

    /** Those who hold memberships of the room, or that of a member, shall look whether they still do. */
    CompletionStage<Delivery> look(String room, Optional<String> member) {
        RoomLook.Builder look = RoomLook.newBuilder().setRoom(room);
        member.ifPresent(look::setMember);
        return publishOn(HOLDERS, LOOK, look.build().toByteArray(), Optional.empty());
    }

    Registration listen(String room, SignedBus.Listener listener) {
        return node.await(() -> bus.get().subscribe(ROOM + room, listener), "listen to room " + room);
    }

    Registration listenToLooks(SignedBus.Listener listener) {
        return node.await(() -> bus.get().subscribe(HOLDERS, listener), "listen for news of rooms");
    }

    private CompletionStage<Delivery> publish(String room, int kind, byte[] payload) {
        return publishOn(ROOM + room, kind, payload, Optional.empty());
    }

    private CompletionStage<Delivery> publishOn(String channel, int kind, byte[] payload, Optional<History> history) {
        return Await.caught(() -> history.isEmpty()
                ? bus.get().publish(channel, kind, payload)
                : bus.get().publish(channel, kind, payload, history.get()));
    }
}
