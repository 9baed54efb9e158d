package io.covey.cluster.core.rooms;

import io.covey.cluster.Codec;
import io.covey.cluster.History;
import io.covey.cluster.Past;
import io.covey.cluster.Registration;
import io.covey.cluster.Room;
import io.covey.cluster.RoomMember;
import io.covey.cluster.RoomMessage;
import io.covey.cluster.Start;
import io.covey.cluster.Subscription;
import io.covey.cluster.core.codec.Codecs;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.Names;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

final class TypedRoom<M> implements Room<M> {
    private final String name;
    private final Codec<M> codec;
    private final RoomBook book;
    private final Optional<History> history;

    TypedRoom(String name, Codec<M> codec, RoomBook book, Optional<History> history) {
        this.name = RoomRows.checked(name);
        this.codec = codec;
        this.book = book;
        this.history = history;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Room<M> withHistory(History kept) {
        return new TypedRoom<>(name, codec, book, Optional.of(kept));
    }

    @Override
    public boolean join(String member, Map<String, String> metadata) {
        SeatId id = SeatId.of(name, member);
        return book.join(id, metadata);
    }

    @Override
    public boolean leave(String member) {
        SeatId id = SeatId.of(name, member);
        if (book.seated().find(id).isEmpty()) {
            return false;
        }
        book.layers().leave(id);
        return book.seats().leave(id);
    }

    @Override
    public boolean remove(String member) {
        SeatId id = SeatId.of(name, member);
        book.layers().leave(id);
        return book.seats().remove(id);
    }

    @Override
    public Optional<RoomMember> find(String member) {
        return book.reader().find(SeatId.of(name, member));
    }

    @Override
    public Stream<RoomMember> members() {
        return book.reader().members(name);
    }

    @Override
    public long count() {
        return book.reader().count(name);
    }

    @Override
    public Set<String> here() {
        return book.seated().members(name);
    }

    @Override
    public Delivery say(String from, M message) {
        return say(from, message, false);
    }

    @Override
    public Delivery sayToOthers(String from, M message) {
        return say(from, message, true);
    }

    private Delivery say(String from, M message, boolean toOthers) {
        SeatId id = SeatId.of(name, from);
        if (book.seated().find(id).isEmpty()) {
            throw new IllegalStateException("\"" + Names.printable(from) + "\" is no member of room " + name
                    + " on this node; nothing was said");
        }
        Optional<M> said = book.layers().say(id, message);
        return said.isEmpty() ? Delivery.NONE : publish(Optional.of(from), said.get(), toOthers);
    }

    @Override
    public Delivery broadcast(M message) {
        return publish(Optional.empty(), message, false);
    }

    private Delivery publish(Optional<String> from, M message, boolean toOthers) {
        byte[] payload = Codecs.encode(codec, message, () -> "Room " + name);
        return book.say(name, from, payload, toOthers, history);
    }

    @Override
    public Registration listen(Listener<M> listener) {
        return book.listen(speech(), listener);
    }

    @Override
    public Subscription listen(Start start, Listener<M> listener) {
        return book.listen(speech(), history(), start, listener);
    }

    @Override
    public Past<RoomMessage<M>> read(Start start, int most) {
        return book.read(speech(), history(), start, most);
    }

    private Speech<M> speech() {
        return new Speech<>(name, codec);
    }

    private History history() {
        return history.orElseThrow(() ->
                new IllegalStateException("Room " + name + " has no history: listen or read through withHistory(...)"));
    }
}
