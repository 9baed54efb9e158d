package io.covey.cluster;

import java.util.stream.Stream;

/**
 * Rooms: members who hear one another, wherever they are connected, and know who is there. A room is there while it has
 * members, or from {@link #create} to {@link #destroy}.
 *
 * <p>A member belongs to the node on which it joined. When that node leaves or dies its members leave with it.
 */
public interface Rooms {

    /**
     * A room, messages in the default format of their type. It need not be there.
     *
     * @param <M> the type of the messages
     * @param name {@code [A-Za-z0-9_.:-]{1,128}}, neither {@code .} nor {@code ..}
     * @param type the type of the messages
     * @return the room; a handle that costs nothing
     */
    <M> Room<M> room(String name, Class<M> type);

    /**
     * A room, messages in a format of the caller's. It need not be there.
     *
     * @param <M> the type of the messages
     * @param name {@code [A-Za-z0-9_.:-]{1,128}}, neither {@code .} nor {@code ..}
     * @param codec the format
     * @return the room; a handle that costs nothing
     */
    <M> Room<M> room(String name, Codec<M> codec);

    /**
     * Has a room stay while nobody is in it.
     *
     * @param name the room
     * @return false if that was said before
     * @throws TransportException if the backend does not answer: it may have been created
     */
    boolean create(String name);

    /**
     * Ends a room with all memberships in it; listeners are told. Who joins at the same time may stay, and the room with
     * them. Listeners are told also if there was no such room: an earlier call may have failed before they were.
     *
     * @param name the room
     * @return false if there was no such room
     * @throws NotSecuredException if this node has no server token and the transport leaves the process
     * @throws TransportException if the backend does not answer: it may be destroyed in part; call again
     */
    boolean destroy(String name);

    /**
     * Whether a room is there.
     *
     * @param name the room
     * @return true if it was created or has members
     * @throws TransportException if the backend does not answer
     */
    boolean exists(String name);

    /**
     * Lists the rooms in the order of their names, read page by page as the stream is consumed.
     *
     * @return their names, each once; what comes or goes meanwhile may be among them or not
     * @throws TransportException if the backend does not answer, while the stream is consumed
     */
    Stream<String> names();

    /**
     * How many memberships belong to this node, in all rooms, as it knows. Asks nobody.
     *
     * @return their number
     */
    int held();

    /**
     * Has a say in what members do on this node, in every room, after those that were added before.
     *
     * @param <M> the type of the messages it sees
     * @param type messages of other types are not shown to it; joins and leaves always are
     * @param middleware is asked on the thread that joins, leaves or says
     * @return ends it
     */
    <M> Registration use(Class<M> type, RoomMiddleware<M> middleware);
}
