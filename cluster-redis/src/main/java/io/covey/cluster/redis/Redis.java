package io.covey.cluster.redis;

import io.covey.cluster.TransportTimeoutException;
import io.covey.cluster.redis.driver.LinkSpec;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisDriver;
import io.covey.cluster.redis.driver.RedisError;
import io.covey.cluster.redis.driver.RedisErrorException;
import io.covey.cluster.redis.driver.RedisLink;
import io.covey.cluster.redis.driver.RedisLinks;
import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.redis.driver.RedisUri.Replication;
import io.covey.cluster.spi.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A driver as the stores use it: with keys and scripts, and sending again, with back-off and within the command timeout,
 * what the server has refused to execute for now (it is loading, the slot moves, …). A call whose answer got lost is
 * never sent again: its stage fails.
 */
final class Redis {
    private final RedisDriver driver;
    private final Keys keys;
    private final boolean cluster;
    private final Duration commandTimeout;
    private final ScheduledExecutorService timer;
    private final Retry retry;
    private final Optional<Replication> replication;

    /**
     * @param timer for what happens later; its tasks must not block
     */
    Redis(RedisDriver driver, Keys keys, RedisUri uri, Duration commandTimeout, ScheduledExecutorService timer) {
        this.driver = driver;
        this.keys = keys;
        this.cluster = uri.topology() == RedisUri.Topology.CLUSTER;
        this.commandTimeout = commandTimeout;
        this.replication = uri.replication();
        this.timer = timer;
        this.retry = new Retry(timer, commandTimeout, new Waits(uri.toString(), cluster, commandTimeout));
    }

    Keys keys() {
        return keys;
    }

    /** Whether keys are spread over several servers. */
    boolean cluster() {
        return cluster;
    }

