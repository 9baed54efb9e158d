package io.covey.cluster.tasks;

import io.covey.cluster.ClusterException;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Batch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Tasks by their queues, and where each stood in what the caller gave. */
final class Bulk {
    private final Map<String, Part> byQueue = new LinkedHashMap<>();
    private int size;

    /** The tasks of one queue. */
    private record Part(List<Integer> positions, List<TaskBroker.NewTask> tasks) {}

    void add(String queue, TaskBroker.NewTask task) {
        Part part = byQueue.computeIfAbsent(queue, name -> new Part(new ArrayList<>(), new ArrayList<>()));
        part.positions.add(size++);
        part.tasks.add(task);
    }

    int size() {
        return size;
    }

    List<Batch> batches() {
        return byQueue.entrySet().stream()
                .map(entry -> new Batch(entry.getKey(), List.copyOf(entry.getValue().tasks)))
                .toList();
    }

    /** Receipts in the order of the batches become those in the order of the caller. */
    List<Enqueued> inOrder(List<Enqueued> byBatch) {
        Enqueued[] receipts = new Enqueued[size];
        int at = 0;
        for (Part part : byQueue.values()) {
            for (int position : part.positions) {
                receipts[position] = byBatch.get(at++);
            }
        }
        return List.of(receipts);
    }

    /** Sends each queue's tasks in portions. */
    List<Enqueued> send(Function<String, ProducerLane> lanes) {
        List<Enqueued> receipts = new ArrayList<>(size);
        for (Batch whole : batches()) {
            ProducerLane lane = lanes.apply(whole.queue());
            int all = whole.tasks().size();
            for (int from = 0; from < all; from += TaskBroker.MOST) {
                int to = Math.min(from + TaskBroker.MOST, all);
                try {
                    receipts.addAll(lane.add(
                            List.of(new Batch(whole.queue(), whole.tasks().subList(from, to)))));
                } catch (ClusterException e) {
                    e.addSuppressed(new ClusterException("in a bulk of " + all + " tasks: 0 to " + from
                            + " were added, this happened to " + from + " to " + to
                            + ", those after were not sent"));
                    throw e;
                }
            }
        }
        return inOrder(receipts);
    }
}
