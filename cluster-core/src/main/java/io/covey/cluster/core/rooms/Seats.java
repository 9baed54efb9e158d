package io.covey.cluster.core.rooms;

import io.covey.cluster.ClusterException;
import io.covey.cluster.Members;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.core.runtime.Unsettled;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Directory.Row;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes and removes memberships, and tells. What a member does on this node happens and is told in one order: by whoever
 * holds the lock of the place.
 */
final class Seats {
    private static final Logger LOG = LoggerFactory.getLogger(Seats.class);
    private static final int MOST_METADATA = 16_384;

    private final NodeContext node;
    private final Directory directory;
    private final Supplier<Members> members;
    private final RoomBus bus;
    private final HeldSeats held;
    /** With the membership whose end has to be told. */
    private final Unsettled<Place, Seat> unsettled;

    Seats(NodeContext node, Directory directory, Supplier<Members> members, RoomBus bus, HeldSeats held) {
        this.node = node;
        this.directory = directory;
        this.members = members;
        this.bus = bus;
        this.held = held;
        this.unsettled = new Unsettled<>(node, this::settle);
    }

    boolean join(Place place, Map<String, String> metadata) {
        bus.ensureSecured();
        try {
            return sit(place, metadata);
        } catch (IllegalStateException e) {
            LOG.debug("{} joins again after this node has registered again", place, e);
        }
        // Taken for dead, the node registers again with its next beat; not under the lock, which that needs.
        members.get().refresh();
        try {
            return sit(place, metadata);
        } catch (IllegalStateException e) {
            throw new ClusterException(
                    "Member " + place + " did not join: node " + node.self().id()
                            + " was taken for dead twice in a row; try again",
                    e);
        }
    }

    private boolean sit(Place place, Map<String, String> metadata) {
        Lock lock = held.lock(place);
        lock.lock();
        try {
            Optional<Seat> before = held.find(place);
            Instant since =
                    before.map(Seat::joinedAt).orElseGet(() -> node.clock().instant());
            Seat seat = Seat.taken(place, node.self().id(), since, metadata);
            Row row = seat.row();
            checkSize(place, row.data().length);
            held.put(seat);
            Optional<Row> replaced;
            try {
                replaced = node.await(() -> directory.put(row), () -> "join " + place);
            } catch (RuntimeException e) {
                before.ifPresentOrElse(held::put, () -> held.remove(place));
                unsettled.addUnlessRefused(place, e);
                throw e;
            }
            tell(seat, bus.joined(seat), Optional.empty());
            if (replaced.isPresent() && !replaced.get().owner().equals(seat.node())) {
                hint(place);
            }
            return replaced.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void checkSize(Place place, int bytes) {
        int most = Math.min(MOST_METADATA, node.config().maxFrameBytes() / 2);
        if (bytes > most) {
            throw new IllegalArgumentException("The metadata of " + place + " take " + bytes
                    + " bytes, over the limit of " + most + "; the member did not join");
        }
    }

    boolean leave(Place place) {
        Lock lock = held.lock(place);
        lock.lock();
        try {
            Optional<Seat> mine = held.remove(place);
            if (mine.isEmpty()) {
                return false;
            }
            Optional<Row> removed;
            try {
                removed = node.await(
                        () -> directory.remove(
                                place.group(), place.member(), node.self().id()),
                        () -> "leave " + place);
            } catch (RuntimeException e) {
                unsettled.add(place, mine);
                throw e;
            }
            // Also if somebody else removed it: whoever heard of that does not tell it twice.
            tell(mine.get(), bus.left(mine.get()), mine);
            return removed.isPresent();
        } finally {
            lock.unlock();
        }
    }

    boolean remove(Place place) {
        bus.ensureSecured();
        Lock lock = held.lock(place);
        lock.lock();
        try {
            Optional<Row> found =
                    node.await(() -> directory.find(place.group(), place.member()), () -> "look for " + place);
            Optional<Row> removed = found.flatMap(row -> remove(place, row));
            removed.ifPresent(this::ended);
            return removed.isPresent();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Row> remove(Place place, Row row) {
        try {
            return node.await(
                    () -> directory.remove(place.group(), place.member(), row.owner()), () -> "remove " + place);
        } catch (RuntimeException e) {
            // Who holds it tells, if it is gone.
            boolean own = row.owner().equals(node.self().id());
            unsettled.add(place, own ? held.remove(place).or(() -> Seat.of(row)) : Optional.empty());
            throw e;
        }
    }

    private void ended(Row row) {
        Seat.of(row).ifPresent(seat -> {
            tell(seat, bus.left(seat), Optional.of(seat));
            if (row.owner().equals(node.self().id())) {
                held.remove(seat.place());
            } else {
                hint(seat.place());
            }
        });
    }

    /** The lock of the place is held: news go out in the order of what happened. */
    private void tell(Seat seat, CompletionStage<Delivery> news, Optional<Seat> ended) {
        news.whenComplete((delivery, thrown) -> {
            if (thrown != null && !node.life().ended()) {
                LOG.debug("News of {} are told again later", seat.place(), thrown);
                unsettled.add(seat.place(), ended);
            }
        });
    }

    private void hint(Place place) {
        bus.look(place.room(), Optional.of(place.member())).whenComplete((delivery, thrown) -> {
            if (thrown != null && !node.life().ended()) {
                LOG.debug("The node that held {} is told again later", place, thrown);
                unsettled.add(place, Optional.empty());
            }
        });
    }

    private void settle(Place place, Optional<Seat> ended) {
        Lock lock = held.lock(place);
        lock.lock();
        try {
            ended.ifPresent(seat -> node.await(() -> bus.left(seat), () -> "tell of " + place));
            Optional<Row> row =
                    node.await(() -> directory.find(place.group(), place.member()), () -> "look for " + place);
            boolean others =
                    row.isPresent() && !row.get().owner().equals(node.self().id());
            Optional<Seat> mine = held.find(place);
            if (others) {
                held.remove(place);
            } else if (mine.isPresent()) {
                node.await(() -> directory.put(mine.get().row()), () -> "join " + place);
                node.await(() -> bus.joined(mine.get()), () -> "tell of " + place);
            } else if (row.isPresent()) {
                node.await(
                                () -> directory.remove(
                                        place.group(),
                                        place.member(),
                                        node.self().id()),
                                () -> "leave " + place)
                        .flatMap(Seat::of)
                        .ifPresent(seat -> node.await(() -> bus.left(seat), () -> "tell of " + place));
            }
            node.await(() -> bus.look(place.room(), Optional.of(place.member())), () -> "tell the holder of " + place);
        } finally {
            lock.unlock();
        }
    }
}
