package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.driver.CommandBatch;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisConnection;
import io.covey.cluster.redis.driver.WritePace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Many callers on one connection of Jedis. A caller that finds nothing in flight writes its commands itself; others are
 * written as {@link WritePace} says.
 *
 * <p>There is one seat for reading. The connection's own thread sits in it while the connection is quiet, or while nobody
 * waits for what is in flight. Threads that wait for answers ({@link HelpingFuture}) at short intervals are given the
 * seat, and from then on read for themselves and for one another, so that a lone caller costs no hand-off. Whether a
 * sender will wait is not known before it does: one that waited for its last answer is taken to wait for the next.
 */
final class JedisConnection implements RedisConnection {
    /**
     * Who asks for the seat more seldom would gain little. So long the connection's own thread stays away from a seat that
     * others use, and so long an answer may lie about of which it was wrong that its sender would wait.
     */
    private static final long OFTEN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Whether the thread has waited for an answer, of any connection, since it sent something. */
    private static final ThreadLocal<AtomicBoolean> WAITED = ThreadLocal.withInitial(AtomicBoolean::new);

    /** What is longer may have to wait until the server reads on. */
    private static final int LONG = 8 << 10;

    /** Write what is long for virtual threads, which close the socket if they are interrupted meanwhile. */
    private static final Executor WRITERS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "covey-redis-jedis-writer");
        thread.setDaemon(true);
        return thread;
    });

    private final JedisWire wire;
    private final Listener listener;
    private final long answerNanos;
    private final Thread reader;
    private final Queue<CommandBatch> queued = new ConcurrentLinkedQueue<>();
    private final Queue<CommandBatch> inFlight = new ConcurrentLinkedQueue<>();
    private final WritePace pace = new WritePace();
    private final AtomicBoolean writing = new AtomicBoolean();
    private final AtomicBoolean seat = new AtomicBoolean();
    private volatile boolean seatWanted;
    private volatile long lastAsked = System.nanoTime() - OFTEN_NANOS;
    private volatile long reads;
    private volatile boolean closed;

    JedisConnection(JedisWire wire, Listener listener, Duration answerTimeout, String name) {
        this.wire = wire;
        this.listener = listener;
        this.answerNanos = answerTimeout.toNanos();
        reader = new Thread(this::read, name);
        reader.setDaemon(true);
        reader.start();
    }

    long answerNanos() {
        return answerNanos;
    }

    @Override
    public CompletableFuture<List<Object>> send(List<RedisCommand> commands) {
        CommandBatch batch = new CommandBatch(commands, new HelpingFuture<>(this));
        queued.add(batch);
        boolean waits = !Threads.isVirtual() && WAITED.get().getAndSet(false);
        boolean writes = inFlight.isEmpty() || pace.isDue();
        if (writes && Threads.isVirtual() && isLong()) {
            WRITERS.execute(() -> {
                writeQueued();
                callReader();
            });
        } else if (writes) {
            writeQueued();
        }
        if (!(waits && writes) && !seat.get()) {
            LockSupport.unpark(reader);
        }
        return batch.answer();
    }

    /** Reads until the answer is there, unless another thread is at it. */
    void help(Future<?> awaited) {
        if (!Threads.isVirtual()) {
            AtomicBoolean waited = WAITED.get();
            waited.set(false); // what callbacks send meanwhile, nobody waits for
            readUntil(awaited);
            waited.set(true);
        }
    }

    private void readUntil(Future<?> awaited) {
        if (awaited.isDone()) {
            callReader(); // this thread may have written for others who left the reading to it
            return;
        }
        if (!seat.compareAndSet(false, true)) {
            long now = System.nanoTime();
            seatWanted |= now - lastAsked < OFTEN_NANOS;
            lastAsked = now;
            return;
        }
        try {
            while (!awaited.isDone() && !closed && !inFlight.isEmpty()) {
                readOne();
            }
        } finally {
            leaveSeat();
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                wire.forceDisconnect();
            } catch (IOException e) {
                // It is closed as well as it can be.
            }
            LockSupport.unpark(reader);
        }
    }

    private void read() {
        long seen = reads;
        while (!closed) {
            boolean isQuiet = seen == reads;
            if ((isQuiet || !inFlight.isEmpty()) && seat.compareAndSet(false, true)) {
                seatWanted = false;
                try {
                    while (!closed && !(seatWanted && inFlight.isEmpty())) {
                        readOne();
                    }
                } finally {
                    leaveSeat();
                }
            }
            seen = reads;
            if (!closed) {
                LockSupport.parkNanos(this, OFTEN_NANOS);
            }
        }
    }

    private void leaveSeat() {
        seat.set(false);
        callReader();
    }

    private void callReader() {
        if (!inFlight.isEmpty() && !seat.get()) {
            LockSupport.unpark(reader);
        }
    }

    private void readOne() {
        try {
            Object reply = wire.read();
            reads++;
            String broken = CommandBatch.take(inFlight, reply, this::allAnswered);
            if (broken != null) {
                fail(broken);
            }
        } catch (JedisException e) {
            fail(reason(e));
        } catch (RuntimeException | Error e) {
            fail(e.toString()); // where the next reply begins is not known
        }
    }

    private void allAnswered() {
        pace.answered();
        writeQueued();
    }

    private boolean isLong() {
        long size = 0;
        for (CommandBatch batch : queued) {
            for (RedisCommand command : batch.commands()) {
                for (byte[] arg : command.args()) {
                    size += arg.length;
                }
            }
        }
        return size > LONG;
    }

    /** Whoever finds a write under way leaves its commands to that thread. */
    private void writeQueued() {
        while (!queued.isEmpty() && !closed && writing.compareAndSet(false, true)) {
            try {
                pace.takeTogether(queued, batch -> {
                    inFlight.add(batch);
                    batch.commands().forEach(wire::write);
                });
                wire.flush();
            } catch (JedisException e) {
                fail(reason(e));
            } catch (RuntimeException | Error e) {
                fail(e.toString()); // half a command may be written
            } finally {
                writing.set(false);
            }
            if (!inFlight.isEmpty()) {
                return;
            }
        }
    }

    private void fail(String reason) {
        close();
        listener.onClosed(reason);
    }

    private static String reason(JedisException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String text = String.valueOf(cause.getMessage());
        return text.startsWith("Unexpected end of stream") ? "closed by the server" : text;
    }
}
