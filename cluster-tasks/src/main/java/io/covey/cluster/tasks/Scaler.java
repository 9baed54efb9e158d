package io.covey.cluster.tasks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Adjusts the slots a few times a second. */
final class Scaler {
    private static final long EVERY = Duration.ofMillis(250).toNanos();
    private static final double UNKNOWN = -1;

    private final Slots slots;
    private final Runners runners;
    private final WorkedQueues queues;
    private final Runnable onMore;

    Scaler(Slots slots, Runners runners, WorkedQueues queues, Runnable onMore) {
        this.slots = slots;
        this.runners = runners;
        this.queues = queues;
        this.onMore = onMore;
    }

    void start(ScheduledExecutorService thread) {
        if (!slots.fixed()) {
            thread.scheduleWithFixedDelay(this::once, EVERY, EVERY, TimeUnit.NANOSECONDS);
        }
    }

    private void once() {
        boolean waits =
                runners.inHand() > slots.now() || queues.served().stream().anyMatch(WorkedQueue::claimable);
        if (slots.adjust(runners.running(), waits, load())) {
            onMore.run();
        }
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuLoad()
                : UNKNOWN;
    }
}
