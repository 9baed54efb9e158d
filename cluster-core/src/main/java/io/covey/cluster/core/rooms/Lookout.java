package io.covey.cluster.core.rooms;

import com.google.common.collect.Lists;
import com.google.protobuf.InvalidProtocolBufferException;
import io.covey.cluster.Gap;
import io.covey.cluster.Room.Departure;
import io.covey.cluster.SignedBus;
import io.covey.cluster.core.members.ManyRows;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.core.wire.RoomLook;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Directory.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that what this node holds is what the directory has. */
final class Lookout implements SignedBus.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);

    private final NodeContext node;
    private final Directory directory;
    private final RoomBus bus;
    private final HeldSeats held;
    private final ManyRows rows;
    private final Executor sequence;
    private final Once started = new Once();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    Lookout(NodeContext node, Directory directory, RoomBus bus, HeldSeats held) {
        this.node = node;
        this.directory = directory;
        this.bus = bus;
        this.held = held;
        this.rows = new ManyRows(node, directory);
        this.sequence = node.threads().sequence();
    }

    HeldSeats held() {
        return held;
    }

    /** Blocks the first time: whoever holds a membership hears when somebody else ends it. */
    void start() {
        started.run(() -> bus.listenToLooks(this));
    }

    @Override
    public void onMessage(SignedBus.Message message) {
        if (message.kind() != RoomBus.LOOK) {
            return;
        }
        try {
            RoomLook look = RoomLook.parseFrom(message.payload());
            if (look.hasMember()) {
                held.find(new SeatId(look.getRoom(), look.getMember()))
                        .ifPresent(seat -> check(List.of(seat), Departure.LEFT));
            } else {
                check(held.seats(look.getRoom()), Departure.DESTROYED);
            }
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("A message of {} is no news of rooms; it is dropped", message.sender());
        }
    }

    @Override
    public void onGap(Gap gap) {
        checkLater();
    }

    /**
     * Looks at everything, a lease from now. Were it at once, what a backend without memory is about to be told again would
     * seem to be gone.
     */
    void checkLater() {
        if (!started.done() || !scheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            node.threads()
                    .timer()
                    .schedule(this::checkAll, node.config().lease().toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Memberships are not looked at any more: the node is closed");
        }
    }

    private void checkAll() {
        scheduled.set(false);
        check(held.all(), Departure.LEFT);
    }

    /** @param how what has become of those that are gone */
    private void check(List<Seat> seats, Departure how) {
        if (seats.isEmpty()) {
            return;
        }
        sequence.execute(() -> {
            try {
                Lists.partition(seats, ManyRows.AT_ONCE).forEach(some -> dropWhatIsGone(some, how));
            } catch (RuntimeException e) {
                if (!node.life().ended()) {
                    LOG.debug("{} memberships are looked at later", seats.size(), e);
                    checkLater();
                }
            }
        });
    }

    private void dropWhatIsGone(List<Seat> seats, Departure how) {
        List<Optional<Row>> there = rows.find(seats.stream().map(Seat::key).toList());
        for (int i = 0; i < seats.size(); i++) {
            if (!mine(there.get(i))) {
                drop(seats.get(i), how);
            }
        }
    }

    private void drop(Seat seat, Departure how) {
        SeatId id = seat.id();
        Lock lock = held.lock(id);
        lock.lock();
        try {
            // Somebody who was about to sit down when we looked sits by now.
            if (held.find(id).filter(seat::equals).isPresent()
                    && !mine(node.await(() -> directory.find(id.group(), id.member()), () -> "look for " + id))) {
                // First told: what fails is looked at again as long as it is held.
                node.await(() -> bus.left(seat, how), () -> "tell of " + id);
                held.remove(id);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean mine(Optional<Row> row) {
        return row.isPresent() && row.get().owner().equals(node.self().id());
    }

    /** Writes the memberships again after the backend forgot this node, but takes nothing from those who came since. */
    void registerAgain() {
        for (List<Seat> batch : Lists.partition(held.all(), ManyRows.AT_ONCE)) {
            List<Optional<Row>> there = rows.find(batch.stream().map(Seat::key).toList());
            List<Seat> anew = new ArrayList<>();
            List<Seat> taken = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                Seat again = batch.get(i).again();
                if (there.get(i).isPresent()) {
                    if (!mine(there.get(i))) {
                        taken.add(batch.get(i));
                    }
                } else if (held.replace(batch.get(i), again)) {
                    anew.add(again);
                }
            }
            check(taken, Departure.LEFT);
            rows.put(anew.stream().map(Seat::row).toList());
            anew.forEach(this::confirm);
        }
    }

    private void confirm(Seat written) {
        SeatId id = written.id();
        Lock lock = held.lock(id);
        lock.lock();
        try {
            Optional<Seat> now = held.find(id);
            if (now.isEmpty()) {
                node.await(
                        () -> directory.remove(id.group(), id.member(), written.node()),
                        () -> "leave " + id + " again");
            } else {
                Seat seat = now.get();
                if (!seat.equals(written)) {
                    node.await(() -> directory.put(seat.row()), () -> "join " + id + " again");
                }
                bus.joined(seat).whenComplete((delivery, thrown) -> {
                    if (thrown != null) {
                        LOG.debug("News of {} are lost; who listens hears of the gap", id, thrown);
                    }
                });
            }
        } finally {
            lock.unlock();
        }
    }
}
