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
import picocli.CommandLine.Option;
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

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "List at most this many (default ${DEFAULT-VALUE})",
            converter = Counts.Some.class,
            defaultValue = "1000")
    private int limit;

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
        for (int shown = 0; shown < limit && names.hasNext(); shown++) {
            line(rooms, names.next());
        }
        more(names);
        return 0;
    }

    private void line(Rooms rooms, String name) {
        try {
            long count = rooms.room(name, byte[].class).count();
            output.row(
                    "%s %8d".formatted(Columns.name(name, 40), count), Output.fields("room", name, "members", count));
        } catch (IllegalArgumentException e) { // another program wrote what no node could have
            output.row(
                    "%s %8s  no room of ours: %s".formatted(Columns.name(name, 40), "-", e.getMessage()),
                    Output.fields("room", name, "error", String.valueOf(e.getMessage())));
        }
    }

    private int members(Rooms rooms, String name) {
        Room<byte[]> asked = rooms.room(name, byte[].class);
        if (!rooms.exists(name)) {
            output.error("There is no room " + name);
            return 1;
        }
        Iterator<RoomMember> members = asked.members().iterator();
        for (int shown = 0; shown < limit && members.hasNext(); shown++) {
            member(members.next());
        }
        more(members);
        return 0;
    }

    private void more(Iterator<?> rest) {
        output.flush();
        if (rest.hasNext()) {
            output.error("cluster rooms: there are more than " + limit + "; --limit shows them");
        }
    }

    private void member(RoomMember member) {
        output.row(
                "%s since %s  on %s  %s"
                        .formatted(
                                Columns.name(member.id(), 40),
                                member.joinedAt(),
                                Output.shown(member.node()),
                                Output.shown(member.metadata())),
                Output.fields(
                        "member", member.id(),
                        "joined", member.joinedAt().toString(),
                        "node", member.node(),
                        "metadata", member.metadata()));
    }
}
