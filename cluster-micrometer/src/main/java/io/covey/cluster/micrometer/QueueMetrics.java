package io.covey.cluster.micrometer;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Registration;
import io.covey.cluster.spi.TaskInspector.QueueFlow;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.tasks.TaskInspection;
import io.covey.cluster.tasks.TaskQueue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much is in the queues of the whole cluster. The node that leads the cluster looks, once in a while; the others show
 * nothing, so that the backend is asked once, however many nodes there are and however often they are scraped. A sum or a
 * maximum over the nodes is the number. {@code docs/observability.md} lists the meters. Thread-safe.
 *
 * <p>Tags are bounded: the 100 queues with the most in them by name, the others together as {@code other}; of
 * ages the 100 greatest, and the greatest of the others.
 */
public final class QueueMetrics implements MeterBinder, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueMetrics.class);
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final List<QueueMeters> bound = new CopyOnWriteArrayList<>();
    private final ScheduledThreadPoolExecutor thread;
    private final Registration closing;

    /**
     * Looks every 15 seconds.
     *
     * @param cluster the node; when it closes this does, too
     */
    public QueueMetrics(Cluster cluster) {
        this(cluster, Duration.ofSeconds(15));
    }

    /**
     * Looks as often as is said.
     *
     * @param cluster the node; when it closes this does, too
     * @param every how often, at least 1 s
     */
    public QueueMetrics(Cluster cluster, Duration every) {
        if (every.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("Queues are looked at every " + SHORTEST + " at most, was " + every);
        }
        this.cluster = cluster;
        this.thread = new ScheduledThreadPoolExecutor(1, body -> {
            Thread made = new Thread(body, "covey-" + cluster.self().name() + "-queue-meters");
            made.setDaemon(true);
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.closing = cluster.closeWith(drain -> stop());
        thread.scheduleWithFixedDelay(this::look, 0, TimeUnit.NANOSECONDS.convert(every), TimeUnit.NANOSECONDS);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bound.add(new QueueMeters(registry));
        thread.execute(this::look);
    }

    private void look() {
        if (bound.isEmpty()) {
            return;
        }
        try {
            boolean leads = cluster.members().leader().equals(cluster.self());
            TaskInspection inspect = TaskQueue.on(cluster).inspect();
            List<QueueInfo> queues = leads ? inspect.queues() : List.of();
            Map<String, Long> totals = leads ? inspect.totals() : Map.of();
            Map<String, Duration> ages = leads ? ages(inspect.flows()) : Map.of();
            bound.forEach(meters -> meters.show(queues, totals));
            bound.forEach(meters -> meters.showAges(ages));
        } catch (ClusterException | IllegalStateException e) {
            LOG.debug("The queues were not looked at: {}", e.getMessage());
            bound.forEach(QueueMeters::clear);
        } catch (RuntimeException | Error e) {
            LOG.warn("The queues were not looked at; it is tried again", e);
        }
    }

    private Map<String, Duration> ages(List<QueueFlow> flows) {
        Instant now = cluster.clock().instant();
        Map<String, Duration> ages = new TreeMap<>();
        for (QueueFlow flow : flows) {
            flow.oldest().ifPresent(since -> {
                Duration age = Duration.between(since, now);
                ages.put(flow.queue(), age.isNegative() ? Duration.ZERO : age);
            });
        }
        return ages;
    }

    /** Looks no more, and shows nothing. */
    @Override
    public void close() {
        closing.close();
        stop();
    }

    private void stop() {
        thread.shutdownNow();
        bound.forEach(QueueMeters::clear);
        bound.clear();
    }
}
