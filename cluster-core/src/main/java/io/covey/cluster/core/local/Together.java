package io.covey.cluster.core.local;

import io.covey.cluster.core.local.Lanes.Kind;
import io.covey.cluster.core.local.LocalQueue.EnqueueAnswers;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker.Batch;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Adds tasks to several queues in one step. It locks the queues by name, so that two such steps never wait for each other. */
final class Together {
    private final TaskSpace space;

    Together(TaskSpace space) {
        this.space = space;
    }

    List<Enqueued> enqueue(Call call, List<Batch> batches, BooleanSupplier gone) {
        Set<String> names = new HashSet<>();
        for (Batch batch : batches) {
            if (!names.add(batch.queue())) {
                throw new IllegalArgumentException(
                        "A step has one batch for each queue, was given two for " + batch.queue());
            }
        }
        if (batches.isEmpty()) {
            throw new IllegalArgumentException("There must be at least one batch to enqueue");
        }
        List<LocalQueue> queues =
                batches.stream().map(batch -> space.queue(batch.queue())).toList();
        List<LocalQueue> inOrder =
                queues.stream().sorted(Comparator.comparing(LocalQueue::name)).toList();
        return locked(inOrder, 0, () -> judge(queues, call, batches, gone));
    }

    private static <T> T locked(List<LocalQueue> queues, int from, Supplier<T> step) {
        return from == queues.size() ? step.get() : queues.get(from).locked(() -> locked(queues, from + 1, step));
    }

    private static List<Enqueued> judge(List<LocalQueue> queues, Call call, List<Batch> batches, BooleanSupplier gone) {
        Lanes lanes = queues.get(0).lanes();
        return switch (lanes.judge(call, Kind.ENQUEUE)) {
            case UNKNOWN ->
                batches.stream()
                        .map(batch -> LocalQueue.nothing(Status.UNKNOWN))
                        .toList();
            case STALE ->
                batches.stream().map(batch -> LocalQueue.nothing(Status.STALE)).toList();
            case REPEAT ->
                ((EnqueueAnswers) lanes.answer(call, Kind.ENQUEUE))
                        .each().stream().map(LocalQueue::again).toList();
            case NEW -> {
                List<Enqueued> answers = add(queues, call, batches);
                lanes.record(
                        call,
                        Kind.ENQUEUE,
                        new EnqueueAnswers(answers),
                        gone,
                        queues.get(0).with(QueueParts::now));
                yield answers;
            }
        };
    }

    private static List<Enqueued> add(List<LocalQueue> queues, Call call, List<Batch> batches) {
        for (int i = 0; i < batches.size(); i++) {
            Batch batch = batches.get(i);
            queues.get(i).take(intake -> {
                intake.accept(batch.tasks());
                return intake;
            });
        }
        // The lane is the first queue's: in the others one of the same name may be at the same step.
        String receipts = call.lane() + "." + call.seq() + "@" + batches.get(0).queue() + ".";
        List<Enqueued> answers = new ArrayList<>(batches.size());
        int number = 1;
        for (int i = 0; i < batches.size(); i++) {
            List<NewTask> tasks = batches.get(i).tasks();
            int first = number;
            answers.add(queues.get(i).take(intake -> intake.add(receipts, first, tasks)));
            number += tasks.size();
        }
        return List.copyOf(answers);
    }
}
