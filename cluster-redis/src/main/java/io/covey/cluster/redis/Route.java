package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What the server is asked to push: a channel, or all channels with a prefix. At most one command for it is unanswered,
 * so that an answer is never taken for that of another. Its state is guarded by the subscriber's lock.
 */
final class Route {

    /** Of a route. */
    enum State {
        /** Asked for, or to be asked for when the link is up. */
        ASKED,
        /** Confirmed. */
        LIVE,
        /** Cancelled, not confirmed yet. */
        LEAVING
    }

    /** What a target is, and how the commands for it begin. */
    enum Kind {
        CHANNEL(""),
        /** A Redis pattern for a prefix. */
        PREFIX("P"),
        /** A channel that stays within its shard. */
        SHARDED("S");

        private final String letter;

        Kind(String letter) {
            this.letter = letter;
        }
    }

    /**
     * @param kind of what
     * @param name as Redis knows it
     */
    record Target(Kind kind, String name) {}

    private final Target target;
    private final List<Subscription> receivers = new CopyOnWriteArrayList<>();
    private State state = State.ASKED;
    private int sentIn = -1;

    Route(Target target) {
        this.target = target;
    }

    Target target() {
        return target;
    }

    List<Subscription> receivers() {
        return receivers;
    }

    State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }

    /** Which connection of the link was sent the command for the present state. */
    int sentIn() {
        return sentIn;
    }

    void sentIn(int connection) {
        sentIn = connection;
    }

    /** What brings the present state about. */
    RedisCommand command() {
        String verb = state == State.LEAVING ? "UNSUBSCRIBE" : "SUBSCRIBE";
        return RedisCommand.of(target.kind().letter + verb, target.name());
    }
}
