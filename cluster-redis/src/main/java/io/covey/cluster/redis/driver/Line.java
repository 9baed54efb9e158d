package io.covey.cluster.redis.driver;

import io.covey.cluster.TransportException;
import io.covey.cluster.UnavailableException;
import io.covey.cluster.redis.driver.RedisUri.Endpoint;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is made anew whenever it is lost, with back-off from 20 ms to 1 s, until it is closed. Nothing is
 * queued while it is down and nothing is ever sent again.
 */
final class Line implements AutoCloseable {
    private static final long FIRST_DELAY_MILLIS = 20;
    private static final long LONGEST_DELAY_MILLIS = 1000;

    /** Finds the server to connect to, at every attempt. Blocks. */
    interface Target {
        RedisUri find();

        /** Throws if the server just connected to is the wrong one after all. Blocks. */
        default void check(Session session) {}

        /** Takes in that the server that was found cannot be used. */
        default void failed() {}

        /** Whether another server would be found now. */
        default boolean hasMoved() {
            return false;
        }

        /** Takes in an error, which may name another server. */
        default void refused(RedisError error) {}
    }

    /** Called one at a time and in order; a push only between up and down. Must not block. */
    interface Events {
        /** Of a line whose users see how it is when they send. */
        Events NONE = new Events() {
            @Override
            public void onUp(Session session) {
                // who sends will see
            }

            @Override
            public void onDown(Session session, String reason) {
                // its calls fail
            }
        };

        void onUp(Session session);

        void onDown(Session session, String reason);

        default void onPush(Session session, String kind, List<Object> elements) {}
    }

    private final Io io;
    private final Target target;
    private final Events events;
    private final ReentrantLock lock = new ReentrantLock();
    private final CompletableFuture<Line> firstUp = new CompletableFuture<>();
    private volatile @Nullable Session session;
    private volatile @Nullable Endpoint server;
    private volatile String reason = "not yet connected";
    private int failures;
    private boolean closed;

    Line(Io io, Target target, Events events) {
        this.io = io;
        this.target = target;
        this.events = events;
    }

    /** Connects, blocking; from then on the line reconnects by itself. */
    Line connect() {
        attempt();
        return this;
    }

    /** Connects on another thread, as often as it takes. */
    Line start() {
        io.connecting(this::attemptOrRetry, 0);
        return this;
    }

    boolean up() {
        return session != null;
    }

    /** The one that answers, or answered last. */
    Endpoint server() {
        return Objects.requireNonNull(server, "never connected");
    }

    /** Completes with this line when it is up for the first time. */
    CompletableFuture<Line> firstUp() {
        return firstUp;
    }

    CompletableFuture<List<Object>> send(List<RedisCommand> commands) {
        Session open = session;
        return open != null
                ? open.send(commands)
                : CompletableFuture.failedFuture(new UnavailableException(reason + "; reconnecting, command refused"));
    }

    /** Gives the present connection up, if there is one. */
    void reconnect(String why) {
        Session open = session;
        if (open != null) {
            open.onClosed(why);
        }
    }

    /** Runs something in line with the events, if that session is still the present one. */
    void during(Session expected, Runnable action) {
        lock.lock();
        try {
            if (session == expected && !closed) {
                action.run();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Session open;
        lock.lock();
        try {
            closed = true;
            open = session;
            session = null;
            reason = "closed";
        } finally {
            lock.unlock();
        }
        firstUp.completeExceptionally(new TransportException("closed"));
        if (open != null) {
            open.close();
        }
    }

    private void attemptOrRetry() {
        try {
            attempt();
        } catch (RuntimeException | Error e) { // such as for want of a thread, which may pass
            reason = Reason.of(e);
            retry();
        }
    }

    private void attempt() {
        Session[] mine = new Session[1];
        Session made = made(mine);
        lock.lock();
        try {
            if (closed) {
                made.close();
                return;
            }
            mine[0] = made;
            server = made.server();
            session = made;
            events.onUp(made);
        } finally {
            lock.unlock();
        }
        firstUp.complete(this);
        if (made.lost() != null) {
            lost(made);
        }
    }

    private Session made(Session[] mine) {
        RedisUri server = target.find();
        Session made = null;
        try {
            made = Session.connect(io, server, (kind, elements) -> pushed(mine, kind, elements), this::lost);
            target.check(made);
            return made;
        } catch (RuntimeException | Error e) {
            if (made != null) {
                made.close();
            }
            target.failed();
            throw e;
        }
    }

    private void pushed(Session[] mine, String kind, List<Object> elements) {
        lock.lock();
        try {
            if (session != null && session == mine[0] && !closed) {
                events.onPush(session, kind, elements);
            }
        } finally {
            lock.unlock();
        }
    }

    private void lost(Session ended) {
        lock.lock();
        try {
            if (session != ended || closed) {
                return;
            }
            session = null;
            reason = ended.name() + " is down (" + ended.lost() + ")";
            if (ended.wasOfUse()) {
                failures = 0;
            }
            events.onDown(ended, reason);
        } finally {
            lock.unlock();
        }
        retry();
    }

    private void retry() {
        long delay;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            delay = Math.min(LONGEST_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(failures++, 6));
        } finally {
            lock.unlock();
        }
        io.connecting(this::attemptOrRetry, delay - ThreadLocalRandom.current().nextLong(delay / 4));
    }
}
