package io.covey.cluster.core.rooms;

import com.google.common.util.concurrent.Striped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;

/** The memberships that belong to this node, as it knows. */
final class HeldSeats {
    private final ConcurrentMap<String, Map<String, Seat>> rooms = new ConcurrentHashMap<>();
    private final Striped<Lock> order = Striped.lock(256);

    /** Whoever changes a membership holds it. */
    Lock lock(SeatId id) {
        return order.get(id);
    }

    Optional<Seat> find(SeatId id) {
        Map<String, Seat> room = rooms.get(id.room());
        return room == null ? Optional.empty() : Optional.ofNullable(room.get(id.member()));
    }

    void put(Seat seat) {
        rooms.compute(seat.id().room(), (name, room) -> {
            Map<String, Seat> seats = room == null ? new ConcurrentHashMap<>() : room;
            seats.put(seat.id().member(), seat);
            return seats;
        });
    }

    /** False if it is another membership by now, or none. */
    boolean replace(Seat before, Seat now) {
        Map<String, Seat> room = rooms.get(before.id().room());
        return room != null && room.replace(before.id().member(), before, now);
    }

    Optional<Seat> remove(SeatId id) {
        Optional<Seat> seat = find(id);
        seat.ifPresent(this::remove);
        return seat;
    }

    /** Not another membership of the same member. */
    void remove(Seat seat) {
        rooms.computeIfPresent(seat.id().room(), (name, room) -> {
            room.remove(seat.id().member(), seat);
            return room.isEmpty() ? null : room;
        });
    }

    Set<String> members(String room) {
        return Set.copyOf(rooms.getOrDefault(room, Map.of()).keySet());
    }

    List<Seat> seats(String room) {
        return List.copyOf(rooms.getOrDefault(room, Map.of()).values());
    }

    int size() {
        return rooms.values().stream().mapToInt(Map::size).sum();
    }

    List<Seat> all() {
        return rooms.values().stream().flatMap(room -> room.values().stream()).toList();
    }
}
