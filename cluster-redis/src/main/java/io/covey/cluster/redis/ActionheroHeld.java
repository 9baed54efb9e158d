package io.covey.cluster.redis;

import io.covey.cluster.ClusterException;
import io.covey.cluster.RefusedException;
import io.covey.cluster.Registration;
import io.covey.cluster.spi.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections that this node holds for actionhero's nodes to reach, and the rooms that they are in. */
final class ActionheroHeld {
    private static final Logger LOG = LoggerFactory.getLogger(ActionheroHeld.class);

    private final ActionheroRooms rooms;
    private final String host;
    private final Map<String, Connection> connections = new ConcurrentHashMap<>();

    ActionheroHeld(ActionheroRooms rooms, String host) {
        this.rooms = rooms;
        this.host = host;
    }

    Registration hold(String id) {
        Connection connection = new Connection(ActionheroKeys.checked("connection's id", id));
        if (connections.putIfAbsent(id, connection) != null) {
            throw new IllegalArgumentException(
                    "actionhero: connection \"" + Names.printable(id) + "\" is held already");
        }
        return connection::end;
    }

    boolean holds(String id) {
        return connections.containsKey(id);
    }

    boolean join(String id, String room) {
        return in(id, connection -> connection.join(room));
    }

    boolean leave(String id, String room) {
        return in(id, connection -> connection.leave(room));
    }

    boolean isIn(String id, String room) {
        return in(id, connection -> connection.mine.contains(room));
    }

    private <T> T in(String id, Function<Connection, T> step) {
        Connection connection = connections.get(id);
        if (connection == null) {
            throw gone(id);
        }
        connection.lock.lock();
        try {
            if (connection.ended) {
                throw gone(id);
            }
            return step.apply(connection);
        } finally {
            connection.lock.unlock();
        }
    }

    private static RefusedException gone(String id) {
        return new RefusedException("actionhero: connection \"" + Names.printable(id) + "\" is not held by this node");
    }

    void endAll() {
        List<Leaving> all = new ArrayList<>();
        for (Connection connection : connections.values()) {
            all.addAll(connection.begin());
        }
        all.forEach(this::await);
    }

    /** Of what was sent at once one waits for the first. */
    private void await(Leaving leaving) {
        try {
            rooms.await(leaving.room, leaving.done);
        } catch (ClusterException e) {
            LOG.warn(
                    "Connection {} has ended but stays a member of {}: {}",
                    Names.printable(leaving.id),
                    ActionheroRooms.where(leaving.room),
                    e.getMessage());
        }
    }

    /** A connection on its way out of a room. */
    private record Leaving(String id, String room, CompletionStage<Boolean> done) {}

    /** One, whose changes go one after the other: none is in a room any more when it has ended. */
    private final class Connection {
        private final String id;
        private final ReentrantLock lock = new ReentrantLock();
        private final Set<String> mine = new TreeSet<>();

        /** These, and those of which Redis has not answered. */
        private final Set<String> toLeave = new TreeSet<>();

        private boolean ended;

        Connection(String id) {
            this.id = id;
        }

        boolean join(String room) {
            toLeave.add(ActionheroRooms.checked(room));
            try {
                boolean joined = rooms.put(room, id, host);
                mine.add(room);
                return joined;
            } catch (RefusedException e) {
                toLeave.remove(room);
                throw e;
            }
        }

        boolean leave(String room) {
            // Who destroys the room may have been faster.
            boolean wasIn = mine.remove(room);
            boolean removed = rooms.remove(room, id);
            toLeave.remove(room);
            return removed || wasIn;
        }

        void end() {
            begin().forEach(ActionheroHeld.this::await);
        }

        List<Leaving> begin() {
            lock.lock();
            try {
                ended = true;
                connections.remove(id, this);
                List<Leaving> leaving = toLeave.stream()
                        .map(room -> new Leaving(id, room, rooms.removing(room, id)))
                        .toList();
                mine.clear();
                toLeave.clear();
                return leaving;
            } finally {
                lock.unlock();
            }
        }
    }
}
