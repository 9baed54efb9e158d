package io.covey.cluster.redis;

import io.covey.cluster.CodecException;
import io.covey.cluster.RefusedException;
import io.covey.cluster.redis.driver.HashSlots;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisErrorException;
import io.covey.cluster.spi.Names;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * actionhero's chat rooms as they stand in Redis, the same in 9 and 29: which there are, and who is in them. No token is
 * needed for that; {@link ActionheroChat} speaks in them.
 */
public final class ActionheroRooms {
    private static final Script JOIN = Script.of("actionhero-join");
    private static final String ROOMS = "actionhero:chatRoom:rooms";
    private static final String MEMBERS = "actionhero:chatRoom:members:";
    private static final String AUTH = "actionhero:chatRoom:auth";

    /** Where versions before 7 had the members of a room; what stands there is not read. */
    private static final List<String> OLD = List.of(
            "actionHero:roomMembers-",
            "actionHero:roomMembers:",
            "actionHero:roomMembers::",
            "actionhero:roomMembers-");

    private final ActionheroKeys keys;

    ActionheroRooms(ActionheroKeys keys) {
        this.keys = keys;
    }

    /**
     * A connection in a room.
     *
     * @param id the connection's
     * @param joinedAt when, by the clock of the node that holds it; empty if the fleet keeps something else of its members
     * @param host the id of the node that holds it; empty if the fleet keeps something else
     */
    public record Member(String id, Optional<Instant> joinedAt, Optional<String> host) {}

    /**
     * The rooms, actionhero's {@code chatRoom.list}.
     *
     * @return their names, in order
     */
    public Set<String> list() {
        Set<String> names = new TreeSet<>();
        for (Object name : Replies.list(send("actionhero's rooms", RedisCommand.keyed("SMEMBERS", ROOMS)))) {
            names.add(Replies.text(name));
        }
        return names;
    }

    /**
     * Whether there is a room, actionhero's {@code chatRoom.exists}.
     *
     * @param room its name
     * @return false if there is none
     */
    public boolean exists(String room) {
        return Replies.number(send(where(room), RedisCommand.keyed("SISMEMBER", ROOMS, checked(room)))) == 1;
    }

    /**
     * Makes a room, actionhero's {@code chatRoom.add}.
     *
     * @param room its name, 1 to 1024 characters without control characters
     * @return false if there was one
     */
    public boolean add(String room) {
        return Replies.number(send(where(room), RedisCommand.keyed("SADD", ROOMS, checked(room)))) == 1;
    }

