package io.covey.cluster.core.rooms;

import io.covey.cluster.Members;
import io.covey.cluster.RoomMember;
import io.covey.cluster.core.members.LivingRows;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Directory.Row;
import io.covey.cluster.spi.Page;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Reads rooms from the directory. Blocks. */
final class RoomReader {
    private static final int PAGE = 500;

    private final NodeContext node;
    private final Directory directory;
    private final Supplier<Members> members;
    private final LivingRows living;

    RoomReader(NodeContext node, Directory directory, Supplier<Members> members) {
        this.node = node;
        this.directory = directory;
        this.members = members;
        this.living = new LivingRows(node, directory, members);
    }

    NodeContext node() {
        return node;
    }

    /** As far as this node has heard. */
    boolean isAlive(String id) {
        return !node.life().ended() && members.get().find(id).isPresent();
    }

    Optional<RoomMember> find(SeatId id) {
        return living.find(id.group(), id.member(), "look for " + id)
                .flatMap(found -> Seat.of(found.row()))
                .map(Seat::member);
    }

    Stream<RoomMember> members(String room) {
        return living.stream(RoomRows.members(room), "list the members of room " + room)
                .flatMap(found -> Seat.of(found.row()).stream())
                .map(Seat::member);
    }

    long count(String room) {
        return count(room, Set.of(RoomRows.members(room)));
    }

    boolean exists(String room) {
        return count(room, Set.of(RoomRows.members(room), RoomRows.created(room))) > 0;
    }

    private long count(String room, Set<String> groups) {
        return node.await(() -> directory.counts(groups), () -> "count the members of room " + room).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** All rows of a room by member, whether their owners are alive or not. */
    Map<String, Seat> read(String room) {
        Map<String, Seat> seats = new LinkedHashMap<>();
        rows(room).forEach(row -> Seat.of(row).ifPresent(seat -> seats.put(row.member(), seat)));
        return seats;
    }

    /** All rows of a room as they are read, page by page; one may come twice. */
    Stream<Row> rows(String room) {
        String group = RoomRows.members(room);
        return Page.stream(
                cursor -> node.await(() -> directory.page(group, cursor, PAGE), () -> "list the members of " + group));
    }

    /** In the order of the names; the two groups of a room stand side by side. */
    Stream<String> names() {
        return Page.stream(
                        cursor -> node.await(() -> directory.groups(RoomRows.prefix(), cursor, PAGE), "list the rooms"))
                .map(RoomRows::room)
                .distinct();
    }
}
