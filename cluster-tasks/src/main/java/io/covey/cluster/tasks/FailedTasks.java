package io.covey.cluster.tasks;

import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueControl.Changed;
import io.covey.cluster.spi.QueueControl.Listed;
import io.covey.cluster.spi.TaskInspector;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failed tasks of all queues, of all makes. They stay until somebody runs them again or drops them: nothing trims
 * them. Safe beside others that do the same.
 */
public final class FailedTasks {
    private static final Logger LOG = LoggerFactory.getLogger(FailedTasks.class);
    private static final int PAGE = 100;
    private static final long MOST_BYTES = 4 << 20;

    /** With more failed tasks than this a warning is logged where they are counted. */
    public static final long MANY = 100_000;

    private final TaskInspector inspector;
    private final QueueControl control;
    private final Transport transport;
    private final Duration timeout;

    FailedTasks(TaskInspector inspector, QueueControl control, Transport transport, Duration timeout) {
        this.inspector = inspector;
        this.control = control;
        this.transport = transport;
        this.timeout = timeout;
    }

    /**
     * How many there are.
     *
     * @return their number; above {@link #MANY} a warning is logged too
     * @throws TransportException if the backend does not answer
     */
    public long count() {
        long count = Await.on(inspector.totals(), timeout, "count failed tasks").getOrDefault("failed", 0L);
        if (count > MANY) {
            LOG.atWarn()
                    .addKeyValue("event", "task.failed.kept")
                    .log(
                            "{} tasks have failed and nothing removes them: retry or drop them, they fill the backend's memory",
                            count);
        }
        return count;
    }

    /**
     * Some of them, oldest first. While others remove some, pages shift; {@link #each} does not care.
     *
     * @param offset how many to skip
     * @param limit how many at most
     * @return the failures
     * @throws TransportException if the backend does not answer
     */
    public List<FailedTask> page(long offset, int limit) {
        return Await.on(inspector.failed(offset, limit), timeout, "list failed tasks");
    }

    /**
     * Visits those that have failed up to now, the newest first, page by page. One that stays meanwhile is visited, perhaps
     * twice if others remove some; one that is removed meanwhile perhaps.
     *
     * @param filter which
     * @param visitor is given each on the caller's thread; returns whether to go on
     * @throws TransportException if the backend does not answer
     */
    public void each(FailedFilter filter, Predicate<FailedTask> visitor) {
        Instant now = Await.on(transport.time(), timeout, "ask for the time");
        pages((page, offset) -> {
            for (int i = page.size() - 1; i >= 0; i--) {
                FailedTask task = page.get(i);
                if (filter.matches(task, now) && !visitor.test(task)) {
                    return false;
                }
            }
            return true;
        });
    }

    /**
     * Runs one again: adds it to its queue as a new task and takes it out of here.
     *
     * @param task as it was listed
     * @return false if it is no longer here; nothing was added then
     * @throws TransportException if the backend does not answer
     */
    public boolean retry(FailedTask task) {
        return Await.on(control.retry(task), timeout, "retry a failed task of queue " + task.queue());
    }

    /**
     * Drops one for good.
     *
     * @param task as it was listed
     * @return false if it is no longer here
     * @throws TransportException if the backend does not answer
     */
    public boolean drop(FailedTask task) {
        return Await.on(control.drop(task), timeout, "drop a failed task of queue " + task.queue());
    }

    /**
     * Runs all those of a filter again that have failed up to now. One that fails again meanwhile is left, and so is one that
     * cannot be run again; a warning says how many those are.
     *
     * @param filter which
     * @return how many
     * @throws TransportException if the backend does not answer; some were done then
     */
    public long retryAll(FailedFilter filter) {
        return all(filter, control::retryAll, "retry failed tasks");
    }

    /**
     * Drops all those of a filter that have failed up to now.
     *
     * @param filter which
     * @return how many
     * @throws TransportException if the backend does not answer; some were done then
     */
    public long dropAll(FailedFilter filter) {
        return all(filter, control::dropAll, "drop failed tasks");
    }

    private long all(FailedFilter filter, Function<List<Listed>, CompletionStage<Changed>> verb, String what) {
        Instant now = Await.on(transport.time(), timeout, "ask for the time");
        Changed[] sum = {Changed.none()};
        List<Listed> batch = new ArrayList<>();
        long[] bytes = new long[1];
        Runnable flush = () -> {
            sum[0] = sum[0].and(Await.on(verb.apply(List.copyOf(batch)), timeout, what));
            batch.clear();
            bytes[0] = 0;
        };
        pages((page, offset) -> {
            for (int i = page.size() - 1; i >= 0; i--) {
                FailedTask task = page.get(i);
                if (filter.matches(task, now)) {
                    batch.add(new Listed(task, offset + i));
                    bytes[0] += task.entry().length;
                    if (batch.size() == QueueControl.MOST_LISTED || bytes[0] > MOST_BYTES) {
                        flush.run();
                    }
                }
            }
            return true;
        });
        if (!batch.isEmpty()) {
            flush.run();
        }
        List<RefusedException> refused = sum[0].refused();
        if (!refused.isEmpty()) {
            LOG.warn(
                    "{}: {} were refused and stay, one of them: {}",
                    what,
                    refused.size(),
                    refused.get(0).getMessage());
        }
        return sum[0].count();
    }

    /**
     * From the newest page to the oldest. New ones come at the end, and what is removed lets the others move to the front:
     * what was not seen yet stays before the place that was reached. Seen ones may come again.
     */
    private void pages(Visitor visitor) {
        long end = count();
        while (end > 0) {
            int size = (int) Math.min(PAGE, end);
            if (!visitor.visit(page(end - size, size), end - size)) {
                return;
            }
            end -= size;
        }
    }

    /** Is given a page and how many older ones there were; returns whether to go on. */
    private interface Visitor {
        boolean visit(List<FailedTask> page, long offset);
    }
}
