package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Codec;
import io.covey.cluster.LeaseLostException;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskNotes;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What runs keep beside their tasks, and how they wait for the backend on their own threads. */
final class RunNotes {
    static final int MOST_BYTES = 1 << 20;
    private static final Duration KEEP_EFFECTS = Duration.ofDays(1);
    private static final int LONGEST_NAME = 100;
    private static final long FIRST_BACK_OFF = Duration.ofMillis(20).toNanos();
    private static final long MOST_BACK_OFF = Duration.ofSeconds(1).toNanos();
    private static final byte NOTHING = '0';
    private static final byte SOMETHING = '1';

    private final Cluster cluster;
    private final TaskBroker broker;
    private final WorkerTime time;
    private final Duration patience;

    RunNotes(Cluster cluster, TaskBroker broker, WorkerTime time) {
        this.cluster = cluster;
        this.broker = broker;
        this.time = time;
        this.patience = cluster.config().transport().commandTimeout();
    }

    Optional<TaskNotes> notes() {
        return broker.notes();
    }

    /** In the default format of its class. */
    byte[] encode(Object value) {
        needed();
        byte[] bytes = encode(value, value.getClass());
        if (bytes.length > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "The result of a task must have at most " + MOST_BYTES + " bytes, had " + bytes.length);
        }
        return bytes;
    }

    /** See {@link TaskContext#once(String, Class, Callable)}. */
    <T> @Nullable T once(TaskRun run, String name, Class<T> type, Callable<? extends @Nullable T> effect)
            throws Exception {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("The name of an effect must have 1 to " + LONGEST_NAME
                    + " characters, had " + name.length() + ": \"" + Names.printable(name) + "\"");
        }
        TaskNotes notes = needed();
        String note = "once:" + name;
        String what = "effect " + Names.printable(name) + " of " + run.ref();
        Optional<byte[]> before = ask(run, () -> notes.get(run.queue(), run.id(), note), "Asking for the " + what);
        if (before.isPresent()) {
            return unmark(before.get(), type);
        }
        run.assertMine();
        T value = effect.call();
        byte[] bytes = mark(value, type);
        // It has happened: an interrupt that comes now must not keep that from being noted.
        boolean interrupted = Thread.interrupted();
        try {
            boolean taken = ask(
                    run,
                    () -> notes.put(run.lease().held(), run.id(), note, bytes, KEEP_EFFECTS),
                    "The " + what + " has happened; noting that");
            if (!taken) {
                throw new LeaseLostException("Lost the lease of " + run.ref() + " before its effect "
                        + Names.printable(name) + ", which has happened, was noted; it will happen again elsewhere");
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return value;
    }

    /** Repeats a call that may be repeated until it is answered, for the time of a lease at most. */
    <T> T askForALease(TaskRun run, Supplier<CompletionStage<T>> call, String what) {
        return ask(run, time.lease(), call, what);
    }

    /** Repeats a call that may be repeated until it is answered or the run has to end. */
    private <T> T ask(TaskRun run, Supplier<CompletionStage<T>> call, String what) {
        return ask(run, Long.MAX_VALUE, call, what);
    }

    private <T> T ask(TaskRun run, long most, Supplier<CompletionStage<T>> call, String what) {
        long start = time.nanos();
        int failures = 0;
        while (true) {
            try {
                return Await.on(Await.caught(call), patience, what);
            } catch (TransportException e) {
                boolean away = failures > 0 || !run.stillMine();
                failures++;
                long pause = Brokers.backOff(
                        failures,
                        FIRST_BACK_OFF,
                        MOST_BACK_OFF,
                        ThreadLocalRandom.current().nextDouble());
                if (!Brokers.worthRepeating(e) || time.nanos() - start + pause >= most) {
                    throw e;
                }
                if (run.toEnd()) {
                    throw away ? unanswered(what, e) : e;
                }
                pause(run, pause, what, e);
            }
        }
    }

    private static void pause(TaskRun run, long nanos, String what, TransportException last) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            last.addSuppressed(new ClusterException(what + ": interrupted before it could be repeated"));
            throw run.toEnd() ? unanswered(what, last) : last;
        }
    }

    private static UnansweredException unanswered(String what, TransportException last) {
        return new UnansweredException(what + ": no answer before its run had to end", last);
    }

    private TaskNotes needed() {
        return broker.notes()
                .orElseThrow(() -> new ClusterException("The transport "
                        + cluster.transport().description() + " keeps neither results nor effects of tasks"));
    }

    @SuppressWarnings("unchecked") // The value is of the type.
    private byte[] encode(Object value, Class<?> type) {
        return ((Codec<Object>) cluster.codec(type)).encode(value);
    }

    private byte[] mark(@Nullable Object value, Class<?> type) {
        if (value == null) {
            return new byte[] {NOTHING};
        }
        byte[] bytes = encode(value, type);
        byte[] marked = new byte[bytes.length + 1];
        marked[0] = SOMETHING;
        System.arraycopy(bytes, 0, marked, 1, bytes.length);
        return marked;
    }

    private <T> @Nullable T unmark(byte[] bytes, Class<T> type) {
        if (bytes.length > 0 && bytes[0] == SOMETHING) {
            return cluster.codec(type).decode(Arrays.copyOfRange(bytes, 1, bytes.length));
        }
        return null;
    }
}
