package io.covey.cluster.rpc;

import com.google.protobuf.ByteString;
import io.covey.cluster.SignedBus;
import io.covey.cluster.rpc.wire.RpcRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A call that this node answers: from when it came until its answer is sent. */
final class Run<Q, R> implements CallContext {
    private static final ThreadLocal<@Nullable Run<?, ?>> CURRENT = new ThreadLocal<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Served<Q, R> served;
    private final RpcRequest request;
    private final UUID key;
    private final String caller;
    private final long deadlineMillis;
    private final InstantSource clock;
    private volatile boolean cancelled;
    private @Nullable Thread thread;
    private @Nullable CompletionStage<?> stage;

    Run(Served<Q, R> served, SignedBus.Message message, RpcRequest request, InstantSource clock) {
        this.served = served;
        this.request = request;
        this.key = Frames.callId(request.getCallId());
        this.caller = message.sender();
        this.deadlineMillis = message.sentAtMillis() + request.getTimeoutMs();
        this.clock = clock;
    }

    static @Nullable Run<?, ?> current() {
        return CURRENT.get();
    }

    Served<Q, R> served() {
        return served;
    }

    RpcRequest request() {
        return request;
    }

    UUID key() {
        return key;
    }

    ByteString callId() {
        return request.getCallId();
    }

    boolean isLate() {
        return clock.millis() > deadlineMillis;
    }

    /** Ends the remembrance of the answer: nobody repeats a call after its deadline. */
    long deadlineMillis() {
        return deadlineMillis;
    }

    /** Runs the handler on this thread, which is interrupted if the caller cancels, unless the handler never blocks. */
    CompletionStage<R> handle(Q argument, RpcLayers layers) throws Exception {
        begin();
        boolean logs = LogContext.isKept();
        Run<?, ?> before = CURRENT.get();
        CURRENT.set(this);
        if (logs) {
            LogContext.put(this);
        }
        try {
            CompletionStage<R> begun = layers.serve(this, () -> served.handler().handle(argument, this));
            if (begun == null) {
                throw new IllegalStateException("the handler of " + procedure() + " answered null");
            }
            return begun;
        } finally {
            CURRENT.set(before);
            if (logs && before == null) {
                LogContext.clear();
            } else if (logs) {
                LogContext.put(before);
            }
            end();
        }
    }

    private void begin() {
        lock.lock();
        try {
            thread = served.procedure().isNonBlocking() ? null : Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    /** An interrupt that was meant for this call must not meet the next one on this thread. */
    private void end() {
        lock.lock();
        try {
            if (thread != null) {
                thread = null;
                if (cancelled) {
                    Thread.interrupted();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** What completes later. */
    void awaits(CompletionStage<?> later) {
        lock.lock();
        try {
            stage = later;
            if (!cancelled) {
                return;
            }
        } finally {
            lock.unlock();
        }
        later.toCompletableFuture().cancel(true);
    }

    /** Nobody waits for it any more. */
    void cancel() {
        CompletionStage<?> later;
        lock.lock();
        try {
            cancelled = true;
            if (thread != null) {
                thread.interrupt();
            }
            later = stage;
        } finally {
            lock.unlock();
        }
        if (later != null) {
            later.toCompletableFuture().cancel(true);
        }
    }

    @Override
    public String id() {
        return key.toString();
    }

    @Override
    public String caller() {
        return caller;
    }

    @Override
    public String procedure() {
        return served.procedure().name();
    }

    @Override
    public Instant deadline() {
        return Instant.ofEpochMilli(deadlineMillis);
    }

    @Override
    public Duration remaining() {
        return Duration.ofMillis(Math.max(0, deadlineMillis - clock.millis()));
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public Map<String, String> headers() {
        return Headers.received(request.getHeadersMap());
    }
}
