package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.Room;
import io.covey.cluster.RoomMember;
import io.covey.cluster.Rooms;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cluster rooms}. */
@Command(
        name = "rooms",
        description = "Which rooms there are and how many are in them, or who is in one.",
        mixinStandardHelpOptions = true)
final class RoomsCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Parameters(index = "0", paramLabel = "ROOM", arity = "0..1", description = "The room whose members to list")
    private @Nullable String room;

    @Override
    public Integer call() {
        try (Cluster cluster = connection.join("cli")) {
            return room == null
                    ? list(cluster.rooms(), cluster.transport().description())
                    : members(cluster.rooms(), room);
        }
    }

    private int list(Rooms rooms, String where) {
        Iterator<String> names = rooms.names().iterator();
        if (!names.hasNext()) {
            output.text("There is no room at " + where);
        }
        while (names.hasNext()) {
            String name = names.next();
            long count = rooms.room(name, byte[].class).count();
            output.line("%-40s %8d".formatted(name, count), Output.fields("room", name, "members", count));
        }
        return 0;
    }

    private int members(Rooms rooms, String name) {
        Room<byte[]> asked = rooms.room(name, byte[].class);
        if (!rooms.exists(name)) {
            output.error("There is no room " + name);
            return 1;
        }
        asked.members().forEach(this::member);
        return 0;
    }

    private void member(RoomMember member) {
        output.line(
                "%-40s since %s  on %s  %s".formatted(member.id(), member.joinedAt(), member.node(), member.metadata()),
                Output.fields(
                        "member", member.id(),
                        "joined", member.joinedAt().toString(),
                        "node", member.node(),
                        "metadata", member.metadata()));
    }
}
