package io.covey.cluster.core.local;

import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;

/**
 * What would be a server, in this process: the state that its connections share. Connections of one namespace see the
 * same cache, locks, directory and messages, those of one task namespace the same queues, all others nothing of them.
 *
 * <p>Every stage is complete when its method returns. Listeners are called by the executor, one call at a time for each
 * registration and in order. With an executor that runs tasks on the calling thread and a clock that is set by hand
 * nothing depends on chance: there are no threads, no timers and no random numbers.
 */
public final class LocalBackend {
    private final LocalClock clock;
    private final Executor executor;
    private final ConcurrentMap<String, LocalSpace> spaces = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, TaskSpace> taskSpaces = new ConcurrentHashMap<>();

    private LocalBackend(LocalClock clock, Executor executor) {
        this.clock = clock;
        this.executor = executor;
    }

    /**
     * An empty backend on the clocks of this machine, whose listeners run on daemon threads of its own.
     *
     * @return a backend that lives as long as somebody refers to it
     */
    public static LocalBackend create() {
        return create(LocalClock.system(), ListenerThreads.start());
    }

    /**
     * An empty backend.
     *
     * @param clock its time
     * @param executor runs the listeners; {@code Runnable::run} runs them on the thread that caused the event
     * @return a backend that lives as long as somebody refers to it
     */
    public static LocalBackend create(LocalClock clock, Executor executor) {
        return new LocalBackend(clock, executor);
    }

    /**
     * Connects, as another process would.
     *
     * @param config the namespaces count, and the URI for the description
     * @return a connection; closing it ends its registrations and leaves what it wrote
     */
    public Transport open(TransportConfig config) {
        return open(config, () -> {});
    }

    Transport open(TransportConfig config, Runnable onClose) {
        LocalSpace space = spaces.computeIfAbsent(config.namespace(), name -> new LocalSpace(clock));
        TaskSpace tasks = tasks(config.taskNamespace());
        return new LocalTransport(config.printableUri(), clock, executor, space, tasks, onClose);
    }

    TaskSpace tasks(String namespace) {
        return taskSpaces.computeIfAbsent(namespace, name -> new TaskSpace(clock));
    }

    /**
     * Lets lease time of tasks and members pass at once, as if it had passed while somebody went on beating. These leases
     * run on virtual clocks that a silence stops, so advancing the clock alone ends none of them. Locks, times to live and
     * delays take no notice.
     *
     * @param time how much, not negative
     */
    public void passLeaseTime(Duration time) {
        spaces.values().forEach(space -> space.members().passLeaseTime(time));
        taskSpaces.values().forEach(space -> space.passLeaseTime(time));
    }
}
