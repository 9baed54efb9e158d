package io.covey.cluster.tasks;

import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TaskInspector;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks about once a second which queues there are, for workers that serve patterns. */
final class QueueNames {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long EVERY = Duration.ofSeconds(1).toNanos();
    private static final int MOST_WARNED = 1000;

    private final TaskInspector inspector;
    private final ScheduledExecutorService thread;
    private final Consumer<Set<String>> hears;
    private final Set<String> warned = new HashSet<>();

    /** {@code hears} is called on the thread, with names that are fit for queues. */
    QueueNames(TaskInspector inspector, ScheduledExecutorService thread, Consumer<Set<String>> hears) {
        this.inspector = inspector;
        this.thread = thread;
        this.hears = hears;
    }

    void start() {
        Await.caught(inspector::names)
                .whenCompleteAsync(
                        (names, thrown) -> {
                            // Without an answer those known are served on.
                            if (thrown == null) {
                                hears.accept(fit(names));
                            }
                            thread.schedule(this::start, EVERY, TimeUnit.NANOSECONDS);
                        },
                        thread);
    }

    private Set<String> fit(Set<String> names) {
        Set<String> fit = new HashSet<>();
        for (String name : names) {
            if (Names.matches(name)) {
                fit.add(name);
            } else if (warned.size() < MOST_WARNED && warned.add(name)) {
                LOG.warn(
                        "Queue \"{}\" of another fleet has a name that is none here; its tasks stay where they are",
                        Names.printable(name));
            }
        }
        return fit;
    }
}