    /**
     * Who is in a room, actionhero's {@code chatRoom.roomStatus}. Those of a node that was killed are among them, until
     * somebody calls {@link #forget}.
     *
     * @param room its name
     * @return the members, none if there is no such room
     * @throws CodecException naming the member, if what is kept of one is no JSON object
     * @throws RefusedException if the room is one of a version before 7, whose layout is not read
     */
    public List<Member> members(String room) {
        List<Object> found = Replies.list(send(where(room), RedisCommand.keyed("HGETALL", key(room))));
        if (found.isEmpty()) {
            refuseOld(room);
        }
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < found.size(); i += 2) {
            members.add(member(room, Replies.text(found.get(i)), Replies.bytes(found.get(i + 1))));
        }
        return members;
    }

    /** Of its members, also of those of which something else is kept. */
    List<String> ids(String room) {
        List<Object> found = Replies.list(send(where(room), RedisCommand.keyed("HGETALL", key(room))));
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < found.size(); i += 2) {
            ids.add(Replies.text(found.get(i)));
        }
        return ids;
    }

    private void refuseOld(String room) {
        for (String prefix : OLD) {
            if (exists(room, prefix + room)) {
                throw new RefusedException(where(room) + " is one of a version before 7, whose layout is not read: "
                        + Names.printable(prefix + room) + " is left as it is");
            }
        }
    }

    /** Whoever an ACL confines to {@code ~actionhero:*} is not told, and sees no such room. */
    private boolean exists(String room, String key) {
        try {
            return Replies.number(send(where(room), RedisCommand.keyed("EXISTS", key))) == 1;
        } catch (RedisErrorException e) {
            if (e.error().code().equals("NOPERM")) {
                return false;
            }
            throw e;
        }
    }

    private static Member member(String room, String id, byte[] kept) {
        try {
            if (Json.read(kept) instanceof Map<?, ?> details) {
                Optional<Instant> joinedAt = details.get("joinedAt") instanceof Json.Num millis
                        ? ActionheroEntry.time(millis)
                        : Optional.empty();
                Optional<String> host =
                        details.get("host") instanceof String text ? Optional.of(text) : Optional.empty();
                return new Member(id, joinedAt, host);
            }
        } catch (Json.MalformedException e) {
            throw new CodecException(unreadable(room, id) + ": " + e.getMessage(), e);
        }
        throw new CodecException(unreadable(room, id));
    }

    private static String unreadable(String room, String id) {
        return where(room) + ": what is kept of member \"" + Names.printable(id) + "\" is no JSON object";
    }

    /**
     * Removes from all rooms the members of one node: for a node that was killed, whose members stay for ever otherwise.
     * Nobody is told. A member that its node adds again meanwhile may be removed all the same; one of which something is
     * kept that cannot be read stays.
     *
     * @param host the node's id, as in {@link Member#host}
     * @return how many were removed
     */
    public long forget(String host) {
        long removed = 0;
        for (String room : list()) {
            String members = MEMBERS + room; // however others have called it
            List<Object> found = Replies.list(send(where(room), RedisCommand.keyed("HGETALL", members)));
            for (int i = 0; i < found.size(); i += 2) {
                if (isOf(host, Replies.bytes(found.get(i + 1)))) {
                    RedisCommand remove = RedisCommand.keyed("HDEL", members, Replies.bytes(found.get(i)));
                    removed += Replies.number(send(where(room), remove));
                }
            }
        }
        return removed;
    }

    private static boolean isOf(String host, byte[] kept) {
        try {
            return Json.read(kept) instanceof Map<?, ?> details && host.equals(details.get("host"));
        } catch (Json.MalformedException e) {
            return false;
        }
    }

    /**
     * @return false if it was a member before
     * @throws RefusedException if there is no such room
     */
    boolean put(String room, String connection, String host) {
        Map<String, @Nullable Object> details = new LinkedHashMap<>();
        details.put("id", connection);
        details.put("joinedAt", new Json.Num(Long.toString(keys.now())));
        details.put("host", host);
        byte[] bytes = JsonWriter.canonical(details);
        String members = key(room);
        boolean together = !keys.redis().cluster() || HashSlots.of(members) == HashSlots.of(ROOMS);
        if (!together && !exists(room)) {
            throw none(room);
        }
        Script.Call join = JOIN.call(together ? List.of(members, ROOMS) : List.of(members), room, connection, bytes);
        long joined = Replies.number(keys.await(where(room), keys.redis().run(join)));
        if (joined < 0) {
            throw none(room);
        }
        return joined == 1;
    }

    static RefusedException none(String room) {
        return new RefusedException(where(room) + " does not exist; nobody was added");
    }

    boolean has(String room, String connection) {
        return Replies.number(send(where(room), RedisCommand.keyed("HEXISTS", key(room), connection))) == 1;
    }

    boolean remove(String room, String connection) {
        return await(room, removing(room, connection));
    }

    CompletionStage<Boolean> removing(String room, String connection) {
        return keys.redis()
                .send(RedisCommand.keyed("HDEL", key(room), connection))
                .thenApply(removed -> Replies.number(removed) == 1);
    }

    <T> T await(String room, CompletionStage<T> stage) {
        return keys.await(where(room), stage);
    }

    /** With all that is kept of it. */
    void drop(String room) {
        send(where(room), RedisCommand.keyed("HDEL", AUTH, room));
        send(where(room), RedisCommand.keyed("SREM", ROOMS, room));
        send(where(room), RedisCommand.keyed("DEL", key(room)));
    }

    private Object send(String what, RedisCommand command) {
        return keys.await(what, keys.redis().send(command));
    }

    private static String key(String room) {
        return MEMBERS + checked(room);
    }

    static String checked(String room) {
        return ActionheroKeys.checked("room", room);
    }

    static String where(String room) {
        return "actionhero's room \"" + Names.printable(room) + "\"";
    }
}
