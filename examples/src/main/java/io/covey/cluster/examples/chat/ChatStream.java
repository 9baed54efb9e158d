package io.covey.cluster.examples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.Cluster;
import io.covey.cluster.Gap;
import io.covey.cluster.Node;
import io.covey.cluster.Position;
import io.covey.cluster.Registration;
import io.covey.cluster.Room;
import io.covey.cluster.RoomMember;
import io.covey.cluster.RoomMessage;
import io.covey.cluster.Start;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What one browser hears, as server-sent events. A browser that reads too slowly is cut off: it comes back and goes on
 * from the last line that it has, as after any other loss.
 */
final class ChatStream {
    private static final int MOST_WAITING = 1000;
    private static final int LINES_AT_FIRST = 50;
    private static final long BEAT_SECONDS = 2;

    private final Cluster cluster;
    private final ChatRoom room;
    private final Who who;
    private final BlockingQueue<String> events = new ArrayBlockingQueue<>(MOST_WAITING);
    private volatile boolean open = true;

    ChatStream(Cluster cluster, ChatRoom room, Who who) {
        this.cluster = cluster;
        this.room = room;
        this.who = who;
    }

    /** Is in the room until the browser goes away, or the node. */
    void run(Optional<Position> after, OutputStream out) throws IOException, InterruptedException {
        Start start = after.map(Start::after).orElse(Start.last(LINES_AT_FIRST));
        List<Registration> listening = new ArrayList<>();
        room.join(who);
        try {
            listening.add(cluster.members().onChange((change, node) -> nodes()));
            listening.add(room.room().listen(start, new Ears()));
            nodes();
            while (open) {
                String event = events.poll(BEAT_SECONDS, TimeUnit.SECONDS);
                out.write((event == null ? ": still here\n\n" : event).getBytes(UTF_8));
                out.flush();
            }
        } finally {
            listening.forEach(Registration::close);
            room.leave(who);
        }
    }

    void end() {
        open = false;
        events.offer(": bye\n\n");
    }

    /** Where this browser can go if this node dies. */
    private void nodes() {
        List<String> urls = cluster.members().list().stream()
                .map(Node::metadata)
                .map(metadata -> metadata.getOrDefault("url", ""))
                .filter(url -> !url.isEmpty())
                .toList();
        send("nodes", urls.toArray(String[]::new), Optional.empty());
    }

    @SuppressWarnings("unchecked")
    private <T> void send(String event, T data, Optional<Position> position) {
        byte[] json = cluster.codec((Class<T>) data.getClass()).encode(data); // one line: JSON escapes the others
        String id = position.map(at -> "id: " + at + "\n").orElse("");
        if (!events.offer(id + "event: " + event + "\ndata: " + new String(json, UTF_8) + "\n\n")) {
            open = false;
        }
    }

    private final class Ears implements Room.Listener<Line> {

        @Override
        public void onMessage(RoomMessage<Line> message) {
            Line line = message.message();
            String from = message.from().orElse("");
            send(
                    "line",
                    new Said(from, line.name(), line.text(), message.sentAt().toEpochMilli()),
                    message.position());
        }

        @Override
        public void onMembers(List<RoomMember> members) {
            send("members", members.stream().map(Who::of).toArray(Who[]::new), Optional.empty());
        }

        @Override
        public void onJoined(RoomMember member) {
            send("joined", Who.of(member), Optional.empty());
        }

        @Override
        public void onUpdated(RoomMember member) {
            send("joined", Who.of(member), Optional.empty());
        }

        @Override
        public void onLeft(RoomMember member, Room.Departure how) {
            send("left", Who.of(member), Optional.empty());
        }

        @Override
        public void onGap(Gap gap) {
            send("gap", new Trouble(gap.reason()), Optional.empty());
        }
    }

    /** What was said, as browsers see it; the time is in ms since 1970. */
    record Said(String from, String name, String text, long at) {}

    /** What a browser is told when lines are missing. */
    record Trouble(String reason) {}
}