    Duration commandTimeout() {
        return commandTimeout;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    /**
     * @param task must not block; does not run if the transport is closed before
     */
    Future<?> later(long millis, Runnable task) {
        try {
            return timer.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Ends the calls that wait for their next try; the driver ends the others. */
    void close() {
        timer.shutdownNow();
        retry.close();
    }

    /** Gives up the connections for commands and makes new ones. */
    void reconnect() {
        driver.reconnect();
    }

    RedisLink open(LinkSpec spec) {
        return driver.open(spec);
    }

    RedisLinks openToAll(LinkSpec spec, String probe) {
        return driver.openToAll(spec, probe);
    }

    /**
     * @return the reply; fails with {@link RedisErrorException} if the server answered an error for good
     */
    CompletionStage<Object> send(RedisCommand command) {
        return first(driver::send, command, null);
    }

    /** As {@link #send} for a script, which is sent in full only to a server that has said that it does not know it. */
    CompletionStage<Object> run(Script.Call call) {
        return first(driver::send, call.byHash(), call);
    }

    /**
     * As {@link #run}; where the URI asks for replicas, fails unless they have what the script wrote. It is written all the
     * same, so that only a call that can be repeated may be run like this.
     */
    CompletionStage<Object> runConfirmed(Script.Call call) {
        if (replication.isEmpty()) {
            return run(call);
        }
        return first(this::sendConfirmed, call.byHash(), call);
    }

    /**
     * For a call that was repeated and wrote nothing, since it had been done before: fails unless replicas have what was
     * written before.
     *
     * @param write any write into the same slot
     */
    CompletionStage<?> confirm(RedisCommand write) {
        if (replication.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        return first(this::sendConfirmed, write, null);
    }

    private CompletionStage<Object> sendConfirmed(RedisCommand command) {
        Replication wanted = replication.orElseThrow();
        return driver.sendConfirmed(command).thenApply(confirmed -> {
            if (confirmed.replicas() < wanted.replicas()) {
                throw new TransportTimeoutException("it is written, but after "
                        + wanted.timeout().toMillis() + " ms " + confirmed.replicas() + " of " + wanted.replicas()
                        + " replicas (replicas=" + wanted.replicas() + " in the URI) have it; a failover may lose it");
            }
            return confirmed.reply();
        });
    }

    private CompletionStage<Object> first(
            Function<RedisCommand, CompletionStage<Object>> sender, RedisCommand command, Script.@Nullable Call call) {
        CompletionStage<Object> sent = sender.apply(command);
        CompletableFuture<Object> result = sibling(sent);
        take(sent, sender, command, call, result, retry.of(result));
        return result;
    }

    /** Of the driver's own kind: whoever waits for one may do something for its coming. */
    private static <T> CompletableFuture<T> sibling(CompletionStage<T> sent) {
        return sent.toCompletableFuture().newIncompleteFuture();
    }

    private void one(
            Function<RedisCommand, CompletionStage<Object>> sender,
            RedisCommand command,
            Script.@Nullable Call call,
            CompletableFuture<Object> result,
            Retry.Tries tries) {
        take(sender.apply(command), sender, command, call, result, tries);
    }

    private void take(
            CompletionStage<Object> sent,
            Function<RedisCommand, CompletionStage<Object>> sender,
            RedisCommand command,
            Script.@Nullable Call call,
            CompletableFuture<Object> result,
            Retry.Tries tries) {
        sent.whenComplete((reply, thrown) -> {
            if (thrown == null) {
                result.complete(reply);
                return;
            }
            Throwable cause = Await.unwrap(thrown);
            if (cause instanceof RedisErrorException answered) {
                if (call != null && Refusal.isUnknownScript(answered.error())) {
                    one(sender, call.inFull(), null, result, tries);
                    return;
                }
                if (tries.again(command, answered.error(), () -> one(sender, command, call, result, tries))) {
                    return;
                }
                if (Refusal.isForNow(answered.error())) {
                    result.completeExceptionally(tries.gaveUp(answered.error()));
                    return;
                }
            }
            result.completeExceptionally(cause);
        });
    }

    /**
     * Sends commands that do not depend on one another in one round trip for each server; those refused for now again.
     *
     * @return the replies in order, each a value or a {@link RedisError}; fails only if an answer got lost
     */
    CompletionStage<List<Object>> sendAll(List<RedisCommand> commands) {
        return new Batch(commands, List.of()).start();
    }

    /**
     * Runs scripts in one round trip for each server, in order for each slot. Those that a server did not know or refused
     * for now are repeated, in order among themselves, while the others are not: one that builds on an earlier one of the
     * same batch must check for itself that it went before.
     *
     * @return as for {@link #sendAll}
     */
    CompletionStage<List<Object>> runAll(List<Script.Call> calls) {
        return new Batch(calls.stream().map(Script.Call::byHash).toList(), calls).start();
    }

    /** Commands on their way, with the replies so far. */
    private final class Batch {
        private final List<RedisCommand> commands;
        private final List<Script.Call> calls;
        private final List<Object> replies;
        private final CompletionStage<List<Object>> sent;
        private final CompletableFuture<List<Object>> result;
        private final Retry.Tries tries;

        Batch(List<RedisCommand> commands, List<Script.Call> calls) {
            this.commands = new ArrayList<>(commands);
            this.calls = calls;
            this.replies = new ArrayList<>(Collections.nCopies(commands.size(), null));
            this.sent = commands.isEmpty()
                    ? CompletableFuture.completedStage(List.of())
                    : driver.sendAll(List.copyOf(commands));
            this.result = sibling(sent);
            this.tries = retry.of(result);
        }

        CompletionStage<List<Object>> start() {
            List<Integer> all = new ArrayList<>(commands.size());
            for (int i = 0; i < commands.size(); i++) {
                all.add(i);
            }
            take(sent, all);
            return result;
        }

        private void go(List<Integer> which) {
            if (which.isEmpty()) {
                result.complete(replies);
                return;
            }
            take(driver.sendAll(which.stream().map(commands::get).toList()), which);
        }

        private void take(CompletionStage<List<Object>> coming, List<Integer> which) {
            coming.whenComplete((answers, thrown) -> {
                if (thrown != null) {
                    result.completeExceptionally(Await.unwrap(thrown));
                } else {
                    take(which, answers);
                }
            });
        }

        private void take(List<Integer> which, List<Object> answers) {
            List<Integer> again = new ArrayList<>();
            RedisError later = null;
            RedisCommand refused = null;
            for (int n = 0; n < which.size(); n++) {
                int i = which.get(n);
                replies.set(i, answers.get(n));
                if (answers.get(n) instanceof RedisError error) {
                    if (!calls.isEmpty() && Refusal.isUnknownScript(error)) {
                        commands.set(i, calls.get(i).inFull());
                        again.add(i);
                    } else if (Refusal.isForNow(error)) {
                        later = error;
                        refused = commands.get(i);
                        again.add(i);
                    }
                }
            }
            if (later == null) {
                go(again);
            } else if (!tries.again(refused, later, () -> go(again))) {
                result.complete(replies);
            }
        }
    }
}
