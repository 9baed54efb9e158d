package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.History;
import io.covey.cluster.Room;
import io.covey.cluster.RoomMember;
import io.covey.cluster.RoomMessage;
import io.covey.cluster.RoomMiddleware;
import io.covey.cluster.RoomRefusedException;
import io.covey.cluster.Start;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Members of a room on two nodes hear one another, and see who is there. */
public final class RoomsExample {

    record Chat(String text) {}

    public static void main(String[] args) throws InterruptedException {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        try (Cluster one = Cluster.join(config.name("one").build());
                Cluster two = Cluster.join(config.name("two").build())) {
            one.rooms().use(Chat.class, new Manners());
            Room<Chat> here = one.rooms().room("lobby", Chat.class).withHistory(History.last(100));
            Room<Chat> there = two.rooms().room("lobby", Chat.class).withHistory(History.last(100));
            there.join("bob", Map.of("name", "Bob"));
            there.listen(new Room.Listener<>() {
                @Override
                public void onMembers(List<RoomMember> members) {
                    out.println("there: " + members.get(0).metadata().get("name"));
                }

                @Override
                public void onJoined(RoomMember member) {
                    out.println(member.id() + " joined");
                }

                @Override
                public void onMessage(RoomMessage<Chat> message) {
                    // each member of this node gets it on its own connection
                    for (String member : there.here()) {
                        out.println(member + " hears " + message.from().orElse("the house") + ": "
                                + message.message().text());
                    }
                }

                @Override
                public void onLeft(RoomMember member, Room.Departure how) {
                    out.println(member.id() + " " + how);
                    end.countDown();
                }
            });

            here.join("ada");
            here.say("ada", new Chat("darn good morning"));
            try {
                here.join("mallory");
            } catch (RoomRefusedException e) {
                out.println(e.getMessage());
            }
            here.broadcast(new Chat("we close"));
            here.leave("ada");
            end.await(30, TimeUnit.SECONDS);
            out.println("left: " + one.rooms().names().toList() + " with "
                    + here.members().map(RoomMember::id).toList());
            here.read(Start.last(2), 2)
                    .messages()
                    .forEach(kept ->
                            out.println("kept: " + kept.message().message().text()));
        }
    }

    /** Has a say in what happens on its node. */
    static final class Manners implements RoomMiddleware<Chat> {
        @Override
        public Map<String, String> join(String room, String member, Map<String, String> metadata) {
            if (member.equals("mallory")) {
                throw new RoomRefusedException("mallory may not enter " + room);
            }
            return metadata;
        }

        @Override
        public Optional<Chat> say(String room, String from, Chat chat) {
            return Optional.of(new Chat(chat.text().replace("darn ", "")));
        }
    }
}
