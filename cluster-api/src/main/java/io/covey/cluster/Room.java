package io.covey.cluster;

import io.covey.cluster.spi.Delivery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One of {@link Rooms}. What changes it or speaks in it needs the server token, unless the transport stays in the process:
 * messages between nodes are signed.
 *
 * @param <M> the type of the messages
 */
public interface Room<M> {

    /**
     * Its name.
     *
     * @return as given
     */
    String name();

    /**
     * The same room with a history: what is said through the room returned is kept by the backend for those who come later
     * or were cut off. Who comes and goes is not kept.
     *
     * <p>All who speak in the room should keep the same history: what is said without one is heard, but not read again. If
     * something may be lost that was said so, listeners who have heard somebody speak without a history are told of a gap
     * at once, others as soon as somebody does. If nobody ever does, that loss is not told.
     *
     * @param history how much is kept
     * @return another view of the room; this one is not changed
     */
    Room<M> withHistory(History history);

    /**
     * Has somebody join on this node, who then belongs to it. One round trip, and news for those who listen.
     *
     * @param member who, 1 to 200 characters without control characters; the id of a user or of a connection
     * @param metadata what others may know of the member
     * @return false if the member was in the room already: then the metadata are replaced, and it belongs to this node from
     *     now on
     * @throws RoomRefusedException if a middleware refuses
     * @throws NotSecuredException if this node has no server token and the transport leaves the process
     * @throws TransportException if the backend does not answer; should the member have joined all the same, it leaves again
     *     as soon as the backend does
     */
    boolean join(String member, Map<String, String> metadata);

    /**
     * Has somebody join on this node without metadata, as {@link #join(String, Map)}.
     *
     * @param member who
     * @return false if the member was in the room already
     */
    default boolean join(String member) {
        return join(member, Map.of());
    }

    /**
     * Has somebody leave who belongs to this node. One round trip, and news for those who listen.
     *
     * @param member who
     * @return false if the member was not in the room, or belongs to another node by now
     * @throws RoomRefusedException if a middleware refuses
     * @throws TransportException if the backend does not answer; the member leaves as soon as it does
     */
    boolean leave(String member);

    /**
     * Has somebody leave, whatever node they belong to. Two round trips, and news for those who listen.
     *
     * @param member who
     * @return false if the member was not in the room
     * @throws RoomRefusedException if a middleware of this node refuses
     * @throws TransportException if the backend does not answer: the member may have left, and then that is told
     */
    boolean remove(String member);

    /**
     * Finds a member. One round trip.
     *
     * @param member who
     * @return the member, empty if it is not in the room or its node is not alive
     * @throws TransportException if the backend does not answer
     */
    Optional<RoomMember> find(String member);

    /**
     * Whether somebody is in the room. One round trip.
     *
     * @param member who
     * @return as {@link #find}
     * @throws TransportException if the backend does not answer
     */
    default boolean isMember(String member) {
        return find(member).isPresent();
    }

    /**
     * Lists the members, read page by page as the stream is consumed.
     *
     * @return the members of nodes that are alive, each once, in no order; who comes or goes meanwhile may be among them or
     *     not
     * @throws TransportException if the backend does not answer, while the stream is consumed
     */
    Stream<RoomMember> members();

    /**
     * Counts the members. One round trip, whatever the number.
     *
     * @return how many; those of a node that died are counted until its death is noticed
     * @throws TransportException if the backend does not answer
     */
    long count();

    /**
     * The members who belong to this node, without asking the backend.
     *
     * @return their ids now
     */
    Set<String> here();

    /**
     * A member says something to everybody in the room, itself included.
     *
     * @param from a member who belongs to this node
     * @param message what
     * @return whether a node received it, as far as the backend can tell; {@link Delivery#NONE} if a middleware dropped it
     * @throws IllegalStateException if that is no member who belongs to this node
     * @throws RoomRefusedException if a middleware refuses
     * @throws TransportException if the backend does not answer: it may have been said
     */
    Delivery say(String from, M message);

