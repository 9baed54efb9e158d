package io.covey.cluster.core.list;

import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportException;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Call;
import java.time.Duration;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Calls that take effect once although they are repeated. A lane has one step outstanding, so there are as many lanes as
 * calls at the same time; the last used is taken first.
 */
final class Conversations {
    private static final long FIRST_PAUSE = Duration.ofMillis(10).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofMillis(500).toNanos();

    private final NodeContext node;
    private final String kind;
    private final Deque<Lane> free = new ConcurrentLinkedDeque<>();

    /**
     * @param kind of call, which begins the names of the lanes
     */
    Conversations(NodeContext node, String kind) {
        this.node = node;
        this.kind = kind;
    }

    /**
     * Calls, again and again until there is an answer, for about twice the command timeout.
     *
     * @param what what is being done, for messages
     */
    <T> T call(Function<Call, CompletionStage<T>> call, String what) {
        Lane lane = free.pollFirst();
        if (lane == null) {
            lane = new Lane(kind + "-" + UUID.randomUUID());
        }
        Call step = new Call(lane.name, ++lane.seq);
        long end = System.nanoTime() + 2 * node.timeout().toNanos();
        long pause = FIRST_PAUSE;
        boolean maybeDone = false;
        while (true) {
            try {
                T answer = node.await(() -> call.apply(step), what);
                free.offerFirst(lane);
                return answer;
            } catch (RefusedException e) {
                if (!maybeDone) {
                    free.offerFirst(lane);
                    throw e;
                }
                // the lane is left alone: its step may have been done
                throw unknown(what, e);
            } catch (TransportException e) {
                maybeDone = true;
                if (end - System.nanoTime() <= pause || !pause(pause)) {
                    throw unknown(what, e);
                }
                pause = Math.min(2 * pause, LONGEST_PAUSE);
            }
        }
    }

    private static TransportException unknown(String what, TransportException last) {
        return new TransportException(
                what + ": it is not known whether this was done; the last try: " + last.getMessage(), last);
    }

    /** False if the thread was interrupted. */
    private static boolean pause(long nanos) {
        if (Thread.currentThread().isInterrupted()) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static final class Lane {
        private final String name;
        private long seq;

        private Lane(String name) {
            this.name = name;
        }
    }
}
