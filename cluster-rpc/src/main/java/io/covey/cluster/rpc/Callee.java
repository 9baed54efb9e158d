package io.covey.cluster.rpc;

import com.google.protobuf.ByteString;
import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import io.covey.cluster.SignedBus;
import io.covey.cluster.rpc.wire.RpcCancel;
import io.covey.cluster.rpc.wire.RpcError;
import io.covey.cluster.rpc.wire.RpcRequest;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.Names;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what this node serves, and answers. */
final class Callee {
    private static final Logger LOG = LoggerFactory.getLogger(Callee.class);
    private static final int IDLE_SECONDS = 10;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Map<String, Served<?, ?>> served = new ConcurrentHashMap<>();
    private final Runs runs = new Runs();
    private final AtomicInteger running = new AtomicInteger();
    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final Cluster cluster;
    private final Post post;
    private final RpcOptions options;
    private final RpcLayers layers;
    private final ThreadPoolExecutor pool;
    private final AtomicInteger sending = new AtomicInteger();
    /** Until when somebody waits for an answer that was lost on its way out. */
    private final AtomicLong lostUntilMillis = new AtomicLong(Long.MIN_VALUE);

    private volatile boolean closing;
    private volatile boolean cut;

    Callee(Cluster cluster, Post post, RpcOptions options, RpcLayers layers, ThreadFactory threads) {
        this.layers = layers;
        this.cluster = cluster;
        this.post = post;
        this.options = options;
        this.pool = new ThreadPoolExecutor(
                options.threads(),
                options.threads(),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(options.waiting()),
                threads);
        this.pool.allowCoreThreadTimeOut(true);
    }

    <Q, R> Registration serve(Procedure<Q, R> procedure, AsyncRpcHandler<Q, R> handler) {
        Served<Q, R> entry = new Served<>(
                procedure, procedure.argument(cluster), procedure.result(cluster), handler, options.waiting());
        if (served.putIfAbsent(procedure.name(), entry) != null) {
            throw new IllegalStateException("This node serves procedure " + procedure.name() + " already");
        }
        return () -> served.remove(procedure.name(), entry);
    }

    List<String> names() {
        return List.copyOf(served.keySet());
    }

    BuiltIn.Stats stats(long begun, int open) {
        int waiting = pool.getQueue().size()
                + served.values().stream().mapToInt(Served::waiting).sum();
        return new BuiltIn.Stats(
                answered.sum(),
                failed.sum(),
                refused.sum(),
                running.get(),
                waiting,
                begun,
                open,
                cluster.health().messages());
    }

    void onRequest(SignedBus.Message message, RpcRequest request) {
        if (!Frames.isCallId(request.getCallId())) {
            return;
        }
        Served<?, ?> target = served.get(request.getProcedure());
        if (target == null) {
            refuse(
                    message.sender(),
                    request.getCallId(),
                    RpcError.Code.UNKNOWN_PROCEDURE,
                    Names.printable(request.getProcedure()));
        } else {
            enter(target, message, request);
        }
    }

    void onCancel(SignedBus.Message message, RpcCancel cancel) {
        if (Frames.isCallId(cancel.getCallId())) {
            runs.cancel(Frames.callId(cancel.getCallId()), message.sender());
        }
    }

    private <Q, R> void enter(Served<Q, R> target, SignedBus.Message message, RpcRequest request) {
        Run<Q, R> run = new Run<>(target, message, request, cluster.clock());
        Runs.Entry entry = runs.enter(run);
        if (!entry.isNew()) {
            if (entry.answer() != null) {
                send(run, entry.answer());
            }
            return;
        }
        if (request.getArgument().size() > target.procedure().maxArgumentBytes()) {
            giveBack(
                    run,
                    RpcError.Code.BAD_ARGUMENT,
                    "the argument has " + request.getArgument().size() + " bytes, over the limit of "
                            + target.procedure().maxArgumentBytes());
            return;
        }
        switch (closing ? Served.Admission.FULL : target.enter(run)) {
            case START -> start(run);
            case FULL -> giveBack(run, RpcError.Code.BUSY, "");
            case WAITS -> {
                // started by one that ends
            }
        }
    }

    private <Q, R> void start(Run<Q, R> run) {
        if (run.served().procedure().isNonBlocking()) {
            run(run);
        } else {
            handOff(run);
        }
    }

    private <Q, R> void handOff(@Nullable Run<Q, R> first) {
        for (Run<Q, R> run = first; run != null; run = run.served().leave()) {
            Run<Q, R> next = run;
            try {
                pool.execute(() -> run(next));
                return;
            } catch (RejectedExecutionException e) {
                giveBack(run, RpcError.Code.BUSY, "");
            }
        }
    }

    /** It did not run, and a repeat may. */
    private void giveBack(Run<?, ?> run, RpcError.Code code, String text) {
        runs.forget(run);
        refuse(run.caller(), run.callId(), code, text);
    }

