package io.covey.cluster.redis.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.TransportException;
import io.covey.cluster.TransportTimeoutException;
import io.covey.cluster.UnavailableException;
import io.covey.cluster.redis.driver.RedisUri.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The life of one connection: what waits for an answer, for how long, and the end. A command that is not answered in
 * time fails; if meanwhile nothing at all was answered the connection is given up, since it may be half-open and a late
 * answer is worth nothing. A connection that is quiet is asked now and then whether it still lives.
 */
final class Session implements RedisConnection.Listener, AutoCloseable {
    private static final int MOST_WAITING = 100_000;
    /** Who was connected for so long was not connected in vain, asked something or not. */
    private static final Duration LONG_ENOUGH = Duration.ofMillis(100);

    private static final Duration LONGEST_QUIET = Duration.ofSeconds(3);

    private record Waiting(CompletableFuture<List<Object>> answer, long since) {}

    private final Endpoint server;
    private final String name;
    private final Duration limit;
    private final Meter meter;
    private final BiConsumer<String, List<Object>> onPush;
    private final Consumer<Session> onLost;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger commandsWaiting = new AtomicInteger();
    private final AtomicReference<@Nullable String> lost = new AtomicReference<>();
    private volatile long lastHeard = System.nanoTime();
    private volatile long connected;
    private volatile boolean ofUse;
    private volatile boolean rejected;
    private long writingSince = lastHeard;
    private volatile @Nullable RedisConnection connection;
    private volatile @Nullable Future<?> watch;

    private Session(Endpoint server, Io io, BiConsumer<String, List<Object>> onPush, Consumer<Session> onLost) {
        this.server = server;
        this.name = "redis " + server;
        this.limit = io.commandTimeout();
        this.meter = io.meter();
        this.onPush = onPush;
        this.onLost = onLost;
    }

