package io.covey.cluster.redis;

import io.covey.cluster.ClusterException;
import io.covey.cluster.CodecException;
import io.covey.cluster.RefusedException;
import io.covey.cluster.Registration;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Names;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks and listens in actionhero's chat rooms, and has connections of this node take part in them: those that it
 * {@linkplain ActionheroBridge#hold holds}. Who is where says {@link Actionhero#rooms}.
 *
 * <p>Every message is at most once, as in actionhero. Methods block for a few round trips, and throw
 * {@link io.covey.cluster.TransportException} if Redis does not answer. Thread-safe.
 */
public final class ActionheroChat {
    private static final Logger LOG = LoggerFactory.getLogger(ActionheroChat.class);
    private static final String ADD_MEMBER = "api.chatRoom.addMember";
    private static final String REMOVE_MEMBER = "api.chatRoom.removeMember";
    private static final String DELETED = "this room has been deleted";
    private static final int AT_ONCE = 200;

    private final ActionheroBridge bridge;
    private final ActionheroKeys keys;
    private final ActionheroWire wire;
    private final ActionheroRooms rooms;
    private final ActionheroHeld held;
    private final Executor executor;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    ActionheroChat(
            ActionheroBridge bridge, ActionheroKeys keys, ActionheroWire wire, ActionheroHeld held, Executor executor) {
        this.bridge = bridge;
        this.keys = keys;
        this.wire = wire;
        this.rooms = new ActionheroRooms(keys);
        this.held = held;
        this.executor = executor;
    }

    /** Lets actionhero's nodes add and remove what we hold. */
    void serve() {
        bridge.serve(ADD_MEMBER, request -> changed(request, true));
        bridge.serve(REMOVE_MEMBER, request -> changed(request, false));
    }

    private boolean changed(ActionheroBridge.Request request, boolean in) {
        String connection = request.connectionId()
                .orElseThrow(() -> new RefusedException(
                        request.method() + " of " + Names.printable(request.server()) + " names no connection"));
        String room = request.arg(1, String.class);
        boolean changed = in ? held.join(connection, room) : held.leave(connection, room);
        if (changed) {
            tell(listener -> {
                if (in) {
                    listener.onJoined(connection, room);
                } else {
                    listener.onLeft(connection, room);
                }
            });
        }
        return changed;
    }

    /**
     * Something said in a room.
     *
     * @param room where; it need not exist
     * @param from the connection that said it, or {@code 0} for a server
     * @param message what, any JSON
     * @param sentAt when, by the clock of the sender's node
     * @param server the id that the sender's node gives itself
     */
    public record Message(String room, String from, ActionheroValue message, Instant sentAt, String server) {}

    /** Hears what is said in any room, of this node's own as well; called in order, one at a time. What it throws is logged. */
    @FunctionalInterface
    public interface Listener {

        /**
         * Somebody said something.
         *
         * @param message what, where and who
         */
        void onMessage(Message message);

        /**
         * An actionhero node has added a connection of this node's to a room.
         *
         * @param connectionId the connection
         * @param room the room
         */
        default void onJoined(String connectionId, String room) {}

        /**
         * An actionhero node has removed a connection of this node's from a room.
         *
         * @param connectionId the connection
         * @param room the room
         */
        default void onLeft(String connectionId, String room) {}

        /**
         * Messages may have been lost: the connection to Redis was.
         *
         * @param reason why, in one line
         */
        default void onMissed(String reason) {}
    }

    /**
     * Listens to all rooms.
     *
     * @param listener hears of what is said from now on
     * @return ends it
     */
    public Registration listen(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * Says something as the server, actionhero's {@code chatRoom.broadcast({}, room, message)}.
     *
     * @param room where; actionhero does not mind whether it exists
     * @param message text or what is JSON in this platform's default format, not empty
     * @throws CodecException if it cannot be written, or has more than 1 MiB
     */
    public void broadcast(String room, Object message) {
        say(room, Optional.empty(), message);
    }

    /**
     * Says something as a connection of this node's.
     *
     * @param connectionId a connection that this node holds and that is in the room
     * @param room where
     * @param message as for {@link #broadcast(String, Object)}
     * @throws RefusedException if the connection is not held here, or is not in the room
     * @throws CodecException if it cannot be written, or has more than 1 MiB
     */
    public void broadcast(String connectionId, String room, Object message) {
        if (!held.isIn(connectionId, room)) {
            throw new RefusedException("actionhero: connection \"" + Names.printable(connectionId) + "\" is not in "
                    + ActionheroRooms.where(room) + "; nothing was said");
        }
        say(room, Optional.of(connectionId), message);
    }

    private void say(String room, Optional<String> from, Object message) {
        String where = ActionheroRooms.where(ActionheroRooms.checked(room));
        if (message == null || message.equals("")) {
            throw new IllegalArgumentException(where + ": the message is empty; nothing was said");
        }
        Object tree = ActionheroValue.tree(keys.cluster(), message, "the message to " + where);
        keys.await(where, bridge.publish(wire.chat(room, from, tree, keys.now())));
    }

    /**
     * Adds a connection to a room, actionhero's {@code chatRoom.addMember}.
     *
     * @param connectionId a connection that this node holds; or in version 9 any node
     * @param room the room
     * @return false if it was in the room before
     * @throws RefusedException if there is no such room; or if the connection is not held here and the fleet is of version
     *     29, whose nodes cannot be asked for that
     * @throws ClusterException if the node that holds it does not answer or refuses
     */
    public boolean join(String connectionId, String room) {
        if (held.holds(connectionId)) {
            return held.join(connectionId, room);
        }
        if (!wire.of9()) {
            throw new RefusedException("actionhero: connection \"" + Names.printable(connectionId)
                    + "\" is not held by this node, and actionhero 29 has no method to be asked for it; it was not added to "
                    + ActionheroRooms.where(room));
        }
        if (!rooms.exists(room)) {
            throw ActionheroRooms.none(room);
        }
        return !rooms.has(room, connectionId) && wait(ask(ADD_MEMBER, connectionId, room));
    }

    /**
     * Removes a connection from a room, actionhero's {@code chatRoom.removeMember}. If another node holds it, that node is
     * asked.
     *
     * @param connectionId the connection
     * @param room the room
     * @return false if it was not in the room
     * @throws ClusterException if the node that holds it does not answer or refuses
     */
    public boolean leave(String connectionId, String room) {
        if (held.holds(connectionId)) {
            return held.leave(connectionId, room);
        }
        // A node that is asked to remove what is not there ends by that, so look before.
        return rooms.exists(room) && rooms.has(room, connectionId) && wait(ask(REMOVE_MEMBER, connectionId, room));
    }

    /**
     * Destroys a room, actionhero's {@code chatRoom.destroy}: says so in the room, has all members leave it, and removes it.
     * The nodes that hold them have the bridge's timeout for it; actionhero itself does not wait for them, which ends nodes
     * of version 29.
     *
     * @param room the room
     * @return false if there was none
     */
    public boolean destroy(String room) {
        if (!rooms.exists(room)) {
            return false;
        }
        broadcast(room, DELETED);
        List<String> members = rooms.ids(room);
        for (int from = 0; from < members.size(); from += AT_ONCE) {
            List<CompletableFuture<Boolean>> leaving =
                    members.subList(from, Math.min(members.size(), from + AT_ONCE)).stream()
                            .filter(member -> !leftHere(member, room))
                            .map(member -> ask(REMOVE_MEMBER, member, room).exceptionally(gone -> false))
                            .toList();
            leaving.forEach(this::wait);
        }
        rooms.drop(room);
        return true;
    }

    private boolean leftHere(String connection, String room) {
        if (!held.holds(connection)) {
            return false;
        }
        held.leave(connection, room);
        tell(listener -> listener.onLeft(connection, room));
        return true;
    }

    private CompletableFuture<Boolean> ask(String method, String connection, String room) {
        return bridge.call(method)
                .with(connection, room)
                .to(connection)
                .answer(Boolean.class)
                .thenApply(done -> done.orElse(false));
    }

    private boolean wait(CompletableFuture<Boolean> answer) {
        Duration longest = bridge.timeout().plus(keys.redis().commandTimeout());
        return Await.on(answer, longest, "an actionhero node's answer");
    }

    /**
     * @param done to be run when everybody has heard it
     */
    void take(ActionheroWire.Chat chat, Runnable done) {
        ActionheroValue value = new ActionheroValue(
                keys.cluster(), chat.message(), "the message in " + ActionheroRooms.where(chat.room()));
        Message message = new Message(chat.room(), chat.from(), value, chat.sentAt(), chat.server());
        tell(listener -> listener.onMessage(message));
        execute(done);
    }

    void missed(String reason) {
        tell(listener -> listener.onMissed(reason));
    }

    private void tell(Consumer<Listener> event) {
        execute(() -> {
            for (Listener listener : listeners) {
                try {
                    event.accept(listener);
                } catch (Throwable e) { // an Error would keep it from the other listeners
                    LOG.warn("A listener to actionhero's rooms failed; it hears the next ones", e);
                }
            }
        });
    }

    private void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException closed) {
            // Nobody listens any more.
        }
    }
}
