package io.covey.cluster.core.rooms;

import io.covey.cluster.Registration;
import io.covey.cluster.RoomMiddleware;
import io.covey.cluster.spi.Layers;
import java.util.Map;
import java.util.Optional;

/** The middleware of this node's rooms, asked in the order in which it came. */
final class RoomLayers {
    private final Layers<Layer<?>> layers = new Layers<>();

    <M> Registration add(Class<M> type, RoomMiddleware<M> middleware) {
        return layers.add(new Layer<>(type, middleware));
    }

    Map<String, String> join(SeatId id, Map<String, String> metadata) {
        Map<String, String> current = metadata;
        for (Layer<?> layer : layers.now()) {
            current = layer.middleware.join(id.room(), id.member(), current);
        }
        return current;
    }

    void leave(SeatId id) {
        layers.now().forEach(layer -> layer.middleware.leave(id.room(), id.member()));
    }

    <M> Optional<M> say(SeatId from, M message) {
        Optional<M> current = Optional.of(message);
        for (Layer<?> layer : layers.now()) {
            if (current.isPresent()) {
                current = layer.say(from, current.get());
            }
        }
        return current;
    }

    private record Layer<D>(Class<D> type, RoomMiddleware<D> middleware) {

        <M> Optional<M> say(SeatId from, M message) {
            if (!type.isInstance(message)) {
                return Optional.of(message);
            }
            @SuppressWarnings("unchecked") // the codec says what it cannot write
            Optional<M> said = (Optional<M>) middleware.say(from.room(), from.member(), type.cast(message));
            return said;
        }
    }
}
