package io.covey.cluster.tasks;

import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Held;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the backend what it takes this worker to hold, and notes what the worker does not know of. */
final class HoldingsCheck {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final TaskBroker broker;
    private final String owner;
    private final Executor thread;
    private final LeaseBook book;
    private final Runnable wake;

    /** Answers are taken in on {@code thread}; {@code wake} is called when something was found. */
    HoldingsCheck(TaskBroker broker, String owner, Executor thread, LeaseBook book, Runnable wake) {
        this.broker = broker;
        this.owner = owner;
        this.thread = thread;
        this.book = book;
        this.wake = wake;
    }

    void check(WorkedQueue queue) {
        page(queue, Optional.empty());
    }

    private void page(WorkedQueue queue, Optional<String> cursor) {
        Await.caught(() -> broker.holdings(owner, queue.name(), cursor))
                .whenCompleteAsync(
                        (page, thrown) -> {
                            if (thrown != null) {
                                queue.recovery().askAgain();
                            } else {
                                take(queue, page);
                            }
                        },
                        thread);
    }

    /** What was claimed meanwhile and is not known yet is sorted out before anything is given back. */
    private void take(WorkedQueue queue, Page<Held> page) {
        Set<Held> known = book.named();
        List<Held> unknown =
                page.items().stream().filter(one -> !known.contains(one)).toList();
        if (!unknown.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("event", "worker.holdings.unknown")
                    .log(
                            "Worker {}: the backend takes it to hold {} tasks of queue {} that it does not know of; they are given"
                                    + " back and run again",
                            owner,
                            unknown.size(),
                            queue.name());
            queue.recovery().found(unknown);
            wake.run();
        }
        page.next().ifPresent(next -> page(queue, Optional.of(next)));
    }
}