    private <Q, R> void run(Run<Q, R> run) {
        running.incrementAndGet();
        // One without a thread that comes while this closes is either waited for, or sees it here.
        if (closing && run.served().procedure().isNonBlocking()) {
            giveBack(run, RpcError.Code.BUSY, "");
            running.decrementAndGet();
            handOff(run.served().leave());
            return;
        }
        if (run.isCancelled()) {
            end(run, null);
            return;
        }
        if (run.isLate()) {
            LOG.atInfo()
                    .addKeyValue("event", "rpc.late")
                    .log("Not running {} for {}: its caller has stopped waiting", run.procedure(), run.caller());
            end(run, null);
            return;
        }
        Q argument;
        try {
            argument =
                    run.served().argument().decode(run.request().getArgument().toByteArray());
        } catch (RuntimeException | Error e) {
            refused.increment();
            end(run, error(run.callId(), RpcError.Code.BAD_ARGUMENT, Failures.message(e)));
            return;
        }
        CompletionStage<R> stage;
        try {
            stage = run.handle(argument, layers);
        } catch (Throwable e) {
            end(run, failure(run, e));
            return;
        }
        if (stage instanceof CompletableFuture<R> future && future.isDone() && !future.isCompletedExceptionally()) {
            end(run, answer(run, future.join()));
            return;
        }
        run.awaits(stage);
        stage.whenComplete((result, thrown) ->
                end(run, thrown == null ? answer(run, result) : failure(run, Await.unwrap(thrown))));
    }

    private <Q, R> byte[] answer(Run<Q, R> run, @Nullable R result) {
        try {
            if (result == null) {
                throw new IllegalStateException("the handler of " + run.procedure() + " answered null");
            }
            byte[] answer = Frames.result(run.callId(), run.served().result().encode(result));
            answered.increment();
            return answer;
        } catch (RuntimeException | Error e) {
            return failure(run, e);
        }
    }

    private byte[] failure(Run<?, ?> run, Throwable thrown) {
        failed.increment();
        if (LOG.isDebugEnabled()) {
            LOG.debug("Procedure {} threw {}", run.procedure(), Failures.stack(thrown));
        }
        boolean tells = options.tellsStackTraces() && run.request().getWantsStack();
        return Frames.error(run.callId(), Failures.of(thrown, tells));
    }

    /** Sends what there is to say, unless nobody waits for it or the end of this node cut it short. */
    private <Q, R> void end(Run<Q, R> run, byte @Nullable [] answer) {
        try {
            runs.end(run, answer, cluster.clock());
            if (answer != null && !run.isCancelled() && !cut) {
                send(run, answer);
            }
        } finally {
            running.decrementAndGet();
            handOff(run.served().leave());
        }
    }

    private void refuse(String caller, ByteString call, RpcError.Code code, String text) {
        refused.increment();
        send(caller, error(call, code, text));
    }

    private static byte[] error(ByteString call, RpcError.Code code, String text) {
        return Frames.error(
                call,
                RpcError.newBuilder()
                        .setCode(code)
                        .setMessage(Failures.cut(text))
                        .build());
    }

    private void send(String caller, byte[] frame) {
        publish(caller, frame).whenComplete((delivery, thrown) -> {
            if (thrown != null) {
                warn(caller, thrown);
            }
        });
    }

    /** What it answers to a call that ran: if that is lost, this node cannot say that it has answered all. */
    private void send(Run<?, ?> run, byte[] frame) {
        sending.incrementAndGet();
        publish(run, frame).whenComplete((delivery, thrown) -> {
            if (thrown != null) {
                lostUntilMillis.accumulateAndGet(run.deadlineMillis(), Math::max);
                warn(run.caller(), thrown);
            }
            sending.decrementAndGet();
        });
    }

    /** A result that is too large for a message is a failure that is told. */
    private CompletionStage<Delivery> publish(Run<?, ?> run, byte[] answer) {
        try {
            return post.send(Frames.inbox(run.caller()), Frames.RESPONSE, answer);
        } catch (IllegalArgumentException e) {
            return publish(run.caller(), failure(run, e));
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private CompletionStage<Delivery> publish(String caller, byte[] answer) {
        return post.publish(Frames.inbox(caller), Frames.RESPONSE, answer);
    }

    private static void warn(String caller, Throwable thrown) {
        LOG.atWarn()
                .addKeyValue("event", "rpc.answer.lost")
                .log("An answer to {} is lost: {}", caller, Await.unwrap(thrown).getMessage());
    }

    /**
     * Takes no more requests (they are told BUSY) and waits for those that run.
     *
     * @return whether all that ran were answered, and the backend has the answers
     */
    boolean close(Duration drain) {
        closing = true;
        long deadline = System.nanoTime() + drain.toNanos();
        pool.shutdown();
        try {
            pool.awaitTermination(drain.toNanos(), TimeUnit.NANOSECONDS);
            // those that answer later hold no thread
            while ((running.get() > 0 || sending.get() > 0)
                    && deadline - System.nanoTime() > 0
                    && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int left = running.get();
        if (left > 0 || !pool.isTerminated()) {
            cut = true;
            runs.cancelAll();
            pool.shutdownNow();
            LOG.atWarn()
                    .addKeyValue("event", "rpc.cut")
                    .log("{} calls did not end in the drain time of {} and were interrupted", left, drain);
        }
        return !cut && sending.get() == 0 && cluster.clock().millis() > lostUntilMillis.get();
    }
}
