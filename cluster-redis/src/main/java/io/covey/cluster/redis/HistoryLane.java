package io.covey.cluster.redis;

import io.covey.cluster.History;
import io.covey.cluster.spi.Await;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/**
 * One publication of a channel is under way at a time; what comes meanwhile travels together next. So a script that the
 * server had forgotten, or a slot that moves, puts nothing out of order.
 */
final class HistoryLane {
    private static final int MOST_MESSAGES = 100;
    private static final int MOST_BYTES = 256 << 10;

    /** What travels together. */
    record Batch(History history, List<byte[]> messages) {}

    private record Waiting(byte[] message, History history, CompletableFuture<Long> heard) {}

    private final BiFunction<String, Batch, CompletionStage<List<Object>>> sender;
    private final Map<String, Queue<Waiting>> busy = new ConcurrentHashMap<>();

    /**
     * @param sender publishes messages on a channel, and answers for each how many heard it
     */
    HistoryLane(BiFunction<String, Batch, CompletionStage<List<Object>>> sender) {
        this.sender = sender;
    }

    /**
     * @return how many heard it
     */
    CompletionStage<Long> publish(String channel, byte[] message, History history) {
        Waiting waiting = new Waiting(message, history, new CompletableFuture<>());
        boolean[] queued = new boolean[1];
        busy.compute(channel, (name, queue) -> {
            if (queue == null) {
                return new ArrayDeque<>();
            }
            queue.add(waiting);
            queued[0] = true;
            return queue;
        });
        if (queued[0]) {
            return waiting.heard;
        }
        CompletionStage<Long> alone = sender.apply(channel, new Batch(history, List.of(message)))
                .thenApply(replies -> Replies.number(replies.get(0)));
        alone.whenComplete((done, thrown) -> next(channel));
        return alone;
    }

    private void next(String channel) {
        List<Waiting> batch = new ArrayList<>();
        busy.compute(channel, (name, queue) -> take(queue, batch) ? queue : null);
        if (batch.isEmpty()) {
            return;
        }
        List<byte[]> messages = batch.stream().map(Waiting::message).toList();
        sender.apply(channel, new Batch(batch.get(0).history, messages)).whenComplete((replies, thrown) -> {
            for (int i = 0; i < batch.size(); i++) {
                if (thrown == null) {
                    batch.get(i).heard.complete(Replies.number(replies.get(i)));
                } else {
                    batch.get(i).heard.completeExceptionally(Await.unwrap(thrown));
                }
            }
            next(channel);
        });
    }

    private static boolean take(Queue<Waiting> queue, List<Waiting> batch) {
        int bytes = 0;
        while (!queue.isEmpty()
                && batch.size() < MOST_MESSAGES
                && (batch.isEmpty()
                        || bytes < MOST_BYTES && queue.peek().history.equals(batch.get(0).history))) {
            Waiting next = queue.remove();
            batch.add(next);
            bytes += next.message.length;
        }
        return !batch.isEmpty();
    }
}
