package io.covey.cluster.cli.chaos;

import static org.awaitility.Awaitility.await;

import io.covey.cluster.ClusterException;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Reply;
import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Calls one after the other on several threads, until it is ended. */
final class Load {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Procedure<String, String> ECHO = EchoNode.ECHO.within(TIMEOUT);

    private static final Duration REST = Duration.ofMillis(10);

    /** A call that failed after a time, for a reason of calls or with an exception of the transport. */
    record Failure(String reason, long millis, String message) {}

    private final NodeScene scene;
    private final Target target;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicLong slowest = new AtomicLong();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile boolean ended;

    /** How calls failed. */
    final Queue<Failure> failures = new ConcurrentLinkedQueue<>();

    /** Calls that did not end in time at all, or not as calls do. */
    final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();

    Load(NodeScene scene, Target target, int callers) {
        this.scene = scene;
        this.target = target;
        for (int i = 0; i < callers; i++) {
            Thread thread = new Thread(this::run, "chaos-load-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    private void run() {
        while (!ended) {
            long begun = System.nanoTime();
            try {
                Reply<String> reply = scene.rpc
                        .call(target, ECHO, "load-" + numbers.incrementAndGet())
                        .get(TIMEOUT.toMillis() * 11 / 10 + NodeScene.NOISE.toMillis(), TimeUnit.MILLISECONDS);
                if (reply.value().isEmpty()) {
                    throw new IllegalStateException("an empty answer");
                }
                answered.incrementAndGet();
                slowest.accumulateAndGet(millis(begun), Math::max);
            } catch (ExecutionException e) {
                fail(e.getCause(), millis(begun));
                rest();
            } catch (TimeoutException | RuntimeException e) {
                broken.add(e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void fail(Throwable thrown, long millis) {
        if (thrown instanceof RpcException known) {
            failures.add(new Failure(known.reason().toString(), millis, String.valueOf(known.getMessage())));
        } else if (thrown instanceof ClusterException) {
            failures.add(new Failure(thrown.getClass().getSimpleName(), millis, String.valueOf(thrown.getMessage())));
        } else {
            broken.add(thrown);
        }
    }

    private static void rest() {
        LockSupport.parkNanos(REST.toNanos());
    }

    private static long millis(long since) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
    }

    int answered() {
        return answered.get();
    }

    /** The longest that an answer took, in milliseconds. */
    long slowest() {
        return slowest.get();
    }

    /** Waits until so many more calls were answered. */
    void awaitMore(int count) {
        int from = answered();
        await().atMost(NodeScene.PATIENCE).until(() -> answered() >= from + count);
    }

    /** Lets the calls that are under way end. */
    void end() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Override
    public String toString() {
        Map<String, Integer> reasons = new TreeMap<>();
        failures.forEach(failure -> reasons.merge(failure.reason(), 1, Integer::sum));
        return answered() + " calls answered, the slowest after " + slowest() + " ms, failed " + reasons + ", broken "
                + broken;
    }
}
