package io.covey.cluster.redis.driver;

import io.covey.cluster.UnavailableException;
import io.covey.cluster.redis.driver.RedisDriver.Confirmed;
import io.covey.cluster.redis.driver.RedisUri.Endpoint;
import io.covey.cluster.redis.driver.RedisUri.Replication;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A line for writes that replicas shall have. {@code WAIT} counts what its own connection has written, so that both go in
 * one write; and it blocks the connection, so that nothing else may use it. What comes while a group is being confirmed
 * travels together next.
 */
final class ConfirmingLine implements AutoCloseable {
    private static final int MOST_TOGETHER = 200;

    private record Unit(List<RedisCommand> commands, CompletableFuture<Confirmed> answer) {}

    private final Line line;
    private final Duration patience;
    private final RedisCommand wait;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Unit> waiting = new ArrayDeque<>();
    private boolean outstanding;

    ConfirmingLine(Io io, Line.Target target, Replication replication) {
        this.patience = io.commandTimeout();
        this.wait = RedisCommand.of(
                "WAIT", replication.replicas(), replication.timeout().toMillis());
        this.line = new Line(io, target, Line.Events.NONE);
    }

    /** Connects on another thread; calls wait for the first connection. */
    ConfirmingLine start() {
        line.start();
        return this;
    }

    /**
     * Sends commands of which the last is the one to be confirmed.
     *
     * @return the reply of the last, possibly an error, and who has it
     */
    CompletableFuture<Confirmed> send(List<RedisCommand> commands) {
        Unit unit = new Unit(commands, new CompletableFuture<>());
        lock.lock();
        try {
            waiting.add(unit);
            if (outstanding) {
                return unit.answer;
            }
            outstanding = true;
        } finally {
            lock.unlock();
        }
        next();
        return unit.answer;
    }

    /** As {@link Line#server}. */
    Endpoint server() {
        return line.server();
    }

    void reconnect(String why) {
        line.reconnect(why);
    }

    private void next() {
        List<Unit> group = new ArrayList<>();
        List<RedisCommand> commands = new ArrayList<>();
        lock.lock();
        try {
            while (!waiting.isEmpty() && group.size() < MOST_TOGETHER) {
                Unit unit = waiting.remove();
                group.add(unit);
                commands.addAll(unit.commands);
            }
            outstanding = !group.isEmpty();
        } finally {
            lock.unlock();
        }
        if (!group.isEmpty()) {
            commands.add(wait);
            whenUp(commands).whenComplete((replies, failure) -> {
                next();
                answer(group, replies, failure);
            });
        }
    }

    private CompletableFuture<List<Object>> whenUp(List<RedisCommand> commands) {
        if (line.firstUp().isDone()) {
            return line.send(commands);
        }
        return line.firstUp()
                .copy()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(e -> {
                    throw new UnavailableException("the connection for confirmed writes is not up; command refused");
                })
                .thenCompose(up -> up.send(commands));
    }

    private static void answer(List<Unit> group, List<Object> replies, Throwable failure) {
        if (failure != null) {
            group.forEach(unit -> unit.answer.completeExceptionally(failure));
            return;
        }
        // an error: it is no master any more, and nobody tells who has what
        long replicas = replies.get(replies.size() - 1) instanceof Long count ? count : 0;
        int position = 0;
        for (Unit unit : group) {
            position += unit.commands.size();
            unit.answer.complete(new Confirmed(replies.get(position - 1), replicas));
        }
    }

    @Override
    public void close() {
        line.close();
        List<Unit> left = new ArrayList<>();
        lock.lock();
        try {
            left.addAll(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(unit -> unit.answer.completeExceptionally(new UnavailableException("closed; command refused")));
    }
}
