package io.covey.cluster.redis;

import io.covey.cluster.ClusterException;
import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportTimeoutException;
import io.covey.cluster.redis.ActionheroWire.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls of ours that are not answered yet, by the ids of their messages. */
final class ActionheroOpenCalls {
    private static final int MOST = 10_000;

    private final Redis redis;
    private final Executor executor;
    private final Map<String, CompletableFuture<Answer>> open = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean closed;

    /**
     * @param executor completes them
     */
    ActionheroOpenCalls(Redis redis, Executor executor) {
        this.redis = redis;
        this.executor = executor;
    }

    CompletableFuture<Answer> open(String id, String what, Duration timeout) {
        if (count.incrementAndGet() > MOST) {
            count.decrementAndGet();
            return CompletableFuture.failedFuture(
                    new RefusedException(what + ": " + MOST + " calls wait for an answer, the most; it was not sent"));
        }
        CompletableFuture<Answer> call = new CompletableFuture<>();
        open.put(id, call);
        Future<?> timer = redis.later(
                timeout.toMillis(),
                () -> fail(
                        call,
                        new TransportTimeoutException(what + ": no answer in " + timeout.toMillis()
                                + " ms; a node may have run it, failed, or not have heard of it")));
        call.whenComplete((answer, thrown) -> {
            open.remove(id);
            count.decrementAndGet();
            timer.cancel(false);
        });
        if (closed) {
            fail(call, ended());
        }
        return call;
    }

    /** The first answer counts; of others, and of what we did not ask, nothing is known here. */
    void answered(Answer answer) {
        CompletableFuture<Answer> call = open.remove(answer.id());
        if (call != null) {
            later(() -> call.complete(answer));
        }
    }

    void fail(CompletableFuture<?> call, Throwable why) {
        later(() -> call.completeExceptionally(why));
    }

    void close() {
        closed = true;
        open.values().forEach(call -> fail(call, ended()));
    }

    private static ClusterException ended() {
        return new ClusterException("The bridge to actionhero is closed; whether a node has run the call is unknown");
    }

    /** At the end of the bridge there is no other thread left. */
    void later(Runnable completion) {
        try {
            executor.execute(completion);
        } catch (RejectedExecutionException e) {
            completion.run();
        }
    }
}
