package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.Gap;
import io.covey.cluster.History;
import io.covey.cluster.Past;
import io.covey.cluster.Position;
import io.covey.cluster.Registration;
import io.covey.cluster.Room;
import io.covey.cluster.RoomMember;
import io.covey.cluster.RoomMessage;
import io.covey.cluster.RoomMiddleware;
import io.covey.cluster.RoomRefusedException;
import io.covey.cluster.Start;
import io.covey.cluster.Subscription;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.connections.Connection;
import io.covey.cluster.rpc.connections.ConnectionInfo;
import io.covey.cluster.rpc.connections.Connections;
import io.covey.cluster.rpc.connections.Verbs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The code of docs/rooms.md, so that it compiles. */
final class RoomsGuide {

    private RoomsGuide() {}

    record Chat(String text) {}

    record Auth(String user, String password) {}

    static final Procedure<Auth, Boolean> LOGIN = Procedure.of("login", Auth.class, Boolean.class);

    interface Socket {
        void send(Object message);
    }

    interface Sockets {
        Socket get(String id);

        void showAll(List<RoomMember> members);

        void show(RoomMember member);

        void hide(RoomMember member);

        boolean login(String id, Auth auth);
    }

    static void members(Cluster cluster) {
        Room<Chat> lobby = cluster.rooms().room("lobby", Chat.class);
        lobby.join("ada", Map.of("name", "Ada")); // false: she was there already, and belongs to this node now
        lobby.say("ada", new Chat("hello"));
        lobby.sayToOthers("ada", new Chat("can you hear me?"));
        lobby.broadcast(new Chat("the house closes in five minutes")); // of the application

        Stream<RoomMember> all = lobby.members(); // wherever they are: id, metadata, joinedAt, node
        long many = lobby.count();
        boolean there = lobby.isMember("ada");
        lobby.leave("ada"); // of this node
        lobby.remove("mallory"); // of any
    }

    static void rooms(Cluster cluster) {
        cluster.rooms().create("lobby"); // false: it was created before
        cluster.rooms().exists("lobby");
        List<String> names = cluster.rooms().names().limit(100).toList();
        cluster.rooms().destroy("lobby"); // whoever is in it is out, and is told
    }

    static Registration listen(Room<Chat> lobby, Sockets sockets) {
        return lobby.listen(new Room.Listener<>() {
            @Override
            public void onMembers(List<RoomMember> members) {
                sockets.showAll(members); // first of all: who is there
            }

            @Override
            public void onMessage(RoomMessage<Chat> message) {
                for (String member : lobby.here()) { // those of this node
                    if (message.isFor(member)) { // not the one who said it to the others
                        sockets.get(member).send(message.message());
                    }
                }
            }

            @Override
            public void onJoined(RoomMember member) {
                sockets.show(member);
            }

            @Override
            public void onLeft(RoomMember member, Room.Departure how) {
                sockets.hide(member); // LEFT, DIED or DESTROYED
            }

            @Override
            public void onGap(Gap gap) {
                // something that was said may be missing; who came and went is told all the same
            }
        });
    }

    static void middleware(Cluster cluster) {
        cluster.rooms().use(Chat.class, new RoomMiddleware<>() {
            @Override
            public Map<String, String> join(String room, String member, Map<String, String> metadata) {
                if (room.startsWith("staff.") && !"staff".equals(metadata.get("role"))) {
                    throw new RoomRefusedException("room " + room + " is for staff");
                }
                return metadata; // or others
            }

            @Override
            public Optional<Chat> say(String room, String from, Chat chat) {
                return chat.text().isBlank() ? Optional.empty() : Optional.of(chat); // dropped, or said
            }
        });
    }

    static void history(Cluster cluster, Room.Listener<Chat> listener) {
        Room<Chat> lobby = cluster.rooms().room("lobby", Chat.class).withHistory(History.last(100));
        Subscription listening = lobby.listen(Start.last(20), listener); // the last 20, then what comes
        Past<RoomMessage<Chat>> past = lobby.read(Start.last(20), 20); // for a page that is loaded
        Position seen = past.position(); // the browser keeps it
        lobby.read(Start.after(seen), 100); // and asks for what it missed
    }

    static Connection connect(Cluster cluster, String id, Sockets sockets) {
        Verbs verbs = Verbs.none()
                .on(LOGIN, (connection, auth) -> sockets.login(connection.id(), auth))
                .messages(
                        Chat.class,
                        (connection, chat) -> sockets.get(connection.id()).send(chat));
        return Connections.on(cluster).open(id, Map.of("agent", "web"), verbs);
    }

    static void apply(Cluster cluster, Connection mine, Auth auth) throws Exception {
        Connections connections = Connections.on(cluster);
        boolean ok = connections.apply("abc123", LOGIN, auth).get(); // wherever it is
        connections.send("abc123", new Chat("hello")).get();
        Optional<ConnectionInfo> found = connections.find("abc123"); // which node, which metadata
        Stream<ConnectionInfo> all = connections.list();
        long many = connections.count();
        mine.update(Map.of("agent", "web", "user", "ada"));
        mine.close();
    }
}
