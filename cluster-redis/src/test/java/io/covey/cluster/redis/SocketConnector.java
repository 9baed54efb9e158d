package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisConnection;
import io.covey.cluster.redis.driver.RedisConnector;
import io.covey.cluster.redis.driver.RedisUri;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** The smallest client library: a plain socket and a reading thread for each connection. For tests of this module alone. */
final class SocketConnector implements RedisConnector {
    private final AtomicLong trips;

    SocketConnector() {
        this(new AtomicLong());
    }

    /**
     * @param trips counts what is written at once
     */
    SocketConnector(AtomicLong trips) {
        this.trips = trips;
    }

    @Override
    public RedisConnection connect(
            RedisUri server, Duration connectTimeout, Duration commandTimeout, RedisConnection.Listener listener) {
        try {
            RedisUri.Endpoint node = server.endpoints().get(0);
            return new Connection(new Resp3(node.host(), node.port()), listener);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        // each connection has its own thread
    }

    private final class Connection implements RedisConnection {
        private final Resp3 resp;
        private final Listener listener;
        private final ReentrantLock lock = new ReentrantLock();
        private final Queue<Batch> batches = new ArrayDeque<>();

        Connection(Resp3 resp, Listener listener) {
            this.resp = resp;
            this.listener = listener;
            Thread thread = new Thread(this::read, "covey-test-socket");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public CompletableFuture<List<Object>> send(List<RedisCommand> commands) {
            Batch batch = new Batch(commands);
            lock.lock();
            try {
                trips.incrementAndGet();
                if (batch.isAnswered()) {
                    batch.result.complete(batch.replies);
                } else {
                    batches.add(batch);
                }
                resp.write(commands);
            } catch (IOException e) {
                resp.close();
            } finally {
                lock.unlock();
            }
            return batch.result;
        }

        private void read() {
            try {
                while (true) {
                    Object reply = resp.read();
                    if (reply instanceof Resp3.Push push) {
                        listener.onPush(push.kind(), push.elements());
                        continue;
                    }
                    Batch batch;
                    lock.lock();
                    try {
                        batch = batches.element();
                        batch.add(reply);
                        if (batch.isAnswered()) {
                            batches.remove();
                        }
                    } finally {
                        lock.unlock();
                    }
                    if (batch.isAnswered()) {
                        batch.result.complete(batch.replies);
                    }
                }
            } catch (IOException e) {
                listener.onClosed(String.valueOf(e.getMessage()));
            }
        }

        @Override
        public void close() {
            resp.close();
        }
    }

    /** Commands on their way; those of the subscribe family have no reply. */
    private static final class Batch {
        final CompletableFuture<List<Object>> result = new CompletableFuture<>();
        final List<Object> replies = new ArrayList<>();
        private final List<RedisCommand> commands;

        Batch(List<RedisCommand> commands) {
            this.commands = commands;
            skip();
        }

        void add(Object reply) {
            replies.add(reply);
            skip();
        }

        private void skip() {
            while (!isAnswered() && commands.get(replies.size()).name().contains("SUBSCRIBE")) {
                replies.add(null);
            }
        }

        boolean isAnswered() {
            return replies.size() == commands.size();
        }
    }
}