    /**
     * As {@link #say}, but {@link RoomMessage#isFor} is false for that member.
     *
     * @param from a member who belongs to this node
     * @param message what
     * @return as {@link #say}
     */
    Delivery sayToOthers(String from, M message);

    /**
     * The application says something to everybody in the room. No middleware is asked.
     *
     * @param message what
     * @return whether a node received it, as far as the backend can tell
     * @throws TransportException if the backend does not answer: it may have been said
     */
    Delivery broadcast(M message);

    /**
     * Listens on this node. Live when this method returns, and made again after a lost connection.
     *
     * @param listener hears of what is said and of who comes and goes
     * @return ends the listening
     * @throws NotSecuredException if this node has no server token and the transport leaves the process
     * @throws TransportException if the backend does not answer
     */
    Registration listen(Listener<M> listener);

    /**
     * Listens from a place in the history on: first who is there, then what was said since, then what happens. What was said
     * with a history and could not be heard is read from there, and no gap is reported unless the history has it no more.
     * Between messages on the one hand and who comes and goes on the other there is no order.
     *
     * @param start where to begin
     * @param listener hears of what was and is said and of who comes and goes
     * @return ends the listening, and knows whether something is missing at its beginning
     * @throws IllegalStateException if this room has no history
     * @throws NotSecuredException if this node has no server token and the transport leaves the process
     * @throws TransportException if the backend does not answer
     */
    Subscription listen(Start start, Listener<M> listener);

    /**
     * Reads from the history without listening.
     *
     * @param start where to begin; {@link Start#now} reads nothing but the position
     * @param most how many messages at most, 1 to 10,000
     * @return the oldest of those asked for
     * @throws IllegalStateException if this room has no history
     * @throws NotSecuredException if this node has no server token and the transport leaves the process
     * @throws TransportException if the backend does not answer
     */
    Past<RoomMessage<M>> read(Start start, int most);

    /**
     * Hears of what happens in a room, one call at a time. {@link #onMembers} comes first, on the thread that calls
     * {@link Room#listen}; the others come on a thread of this node's that is not a network thread. What a method throws is
     * logged, and the listening goes on. Behind it is a bounded queue, as for {@link Topic.Listener}.
     *
     * <p>Of each membership it hears the beginning once and then the end once, also if messages are lost, nodes die or the
     * backend loses its memory; one so short that nobody could see it may be missing. Messages and news of one node come in
     * the order in which they were sent.
     *
     * @param <M> the type of the messages
     */
    @FunctionalInterface
    interface Listener<M> {

        /**
         * Something was said.
         *
         * @param message what, and by whom
         */
        void onMessage(RoomMessage<M> message);

        /**
         * Who is there at the beginning. Called once, before anything else.
         *
         * @param members the members; for them {@link #onJoined} is not called
         */
        default void onMembers(List<RoomMember> members) {}

        /**
         * Somebody joined.
         *
         * @param member who
         */
        default void onJoined(RoomMember member) {}

        /**
         * A member joined again: with other metadata, or on another node.
         *
         * @param member as it is now
         */
        default void onUpdated(RoomMember member) {}

        /**
         * A membership ended.
         *
         * @param member whose, as last seen
         * @param how why
         */
        default void onLeft(RoomMember member, Departure how) {}

        /**
         * The room was destroyed; {@link #onLeft} was called before for each member that was known. Of one who joined on
         * another node just before, beginning and end may be told afterwards.
         */
        default void onDestroyed() {}

        /**
         * Messages may have been missed. Who came and went meanwhile is told by the other methods, who came at once, who left
         * within the lease of the node.
         *
         * @param gap where and why
         */
        default void onGap(Gap gap) {}
    }

    /** How a membership ended. More may come. */
    enum Departure {
        /** The member left, was removed, or its node said goodbye. */
        LEFT,
        /** Its node was silent for longer than its lease. */
        DIED,
        /** The room was destroyed. */
        DESTROYED
    }
}
