package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Puts the parts of a worker together and starts them. */
final class WorkerParts {
    private static final AtomicLong WORKERS = new AtomicLong();
    private static final int LONGEST_NODE = 120;

    private final TaskBroker broker;
    private final WorkerOptions options;
    private final String node;
    private final String owner;
    private final WorkerTime time;
    private final Pace pace;
    private final Tally tally = new Tally();
    private final LeaseBook book = new LeaseBook();
    private final Events events;
    private final RunCounts counts;
    private final Outage outage;
    private final HealthBook health = new HealthBook();
    private final WorkedQueues queues;
    private final Slots slots;
    private final Trips trips;
    private final Poller poller;
    private final Thread pollerThread;
    private final Runners runners;
    private final Handlers handlers;
    private final RunNotes notes;
    private final ProgressWriter progress;
    private final UniqueLocks locks;
    private final Judge judge;
    private final TimeLimits limits;
    private final ScheduledThreadPoolExecutor timer;
    private final LeaseKeeper keeper;
    private final HoldingsCheck holdings;
    private final WorkerLoops loops;

    WorkerParts(
            Cluster cluster,
            WorkerOptions options,
            Handlers handlers,
            List<WorkerMiddleware> around,
            List<WorkerListener> listeners) {
        this.handlers = handlers;
        this.broker = Brokers.of(cluster);
        this.options = options;
        String id = cluster.self().id().replaceAll("[^A-Za-z0-9_.:-]", "_");
        this.node = cluster.self().id();
        this.owner = id.substring(Math.max(0, id.length() - LONGEST_NODE)) + "." + WORKERS.incrementAndGet();
        this.time = WorkerTime.of(options.lease(), options.beat());
        this.pace = new Pace(options.strict());
        String threads = "covey-" + cluster.self().name() + "-";
        this.events = new Events(listeners, threads + "task-events");
        this.counts = new RunCounts(events, time);
        this.outage = new Outage(owner, events);
        this.queues = new WorkedQueues(options.queues());
        this.slots = new Slots(options.concurrency(), options.mostConcurrency());
        Duration patience = cluster.config().transport().patience();
        this.trips = new Trips(broker, time, patience, new Settler(this));
        InFlight inFlight = new InFlight();
        TripPlan plan = new TripPlan(options, owner, queues, trips, pace, slots, inFlight, book, time.nanos());
        this.poller = new Poller(this, plan, inFlight, this::otherQueues);
        this.pollerThread = TaskThreads.single(threads + "task-poller", poller);
        this.notes = new RunNotes(cluster, broker, time);
        this.progress = new ProgressWriter(broker.notes(), time);
        this.locks = new UniqueLocks(broker, notes);
        this.judge = new Judge(owner, cluster.clock(), time, events);
        this.timer = new ScheduledThreadPoolExecutor(
                1, body -> TaskThreads.single(threads + "lease-keeper", body), new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
        this.limits = new TimeLimits(owner, timer, time, events);
        Execution execution = new Execution(this, around, this::ended);
        this.runners = new Runners(slots::now, TaskThreads.named(threads + "task-", options.virtual()), execution::run);
        Withdrawals withdrawals = new Withdrawals(owner, tally, events, judge, limits, this::ended);
        this.keeper = new LeaseKeeper(broker, owner, time, book, timer, withdrawals, this.runners::recheck);
        this.holdings = new HoldingsCheck(broker, owner, timer, book, this.poller::wake);
        this.loops = new WorkerLoops(this, broker, cluster);
    }

    private void otherQueues() {
        loops.watchAnew();
    }

    private void ended(TaskRun run, @Nullable Outcome outcome) {
        if (outcome == null) {
            book.remove(run);
        }
        poller.ended(run, outcome);
    }

    WorkerOptions options() {
        return options;
    }

    String node() {
        return node;
    }

    String owner() {
        return owner;
    }

    WorkerTime time() {
        return time;
    }

    Pace pace() {
        return pace;
    }

    Tally tally() {
        return tally;
    }

    LeaseBook book() {
        return book;
    }

    Events events() {
        return events;
    }

    RunCounts counts() {
        return counts;
    }

    Outage outage() {
        return outage;
    }

    HealthBook health() {
        return health;
    }

    WorkedQueues queues() {
        return queues;
    }

    Slots slots() {
        return slots;
    }

    WorkerLoops loops() {
        return loops;
    }

    Trips trips() {
        return trips;
    }

    Poller poller() {
        return poller;
    }

    Thread pollerThread() {
        return pollerThread;
    }

    Handlers handlers() {
        return handlers;
    }

    RunNotes notes() {
        return notes;
    }

    ProgressWriter progress() {
        return progress;
    }

    UniqueLocks locks() {
        return locks;
    }

    Judge judge() {
        return judge;
    }

    TimeLimits limits() {
        return limits;
    }

    Runners runners() {
        return runners;
    }

    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    LeaseKeeper keeper() {
        return keeper;
    }

    HoldingsCheck holdings() {
        return holdings;
    }
}
