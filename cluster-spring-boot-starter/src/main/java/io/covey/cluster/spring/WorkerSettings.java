package io.covey.cluster.spring;

import io.covey.cluster.tasks.Worker;
import io.covey.cluster.tasks.WorkerListener;
import io.covey.cluster.tasks.WorkerMiddleware;
import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;

/** Sets up a worker by properties and beans. */
record WorkerSettings(
        WorkerProperties properties,
        Environment environment,
        ObjectProvider<WorkerMiddleware> around,
        ObjectProvider<WorkerListener> listeners,
        ObjectProvider<WorkerCustomizer> customizers) {

    /**
     * Sets it up.
     *
     * @param queues where the types go that have handlers; used if the properties name no queues
     */
    void apply(Worker.Builder worker, Collection<String> queues) {
        queues(worker, queues);
        Integer concurrency = properties.concurrency();
        if (concurrency != null) {
            Integer most = properties.maxConcurrency();
            worker.concurrency(concurrency, most == null ? concurrency : most);
        } else if (properties.maxConcurrency() != null) {
            worker.concurrency(
                    Math.min(Runtime.getRuntime().availableProcessors(), properties.maxConcurrency()),
                    properties.maxConcurrency());
        }
        worker.virtualThreads(
                properties.virtualThreads() == null
                        ? Threading.VIRTUAL.isActive(environment)
                        : properties.virtualThreads());
        given(properties.lease(), worker::lease);
        given(properties.beat(), worker::beat);
        given(properties.maxDeliveries(), worker::maxDeliveries);
        given(properties.drain(), worker::drain);
        if (!properties.prefetch()) {
            worker.withoutPrefetch();
        }
        if (!properties.scheduler()) {
            worker.withoutScheduler();
        }
        around.orderedStream().forEach(worker::around);
        listeners.orderedStream().forEach(worker::listener);
        customizers.orderedStream().forEach(customizer -> customizer.customize(worker));
    }

    private void queues(Worker.Builder worker, Collection<String> queues) {
        if (!properties.weights().isEmpty()) {
            if (!properties.queues().isEmpty()) {
                throw new IllegalStateException("covey.worker.queues (in order) and covey.worker.weights (by parts) are"
                        + " both set: set one of them");
            }
            worker.weighted(properties.weights());
        } else {
            Collection<String> chosen = properties.queues().isEmpty() ? queues : properties.queues();
            worker.queues(chosen.toArray(String[]::new));
        }
    }

    private static <T> void given(@Nullable T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }
}
