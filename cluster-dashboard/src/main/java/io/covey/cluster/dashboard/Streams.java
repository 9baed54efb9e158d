package io.covey.cluster.dashboard;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The open pages: each is told of every picture. Bounded in number; a page that does not read is cut off. */
final class Streams implements AutoCloseable {
    private static final int MOST = 100;
    private static final int MOST_OF_ONE = 12;
    private static final long STUCK = TimeUnit.SECONDS.toNanos(30);

    private final Set<Stream> open = ConcurrentHashMap.newKeySet();
    private final Sessions sessions;
    private final Writes writes;
    private final ThreadFactory threads;
    private final LongSupplier nanos;
    private volatile Runnable opened = () -> {};
    private volatile boolean closed;

    Streams(Sessions sessions, Writes writes, ThreadFactory threads, LongSupplier nanos) {
        this.sessions = sessions;
        this.writes = writes;
        this.threads = threads;
        this.nanos = nanos;
    }

    /** What is done when a page is opened. */
    void onOpen(Runnable wakes) {
        this.opened = wakes;
    }

    /** False if there are too many; then the exchange is still the caller's. */
    boolean open(HttpExchange exchange, Session session) throws IOException {
        long its = open.stream().filter(stream -> stream.session() == session).count();
        if (closed || open.size() >= MOST || its >= MOST_OF_ONE) {
            return false;
        }
        Answer.secure(exchange.getResponseHeaders());
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.getResponseHeaders().set("X-Accel-Buffering", "no");
        writes.run(() -> exchange.sendResponseHeaders(200, 0));
        Stream stream = new Stream(exchange, session, nanos);
        open.add(stream);
        threads.newThread(() -> {
                    try {
                        stream.run(() -> !closed && sessions.goesOn(session));
                    } finally {
                        open.remove(stream);
                    }
                })
                .start();
        opened.run();
        return true;
    }

    boolean isWatched() {
        return !open.isEmpty();
    }

    int size() {
        return open.size();
    }

    /** Tells all pages; never waits for one. */
    void tell(String event, Object value) {
        byte[] bytes = Secrets.bytes("event: " + event + "\ndata: " + Json.text(value) + "\n\n");
        for (Stream stream : open) {
            if (stream.isStuck(STUCK)) {
                stream.cut();
            } else {
                stream.tell(bytes);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(Stream::cut);
    }
}
