package io.covey.cluster.rpc;

import io.covey.cluster.Codec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A procedure that this node serves, and how many calls of it run. */
final class Served<Q, R> {

    /** What becomes of a call that came. */
    enum Admission {
        START,
        WAITS,
        FULL
    }

    private final Procedure<Q, R> procedure;
    private final Codec<Q> argument;
    private final Codec<R> result;
    private final AsyncRpcHandler<Q, R> handler;
    private final boolean inline;
    private final int most;
    private final int mostWaiting;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Run<Q, R>> waiting = new ArrayDeque<>();
    private int running;

    Served(
            Procedure<Q, R> procedure,
            Codec<Q> argument,
            Codec<R> result,
            AsyncRpcHandler<Q, R> handler,
            int mostWaiting) {
        this.procedure = procedure;
        this.argument = argument;
        this.result = result;
        this.handler = handler;
        this.most = procedure.concurrency();
        this.inline = procedure.isNonBlocking() && handler instanceof Immediate && unlimited();
        this.mostWaiting = mostWaiting;
    }

    Procedure<Q, R> procedure() {
        return procedure;
    }

    Codec<Q> argument() {
        return argument;
    }

    Codec<R> result() {
        return result;
    }

    AsyncRpcHandler<Q, R> handler() {
        return handler;
    }

    /** Whether a call of it has ended when the message that brought it has been heard. */
    boolean isInline() {
        return inline;
    }

    private boolean unlimited() {
        return most == Integer.MAX_VALUE;
    }

    Admission enter(Run<Q, R> run) {
        if (unlimited()) {
            return Admission.START;
        }
        lock.lock();
        try {
            if (running < most) {
                running++;
                return Admission.START;
            }
            if (waiting.size() >= mostWaiting) {
                return Admission.FULL;
            }
            waiting.add(run);
            return Admission.WAITS;
        } finally {
            lock.unlock();
        }
    }

    /** One ended: the one that may start instead. */
    @Nullable
    Run<Q, R> leave() {
        if (unlimited()) {
            return null;
        }
        lock.lock();
        try {
            Run<Q, R> next = waiting.poll();
            if (next == null) {
                running--;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