    /** Connects, blocking. {@code onLost} is told once, possibly before this method returns. */
    static Session connect(Io io, RedisUri server, BiConsumer<String, List<Object>> onPush, Consumer<Session> onLost) {
        Session session = new Session(server.endpoints().get(0), io, onPush, onLost);
        try {
            RedisConnection made = io.connect(server, session);
            session.connected = System.nanoTime();
            session.meter.connected();
            session.connection = made;
        } catch (RuntimeException e) {
            String reason = Reason.of(e);
            String what = reason.equals(Reason.NO_ANSWER)
                    ? "no answer in " + io.connectTimeout().toMillis() + " ms"
                    : reason;
            boolean mute = server.tls() && what.startsWith("no answer in");
            throw new TransportException(
                    session.name + ": " + what + (mute ? "; does it speak TLS on this port?" : ""),
                    reason.equals(Reason.TOO_OLD) ? null : e);
        }
        long tick = Math.max(5, session.limit.toMillis() / 20);
        try {
            session.watch = io.timer().scheduleWithFixedDelay(session::tick, tick, tick, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            session.close();
            throw new TransportException(session.name + ": the driver was closed", e);
        }
        if (session.lost.get() != null) {
            session.release();
        }
        return session;
    }

    String name() {
        return name;
    }

    Endpoint server() {
        return server;
    }

    /** Why the connection ended, or null while it is open. */
    @Nullable
    String lost() {
        return lost.get();
    }

    /** False if the connection came to nothing, so that the next attempt should wait longer. */
    boolean wasOfUse() {
        return !rejected && (ofUse || connection != null && System.nanoTime() - connected >= LONG_ENOUGH.toNanos());
    }

    /** Ends a connection that is no good though it works. */
    void reject(String reason) {
        rejected = true;
        onClosed(reason);
    }

    CompletableFuture<List<Object>> send(List<RedisCommand> commands) {
        RedisConnection open = connection;
        String reason = lost.get();
        if (reason != null || open == null) {
            return CompletableFuture.failedFuture(
                    new UnavailableException(name + " is not connected (" + reason + "): command refused"));
        }
        int size = commands.size();
        if (commandsWaiting.getAndAdd(size) >= MOST_WAITING) {
            commandsWaiting.addAndGet(-size);
            return CompletableFuture.failedFuture(new UnavailableException(
                    name + ": " + MOST_WAITING + " commands wait for an answer, no more are taken: command refused"));
        }
        long sent = System.nanoTime();
        CompletableFuture<List<Object>> answer = open.send(commands);
        answer.whenComplete((replies, failure) -> {
            commandsWaiting.addAndGet(-size);
            if (failure == null) {
                long now = System.nanoTime();
                lastHeard = now;
                ofUse = true;
                meter.answered(size, now - sent);
            } else {
                meter.failed(size);
            }
        });
        waiting.add(new Waiting(answer, System.nanoTime()));
        for (Waiting head = waiting.peek(); head != null && head.answer.isDone(); head = waiting.peek()) {
            waiting.remove(head);
        }
        if (lost.get() != null) {
            failWaiting();
        }
        return answer;
    }

    @Override
    public void onPush(String kind, List<Object> elements) {
        lastHeard = System.nanoTime();
        onPush.accept(kind, elements);
    }

    @Override
    public void onClosed(String reason) {
        if (lost.compareAndSet(null, reason)) {
            release();
            onLost.accept(this);
        }
    }

    @Override
    public void close() {
        if (lost.compareAndSet(null, "closed")) {
            release();
        }
    }

    private void release() {
        Future<?> watching = watch;
        if (watching != null) {
            watching.cancel(false);
        }
        RedisConnection open = connection;
        if (open != null) {
            open.close();
        }
        failWaiting();
    }

    private void failWaiting() {
        for (Waiting one = waiting.poll(); one != null; one = waiting.poll()) {
            one.answer.completeExceptionally(new TransportException(name + ": connection lost before the answer ("
                    + lost.get() + "); whether the command took effect is unknown"));
        }
    }

    private void tick() {
        giveUpLate();
        giveUpStuckWrite();
        pingIfQuiet();
    }

    private void giveUpLate() {
        long now = System.nanoTime();
        boolean silent = false;
        for (Waiting head = waiting.peek();
                head != null && (head.answer.isDone() || now - head.since >= limit.toNanos());
                head = waiting.peek()) {
            waiting.remove(head);
            silent |= !head.answer.isDone() && lastHeard - head.since < 0;
            head.answer.completeExceptionally(new TransportTimeoutException(
                    name + ": no answer in " + limit.toMillis() + " ms; whether the command took effect is unknown"));
        }
        if (silent) {
            onClosed("no answer in " + limit.toMillis() + " ms");
        }
    }

    /** A client library may write on its caller's thread, which does not come back while the server takes nothing in. */
    private void giveUpStuckWrite() {
        long now = System.nanoTime();
        if (commandsWaiting.get() == 0 || !waiting.isEmpty() || lastHeard - writingSince > 0) {
            writingSince = now;
        } else if (now - writingSince >= limit.toNanos()) {
            onClosed("nothing could be written in " + limit.toMillis() + " ms");
        }
    }

    /** While a command waits it is itself the proof of life, and on a link it may be blocking on the server. */
    private void pingIfQuiet() {
        long pause = Math.min(LONGEST_QUIET.toNanos(), limit.toNanos() * 3 / 5);
        if (commandsWaiting.get() == 0 && System.nanoTime() - lastHeard >= pause) {
            send(List.of(RedisCommand.of("PING", name))).thenAccept(replies -> {
                // an error is a sign of life: it is loading, busy with a script, its disk is full
                Object reply = replies.get(0);
                if (!(reply instanceof RedisError)
                        && !(reply instanceof byte[] echo && name.equals(new String(echo, UTF_8)))) {
                    onClosed("the answer to a ping was that of another command");
                }
            });
        }
    }
}
