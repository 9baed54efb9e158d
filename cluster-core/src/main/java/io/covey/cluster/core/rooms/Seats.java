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
 * holds its lock.
 */
final class Seats {
    private static final Logger LOG = LoggerFactory.getLogger(Seats.class);
    private static final int MOST_METADATA = 16_384;

    private final NodeContext node;
    private final Directory directory;
    private final Supplier<Members> members;
    private final RoomBus bus;
    private final Lookout lookout;
    private final HeldSeats held;
    /** With the membership whose end has to be told. */
    private final Unsettled<SeatId, Seat> unsettled;

    Seats(NodeContext node, Directory directory, Supplier<Members> members, RoomBus bus, Lookout lookout) {
        this.node = node;
        this.directory = directory;
        this.members = members;
        this.bus = bus;
        this.lookout = lookout;
        this.held = lookout.held();
        this.unsettled = new Unsettled<>(node, this::settle);
    }

    boolean join(SeatId id, Map<String, String> metadata) {
        bus.ensureSecured();
        try {
            return sit(id, metadata);
        } catch (IllegalStateException e) {
            LOG.debug("{} joins again after this node has registered again", id, e);
        }
        // Taken for dead, the node registers again with its next beat; not under the lock, which that needs.
        members.get().refresh();
        try {
            return sit(id, metadata);
        } catch (IllegalStateException e) {
            throw new ClusterException(
                    "Member " + id + " did not join: node " + node.self().id()
                            + " was taken for dead twice in a row; try again",
                    e);
        }
    }

    private boolean sit(SeatId id, Map<String, String> metadata) {
        Lock lock = held.lock(id);
        lock.lock();
        try {
            Optional<Seat> before = held.find(id);
            Instant since =
                    before.map(Seat::joinedAt).orElseGet(() -> node.clock().instant());
            Seat seat = Seat.taken(id, node.self().id(), since, metadata);
            Row row = seat.row();
            checkSize(id, row.data().length);
            held.put(seat);
            Optional<Row> replaced;
            try {
                replaced = node.await(() -> directory.put(row), () -> "join " + id);
            } catch (RuntimeException e) {
                before.ifPresentOrElse(held::put, () -> held.remove(id));
                unsettled.addUnlessRefused(id, e);
                throw e;
            }
            tell(seat, bus.joined(seat), Optional.empty());
            if (replaced.isPresent() && !replaced.get().owner().equals(seat.node())) {
                hint(id);
            }
            return replaced.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void checkSize(SeatId id, int bytes) {
        int most = Math.min(MOST_METADATA, node.config().maxFrameBytes() / 2);
        if (bytes > most) {
            throw new IllegalArgumentException("The metadata of " + id + " take " + bytes + " bytes, over the limit of "
                    + most + "; the member did not join");
        }
    }

    boolean leave(SeatId id) {
        Lock lock = held.lock(id);
        lock.lock();
        try {
            Optional<Seat> mine = held.remove(id);
            if (mine.isEmpty()) {
                return false;
            }
            Optional<Row> removed;
            try {
                removed = node.await(
                        () -> directory.remove(
                                id.group(), id.member(), node.self().id()),
                        () -> "leave " + id);
            } catch (RuntimeException e) {
                unsettled.add(id, mine);
                throw e;
            }
            // Also if somebody else removed it: whoever heard of that does not tell it twice.
            tell(mine.get(), bus.left(mine.get()), mine);
            return removed.isPresent();
        } finally {
            lock.unlock();
        }
    }

    boolean remove(SeatId id) {
        bus.ensureSecured();
        Lock lock = held.lock(id);
        lock.lock();
        try {
            Optional<Row> found = node.await(() -> directory.find(id.group(), id.member()), () -> "look for " + id);
            Optional<Row> removed = found.flatMap(row -> remove(id, row));
            removed.ifPresent(this::ended);
            return removed.isPresent();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Row> remove(SeatId id, Row row) {
        try {
            return node.await(() -> directory.remove(id.group(), id.member(), row.owner()), () -> "remove " + id);
        } catch (RuntimeException e) {
            // Who holds it tells, if it is gone.
            boolean own = row.owner().equals(node.self().id());
            unsettled.add(id, own ? held.remove(id).or(() -> Seat.of(row)) : Optional.empty());
            throw e;
        }
    }

    private void ended(Row row) {
        Seat.of(row).ifPresent(seat -> {
            tell(seat, bus.left(seat), Optional.of(seat));
            if (row.owner().equals(node.self().id())) {
                held.remove(seat.id());
            } else {
                hint(seat.id());
            }
        });
    }

    /** Its lock is held: news go out in the order of what happened. */
    private void tell(Seat seat, CompletionStage<Delivery> news, Optional<Seat> ended) {
        news.whenComplete((delivery, thrown) -> {
            if (thrown != null && !node.life().ended()) {
                LOG.debug("News of {} are told again later", seat.id(), thrown);
                unsettled.add(seat.id(), ended);
            }
        });
    }

    private void hint(SeatId id) {
        bus.look(id.room(), Optional.of(id.member())).whenComplete((delivery, thrown) -> {
            if (thrown != null && !node.life().ended()) {
                LOG.debug("The node that held {} is told again later", id, thrown);
                unsettled.add(id, Optional.empty());
            }
        });
    }

    private void settle(SeatId id, Optional<Seat> ended) {
        Lock lock = held.lock(id);
        lock.lock();
        try {
            ended.ifPresent(seat -> node.await(() -> bus.left(seat), () -> "tell of " + id));
            Optional<Row> row = node.await(() -> directory.find(id.group(), id.member()), () -> "look for " + id);
            Optional<Seat> mine = held.find(id);
            if (row.isEmpty() && mine.isPresent()) {
                // Somebody ended it, or the backend forgot this node and is about to be told again. Not told to look:
                // we would.
                lookout.checkLater();
                return;
            }
            if (row.isPresent() && !row.get().owner().equals(node.self().id())) {
                held.remove(id);
            } else if (mine.isPresent()) {
                confirm(mine.get(), row.get());
            } else if (row.isPresent()) {
                undo(id);
            }
            node.await(() -> bus.look(id.room(), Optional.of(id.member())), () -> "tell the holder of " + id);
        } finally {
            lock.unlock();
        }
    }

    private void confirm(Seat mine, Row found) {
        SeatId id = mine.id();
        boolean written = Seat.of(found).filter(mine::equals).isPresent();
        if (!written
                && node.await(() -> directory.put(mine.row()), () -> "join " + id)
                        .isEmpty()) {
            // Somebody ended it after we looked, and it is not to come back.
            held.remove(id);
            undo(id);
        } else {
            node.await(() -> bus.joined(mine), () -> "tell of " + id);
        }
    }

    /** Removes what nobody holds here. */
    private void undo(SeatId id) {
        node.await(() -> directory.remove(id.group(), id.member(), node.self().id()), () -> "leave " + id)
                .flatMap(Seat::of)
                .ifPresent(seat -> node.await(() -> bus.left(seat), () -> "tell of " + id));
    }
}
