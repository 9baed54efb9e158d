package io.covey.cluster.rpc;

import com.google.protobuf.ByteString;
import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import io.covey.cluster.SignedBus;
import io.covey.cluster.rpc.wire.RpcError;
import io.covey.cluster.rpc.wire.RpcRequest;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Names;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what this node serves, and answers. */
final class Callee {
    private static final Logger LOG = LoggerFactory.getLogger(Callee.class);
    private static final int THREADS = 64;
    private static final int WAITING = 1024;
    private static final int IDLE_SECONDS = 10;
    private static final int LONGEST_MESSAGE = 1000;

    private final Map<String, Served<?, ?>> served = new ConcurrentHashMap<>();
    private final Cluster cluster;
    private final SignedBus bus;
    private final ThreadPoolExecutor pool;

    Callee(Cluster cluster, ThreadFactory threads) {
        this.cluster = cluster;
        this.bus = cluster.bus();
        this.pool = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), threads);
        this.pool.allowCoreThreadTimeOut(true);
    }

    private record Served<Q, R>(Procedure<Q, R> procedure, RpcHandler<Q, R> handler) {}

    <Q, R> Registration serve(Procedure<Q, R> procedure, RpcHandler<Q, R> handler) {
        Served<Q, R> entry = new Served<>(procedure, handler);
        if (served.putIfAbsent(procedure.name(), entry) != null) {
            throw new IllegalStateException("This node serves procedure " + procedure.name() + " already");
        }
        return () -> served.remove(procedure.name(), entry);
    }

    void onRequest(SignedBus.Message message, RpcRequest request) {
        ByteString call = request.getCallId();
        Served<?, ?> target = served.get(request.getProcedure());
        if (!Frames.isCallId(call)) {
            return;
        }
        if (target == null) {
            refuse(message, call, RpcError.Code.UNKNOWN_PROCEDURE, Names.printable(request.getProcedure()));
            return;
        }
        try {
            pool.execute(() -> run(target, message, request));
        } catch (RejectedExecutionException e) {
            refuse(message, call, RpcError.Code.BUSY, "");
        }
    }

    private <Q, R> void run(Served<Q, R> target, SignedBus.Message message, RpcRequest request) {
        String name = target.procedure().name();
        if (cluster.clock().millis() > message.sentAtMillis() + request.getTimeoutMs()) {
            LOG.info("Not running {} for {}: its caller has stopped waiting", name, message.sender());
            return;
        }
        ByteString call = request.getCallId();
        Q argument;
        try {
            argument = cluster.codec(target.procedure().argument())
                    .decode(request.getArgument().toByteArray());
        } catch (RuntimeException e) {
            refuse(message, call, RpcError.Code.BAD_ARGUMENT, String.valueOf(e.getMessage()));
            return;
        }
        try {
            R result = target.handler().handle(argument, message.sender());
            if (result == null) {
                throw new IllegalStateException("the handler of " + name + " answered null");
            }
            reply(
                    message,
                    Frames.result(
                            call, cluster.codec(target.procedure().result()).encode(result)));
        } catch (Throwable e) {
            if (pool.isShutdown()) {
                return; // cut short by the end of this node, which the caller hears of as such
            }
            LOG.debug("Procedure {} threw", name, e);
            error(message, call, RpcError.Code.FAILED, e.getClass().getName(), String.valueOf(e.getMessage()));
        }
    }

    private void refuse(SignedBus.Message message, ByteString call, RpcError.Code code, String text) {
        error(message, call, code, "", text);
    }

    private void error(SignedBus.Message message, ByteString call, RpcError.Code code, String type, String text) {
        String cut = text.length() > LONGEST_MESSAGE ? text.substring(0, LONGEST_MESSAGE) + "…" : text;
        reply(message, Frames.error(call, code, type, cut));
    }

    private void reply(SignedBus.Message message, byte[] frame) {
        bus.publish(Frames.inbox(message.sender()), Frames.RESPONSE, frame).whenComplete((delivery, thrown) -> {
            if (thrown != null) {
                LOG.warn(
                        "An answer to {} is lost: {}",
                        message.sender(),
                        Await.unwrap(thrown).getMessage());
            }
        });
    }

    /** Takes no more requests (they are told BUSY) and waits for those that run. */
    void close(Duration drain) {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(drain.toNanos(), TimeUnit.NANOSECONDS)) {
                int cut = pool.getActiveCount();
                pool.shutdownNow();
                LOG.warn("{} calls did not end in the drain time of {} and were interrupted", cut, drain);
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
