package io.covey.cluster.supervisor;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listener in order, on a thread of its own: one that is slow holds up no child. */
final class EventDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private final Consumer<SupervisorEvent> listener;
    private final ExecutorService thread;

    EventDelivery(String name, Consumer<SupervisorEvent> listener) {
        this.listener = listener;
        this.thread = Executors.newSingleThreadExecutor(body -> {
            Thread each = new Thread(body, "covey-" + name + "-events");
            each.setDaemon(true);
            return each;
        });
    }

    void tell(SupervisorEvent event) {
        LOG.debug("{}: {}", event.name(), event.text());
        thread.execute(() -> {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.warn(
                        "The listener of the supervisor threw at the event {}; it hears the next one", event.name(), e);
            }
        });
    }

    void close(Duration patience) {
        thread.shutdown();
        try {
            thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
