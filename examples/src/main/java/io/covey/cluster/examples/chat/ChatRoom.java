package io.covey.cluster.examples.chat;

import io.covey.cluster.Cluster;
import io.covey.cluster.History;
import io.covey.cluster.Room;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** A room on this node, and how many streams each member has here. */
final class ChatRoom {
    private static final History HISTORY = History.last(200).within(Duration.ofDays(1));

    private final Room<Line> room;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Integer> streams = new HashMap<>();

    ChatRoom(Cluster cluster, String name) {
        this.room = cluster.rooms().room(name, Line.class).withHistory(HISTORY);
    }

    Room<Line> room() {
        return room;
    }

    /** Joins; a browser that comes back may be here twice for a moment. */
    void join(Who who) {
        lock.lock();
        try {
            room.join(who.id(), Map.of("name", who.name()));
            streams.merge(who.id(), 1, Integer::sum);
        } finally {
            lock.unlock();
        }
    }

    /** Leaves with the last of his streams here; if he is on another node by now, nothing happens. */
    void leave(Who who) {
        lock.lock();
        try {
            if (streams.merge(who.id(), -1, (a, b) -> a + b == 0 ? null : a + b) == null) {
                room.leave(who.id());
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * @throws IllegalStateException if he is not in the room on this node
     */
    void say(Who who, String text) {
        room.say(who.id(), new Line(who.name(), text));
    }
}
