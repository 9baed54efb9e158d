package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.Transport.LinkState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker does now and then, beside its trips. */
final class WorkerLoops {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long STANDSTILL = Duration.ofSeconds(30).toNanos();

    private final WorkerParts parts;
    private final TaskBroker broker;
    private final Transport transport;
    private final ScheduledExecutorService timer;
    private final QueueWatch watch;
    private final Liveness liveness;
    private final WorkerReports reports;
    private volatile long beatAt;

    WorkerLoops(WorkerParts parts, TaskBroker broker, Cluster cluster) {
        this.parts = parts;
        this.broker = broker;
        this.transport = cluster.transport();
        this.timer = parts.timer();
        this.watch = new QueueWatch(broker, this::hinted);
        this.liveness = new Liveness(parts, this::reconnect);
        this.reports = new WorkerReports(cluster, parts);
    }

    /** Starts everything; ends the listening for hints. */
    Registration start() {
        WorkedQueues queues = parts.queues();
        WorkerOptions options = parts.options();
        watch.watch(queues.names());
        parts.pollerThread().start();
        long beat = parts.time().beat();
        beatAt = parts.time().nanos();
        timer.scheduleAtFixedRate(this::beat, beat, beat, TimeUnit.NANOSECONDS);
        new UpkeepLoop(
                        broker,
                        options,
                        queues,
                        timer,
                        parts.events(),
                        parts.judge().parkedLog())
                .start();
        new Scaler(parts.slots(), parts.runners(), queues, parts.poller()::wake).start(timer);
        broker.workers().ifPresent(registry -> reports.start(registry, timer));
        if (options.queues().hasPatterns()) {
            new QueueNames(broker.inspector(), timer, names -> {
                        if (queues.hear(names)) {
                            parts.poller().rearrange();
                        }
                    })
                    .start();
        }
        if (options.scheduler()) {
            broker.schedules().ifPresent(store -> new Ticker(store, queues::names, timer).start());
        }
        Registration state = transport.onState(this::heard);
        return () -> {
            state.close();
            watch.close();
        };
    }

    /** A link may be up for a moment only, and that moment must not fall between two repeats or two beats. */
    private void heard(LinkState link) {
        if (link.up()) {
            parts.poller().repeatSoon();
            timer.execute(parts.keeper()::beat);
        }
    }

    /** Why the worker does not get on, were it only that nothing is left to notice it; empty if it does. */
    Optional<String> standstill() {
        long silent = parts.time().nanos() - beatAt;
        boolean stopped = silent > Math.max(STANDSTILL, 2 * parts.time().lease()) && !timer.isShutdown();
        return stopped
                ? Optional.of("its leases have not been renewed for "
                        + Duration.ofNanos(silent).toSeconds() + " s: the thread for that does not come round")
                : parts.health().standstill();
    }

    /** On another thread: hints about the queues that are served now, through a new registration. */
    void watchAnew() {
        timer.execute(() -> watch.watch(parts.queues().names()));
    }

    /** On another thread: new connections, and hints through them. */
    private void reconnect() {
        timer.execute(broker::reconnect);
        watchAnew();
    }

    /** After this nothing lists the worker. */
    void retire(Duration patience) {
        broker.workers().ifPresent(registry -> reports.close(registry, patience));
    }

    private void hinted(String queue) {
        if (parts.queues().hint(queue)) {
            parts.poller().wake();
        }
    }

    /** One that throws would be the last. */
    private void beat() {
        try {
            beatOnce();
        } catch (RuntimeException | Error e) {
            LOG.error("A beat of {} met an unexpected error; the next one comes", parts.owner(), e);
        }
    }

    private void beatOnce() {
        beatAt = parts.time().nanos();
        parts.keeper().beat();
        parts.poller().doubt();
        parts.progress().beat();
        parts.judge().parkedLog().flush();
        liveness.beat();
    }
}
