package io.covey.cluster.core.rooms;

import com.google.common.collect.Iterators;
import io.covey.cluster.Codec;
import io.covey.cluster.History;
import io.covey.cluster.Members;
import io.covey.cluster.Members.Change;
import io.covey.cluster.Node;
import io.covey.cluster.Past;
import io.covey.cluster.Registration;
import io.covey.cluster.Room;
import io.covey.cluster.Room.Departure;
import io.covey.cluster.RoomMessage;
import io.covey.cluster.RoomMiddleware;
import io.covey.cluster.Rooms;
import io.covey.cluster.SignedBus;
import io.covey.cluster.Start;
import io.covey.cluster.Subscription;
import io.covey.cluster.core.codec.Codecs;
import io.covey.cluster.core.members.ManyRows;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Directory.Row;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The rooms as one node sees them. */
public final class RoomBook implements Rooms {
    private final NodeContext node;
    private final Directory directory;
    private final Supplier<Members> members;
    private final RoomBus bus;
    private final HeldSeats held = new HeldSeats();
    private final RoomLayers layers = new RoomLayers();
    private final RoomReader reader;
    private final Seats seats;
    private final Lookout lookout;
    private final Set<RoomView<?>> views = ConcurrentHashMap.newKeySet();
    private final Once hearsOfMembers = new Once();

    /**
     * Asks and hears nothing yet.
     *
     * @param node the node
     * @param directory where memberships are
     * @param members who is alive
     * @param bus carries news and messages; throws if there is none
     */
    public RoomBook(NodeContext node, Directory directory, Supplier<Members> members, Supplier<SignedBus> bus) {
        this.node = node;
        this.directory = directory;
        this.members = members;
        this.bus = new RoomBus(node, bus);
        this.reader = new RoomReader(node, directory, members);
        this.lookout = new Lookout(node, directory, this.bus, held);
        this.seats = new Seats(node, directory, members, this.bus, lookout);
    }

    HeldSeats seated() {
        return held;
    }

    RoomLayers layers() {
        return layers;
    }

    RoomReader reader() {
        return reader;
    }

    Seats seats() {
        return seats;
    }

    @Override
    public <M> Room<M> room(String name, Class<M> type) {
        return room(name, Codecs.of(type));
    }

    @Override
    public <M> Room<M> room(String name, Codec<M> codec) {
        return new TypedRoom<>(name, codec, this, Optional.empty());
    }

    @Override
    public int held() {
        return held.size();
    }

    boolean join(SeatId id, Map<String, String> metadata) {
        bus.ensureSecured();
        hearOfMembers();
        lookout.start();
        return seats.join(id, layers.join(id, metadata));
    }

    Delivery say(String room, Optional<String> from, byte[] payload, boolean toOthers, Optional<History> history) {
        bus.ensureSecured();
        return node.await(() -> bus.said(room, from, payload, toOthers, history), () -> "speak in room " + room);
    }

    <M> Registration listen(Speech<M> speech, Room.Listener<M> listener) {
        RoomView<M> view = view(speech, listener);
        return opened(view, () -> view.open(bus));
    }

    <M> Subscription listen(Speech<M> speech, History history, Start start, Room.Listener<M> listener) {
        RoomView<M> view = view(speech, listener);
        return opened(view, () -> view.open(bus, history, start));
    }

    <M> Past<RoomMessage<M>> read(Speech<M> speech, History history, Start start, int most) {
        bus.ensureSecured();
        return speech.past(bus.read(speech.room(), history, start, most));
    }

    private <M> RoomView<M> view(Speech<M> speech, Room.Listener<M> listener) {
        bus.ensureSecured();
        hearOfMembers();
        return new RoomView<>(speech, reader, listener, views::remove);
    }

    private <T> T opened(RoomView<?> view, Supplier<T> opening) {
        views.add(view);
        try {
            return opening.get();
        } catch (RuntimeException e) {
            view.close();
            throw e;
        }
    }

    /** From the first join or listening on. */
    private void hearOfMembers() {
        hearsOfMembers.run(() -> members.get().onChange(this::onMember));
    }

    private void onMember(Change change, Node who) {
        if (change == Change.DIED) {
            // It may have removed a membership of this node's and died before it told.
            lookout.checkLater();
        }
        if (change == Change.DIED || change == Change.LEFT) {
            Departure how = change == Change.DIED ? Departure.DIED : Departure.LEFT;
            views.forEach(view -> view.gone(who, how));
        }
    }

    @Override
    public boolean create(String name) {
        Row row = new Row(RoomRows.created(RoomRows.checked(name)), "created", Directory.NOBODY, new byte[0]);
        return node.await(() -> directory.put(row), "create room " + name).isEmpty();
    }

    @Override
    public boolean destroy(String name) {
        bus.ensureSecured();
        String created = RoomRows.created(RoomRows.checked(name));
        boolean was = node.await(() -> directory.remove(created, "created", Directory.NOBODY), "destroy room " + name)
                .isPresent();
        ManyRows rows = new ManyRows(node, directory);
        Iterator<List<Row>> batches = Iterators.partition(reader.rows(name).iterator(), ManyRows.AT_ONCE);
        while (batches.hasNext()) {
            List<Row> removed = rows.remove(batches.next());
            removed.forEach(row -> Seat.of(row).ifPresent(held::remove));
            was |= !removed.isEmpty();
        }
        // Also if nothing was there: an earlier call may have removed all and failed before it told.
        node.await(() -> bus.destroyed(name), "tell of room " + name);
        node.await(() -> bus.look(name, Optional.empty()), "tell of room " + name);
        return was;
    }

    @Override
    public boolean exists(String name) {
        return reader.exists(RoomRows.checked(name));
    }

    @Override
    public Stream<String> names() {
        return reader.names();
    }

    @Override
    public <M> Registration use(Class<M> type, RoomMiddleware<M> middleware) {
        return layers.add(type, middleware);
    }

    /** Writes the memberships again after the backend forgot this node. */
    public void registerAgain() {
        lookout.registerAgain();
    }
}
