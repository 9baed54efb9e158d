package io.covey.cluster.core.rooms;

import io.covey.cluster.Registration;
import io.covey.cluster.RoomMiddleware;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The middleware of this node, asked in the order in which it came. */
final class Doors {
    private final List<Door<?>> doors = new CopyOnWriteArrayList<>();

    <M> Registration add(Class<M> type, RoomMiddleware<M> middleware) {
        Door<M> door = new Door<>(type, middleware);
        doors.add(door);
        return () -> doors.remove(door);
    }

    Map<String, String> join(Place place, Map<String, String> metadata) {
        Map<String, String> current = metadata;
        for (Door<?> door : doors) {
            current = door.middleware.join(place.room(), place.member(), current);
        }
        return current;
    }

    void leave(Place place) {
        doors.forEach(door -> door.middleware.leave(place.room(), place.member()));
    }

    <M> Optional<M> say(Place from, M message) {
        Optional<M> current = Optional.of(message);
        for (Door<?> door : doors) {
            if (current.isPresent()) {
                current = door.say(from, current.get());
            }
        }
        return current;
    }

    /** Compared by identity: the same middleware may be added twice. */
    private static final class Door<D> {
        private final Class<D> type;
        private final RoomMiddleware<D> middleware;

        Door(Class<D> type, RoomMiddleware<D> middleware) {
            this.type = type;
            this.middleware = middleware;
        }

        <M> Optional<M> say(Place from, M message) {
            if (!type.isInstance(message)) {
                return Optional.of(message);
            }
            @SuppressWarnings("unchecked") // the codec says what it cannot write
            Optional<M> said = (Optional<M>) middleware.say(from.room(), from.member(), type.cast(message));
            return said;
        }
    }
}
