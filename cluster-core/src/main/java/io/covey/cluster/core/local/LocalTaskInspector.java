package io.covey.cluster.core.local;

import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.TaskInspector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Looks into the queues of a task namespace. */
final class LocalTaskInspector implements TaskInspector {
    private final LocalTransport transport;
    private final TaskSpace space;

    LocalTaskInspector(LocalTransport transport, TaskSpace space) {
        this.transport = transport;
        this.space = space;
    }

    @Override
    public CompletionStage<List<QueueInfo>> queues() {
        return transport.call(() -> space.queues().stream()
                .filter(LocalQueue::isKnown)
                .map(LocalQueue::info)
                .toList());
    }

    @Override
    public CompletionStage<Page<StoredTask>> tasks(String queue, State state, Optional<String> cursor, int limit) {
        return transport.call(() -> space.queue(queue).look(its -> its.page(state, cursor, limit)));
    }

    @Override
    public CompletionStage<List<QueueFlow>> flows() {
        return transport.call(() -> space.queues().stream()
                .filter(LocalQueue::isKnown)
                .map(queue -> queue.look(QueueListing::flow))
                .toList());
    }

    @Override
    public CompletionStage<Set<String>> names() {
        return transport.call(() -> space.queues().stream()
                .filter(LocalQueue::isUsed)
                .map(LocalQueue::name)
                .collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public CompletionStage<Map<String, Long>> totals() {
        return transport.call(() -> {
            Map<String, Long> totals = new LinkedHashMap<>();
            totals.put(
                    "delayed",
                    space.queues().stream().mapToLong(LocalQueue::delayed).sum());
            totals.put("failed", space.failed().size());
            return totals;
        });
    }

    @Override
    public CompletionStage<List<FailedTask>> failed(long offset, int limit) {
        return transport.call(() -> space.failed().page(offset, limit));
    }
}
