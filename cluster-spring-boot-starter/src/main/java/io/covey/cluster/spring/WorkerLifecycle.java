package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.tasks.HandlerRegistry;
import io.covey.cluster.tasks.TaskHandler;
import io.covey.cluster.tasks.TaskHandlers;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs a worker while the application runs, if there are handlers. It stops on the thread that stops the application, for as
 * long as it drains.
 */
final class WorkerLifecycle implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerLifecycle.class);

    private final Cluster cluster;
    private final AnnotatedHandlers annotated;
    private final Supplier<List<TaskHandlers>> registered;
    private final WorkerSettings settings;
    private final WorkerWatcher watcher;
    private volatile boolean running;
    private volatile @Nullable Worker worker;

    WorkerLifecycle(
            Cluster cluster,
            AnnotatedHandlers annotated,
            Supplier<List<TaskHandlers>> registered,
            WorkerSettings settings,
            WorkerWatcher watcher) {
        this.cluster = cluster;
        this.annotated = annotated;
        this.registered = registered;
        this.settings = settings;
        this.watcher = watcher;
    }

    /** The worker that runs now. */
    Optional<Worker> worker() {
        return Optional.ofNullable(worker);
    }

    @Override
    public void start() {
        List<HandledMethod> methods = annotated.find(cluster);
        List<TaskHandlers> others = registered.get();
        if (methods.isEmpty() && others.isEmpty()) {
            LOG.debug("No task handlers among the beans: no worker is started");
            running = true;
            return;
        }
        Set<String> queues = new LinkedHashSet<>();
        Worker.Builder builder = Worker.on(cluster)
                .handlers(handlers -> methods.forEach(method -> method.register(noting(queues, handlers))));
        others.forEach(more -> builder.handlers(handlers -> more.register(noting(queues, handlers))));
        settings.apply(builder, queues);
        methods.forEach(method -> method.declare(cluster));
        Worker started = builder.start();
        worker = started;
        running = true;
        watcher.started(started);
    }

    @Override
    public void stop() {
        Worker stopping = worker;
        worker = null;
        running = false;
        if (stopping != null) {
            stopping.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return ClusterPhases.WORKER;
    }

    private static HandlerRegistry noting(Set<String> queues, HandlerRegistry handlers) {
        return new HandlerRegistry() {
            @Override
            public Cluster cluster() {
                return handlers.cluster();
            }

            @Override
            public <P> void handle(TaskType<P> type, TaskHandler<P> handler) {
                handlers.handle(type, handler);
                queues.add(type.queue());
            }
        };
    }
}
