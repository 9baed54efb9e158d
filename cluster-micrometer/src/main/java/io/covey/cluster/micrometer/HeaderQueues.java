package io.covey.cluster.micrometer;

import io.covey.cluster.Cluster;
import io.covey.cluster.RefusedException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.tasks.EnqueueMiddleware;
import io.covey.cluster.tasks.Enqueued;
import io.covey.cluster.tasks.NewTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Which queues carry headers: those of kind OWN. The bytes of resque have no place for them, and a task that asks for one
 * there is refused.
 */
final class HeaderQueues {
    private static final long KNOWN_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST_KNOWN = 10_000;

    private final Cluster cluster;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private record Known(boolean carries, long until) {}

    HeaderQueues(Cluster cluster) {
        this.cluster = cluster;
    }

    /** A task with a header more, unless it has one of this name. */
    static <P> NewTask<P> with(NewTask<P> task, String name, String value) {
        return task.options().headers().containsKey(name)
                ? task
                : task.withOptions(task.options().withHeader(name, value));
    }

    /**
     * Adds tasks, those that can carry headers with theirs. A single one that is refused because its queue has changed is
     * added without.
     *
     * @param header adds its header to a task
     */
    List<Enqueued> enqueue(List<NewTask<?>> tasks, UnaryOperator<NewTask<?>> header, EnqueueMiddleware.Rest rest) {
        List<NewTask<?>> changed = new ArrayList<>(tasks.size());
        boolean any = false;
        for (NewTask<?> task : tasks) {
            boolean carries = carries(task.queue());
            changed.add(carries ? header.apply(task) : task);
            any |= carries;
        }
        try {
            return rest.enqueue(changed);
        } catch (RefusedException e) {
            if (!any) {
                throw e;
            }
            known.clear();
            if (tasks.size() > 1 || carries(tasks.get(0).queue())) {
                throw e;
            }
            return rest.enqueue(tasks);
        }
    }

    private boolean carries(String queue) {
        Known now = known.get(queue);
        if (now == null || now.until - System.nanoTime() < 0) {
            now = new Known(ask(queue), System.nanoTime() + KNOWN_NANOS);
            if (known.size() >= MOST_KNOWN) {
                known.clear();
            }
            known.put(queue, now);
        }
        return now.carries;
    }

    /** While the backend does not answer, tasks go without. */
    private boolean ask(String queue) {
        Optional<QueueControl> control = cluster.transport().tasks().flatMap(TaskBroker::control);
        try {
            return control.isPresent()
                    && Await.on(
                                            control.get().settings(queue),
                                            cluster.config().transport().commandTimeout(),
                                            "ask for the kind of queue " + queue)
                                    .kind()
                            == Kind.OWN;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
