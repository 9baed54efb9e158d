package io.covey.cluster.dashboard;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** One open page. It misses what comes while it reads slowly: the next picture says all. */
final class Stream {
    private static final int SECONDS = 10;
    private static final byte[] STILL_HERE = Secrets.bytes(": still here\n\n");
    private static final byte[] BEGIN = Secrets.bytes("retry: 2000\n\n");

    private final HttpExchange exchange;
    private final Session session;
    private final LongSupplier nanos;
    private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(8);
    private volatile boolean cut;
    private volatile Optional<Thread> thread = Optional.empty();
    private volatile boolean writing;
    private volatile long writingSince;

    Stream(HttpExchange exchange, Session session, LongSupplier nanos) {
        this.exchange = exchange;
        this.session = session;
        this.nanos = nanos;
    }

    Session session() {
        return session;
    }

    void tell(byte[] event) {
        if (!waiting.offer(event)) {
            waiting.poll();
            waiting.offer(event);
        }
    }

    boolean isStuck(long longest) {
        return writing && nanos.getAsLong() - writingSince > longest;
    }

    /** Ends it, though it may be writing. */
    void cut() {
        cut = true;
        thread.ifPresent(Thread::interrupt); // closes the channel under a write that stands still
    }

    /** Until the page goes away or it may not go on. */
    void run(BooleanSupplier goesOn) {
        thread = Optional.of(Thread.currentThread());
        try (OutputStream out = exchange.getResponseBody()) {
            write(out, BEGIN);
            while (!cut && goesOn.getAsBoolean()) {
                byte[] event = waiting.poll(SECONDS, TimeUnit.SECONDS);
                write(out, event == null ? STILL_HERE : event);
            }
        } catch (IOException gone) {
            cut = true; // the page was closed, which is how this ends
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    private void write(OutputStream out, byte[] event) throws IOException {
        writingSince = nanos.getAsLong();
        writing = true;
        out.write(event);
        out.flush();
        writing = false;
    }
}
