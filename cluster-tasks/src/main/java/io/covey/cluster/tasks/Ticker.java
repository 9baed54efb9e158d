package io.covey.cluster.tasks;

import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.ScheduleStore;
import io.covey.cluster.spi.ScheduleStore.Due;
import io.covey.cluster.spi.ScheduleStore.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks about once a second which recurring tasks of some queues are due, and moves them on. Any number may look at once: a
 * due time is taken by one of them, in one step with adding its task.
 */
final class Ticker {
    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);
    private static final long EVERY = Duration.ofSeconds(1).toNanos();
    private static final long AGAIN = Duration.ofMillis(20).toNanos();
    private static final double SPREAD = 0.2;

    private final ScheduleStore store;
    private final Supplier<Set<String>> queues;
    private final ScheduledExecutorService thread;
    private final Set<String> complained = Collections.synchronizedSet(new HashSet<>());
    private boolean failing;

    /** On a thread of the caller's, which is not blocked. */
    Ticker(ScheduleStore store, Supplier<Set<String>> queues, ScheduledExecutorService thread) {
        this.store = store;
        this.queues = queues;
        this.thread = thread;
    }

    void start() {
        double part = 1 - SPREAD + 2 * SPREAD * ThreadLocalRandom.current().nextDouble();
        thread.schedule(this::once, (long) (EVERY * part), TimeUnit.NANOSECONDS);
    }

    private void once() {
        Set<String> now = queues.get();
        if (now.isEmpty()) {
            start();
            return;
        }
        page(now, 0)
                .whenCompleteAsync(
                        (moved, thrown) -> {
                            if (thrown == null) {
                                failing = false;
                            } else if (!failing) {
                                failing = true;
                                LOG.atWarn()
                                        .addKeyValue("event", "schedule.failed")
                                        .log(
                                                "Recurring tasks of queues {} were not looked at ({}); that is tried again each second",
                                                now,
                                                Brokers.reason(thrown));
                            }
                            if (thrown == null && moved) {
                                thread.schedule(this::once, AGAIN, TimeUnit.NANOSECONDS);
                            } else {
                                start();
                            }
                        },
                        thread);
    }

    /** Goes on behind those that could not be moved: they stay due, and others must not wait for them. */
    private CompletionStage<Boolean> page(Set<String> queues, int skip) {
        return Await.caught(() -> store.due(queues, skip))
                .thenComposeAsync(
                        due -> tickAll(due)
                                .thenCompose(moved -> moved || due.schedules().isEmpty()
                                        ? CompletableFuture.completedStage(moved)
                                        : page(queues, skip + most(due))),
                        thread);
    }

    /** Of how many the queue has most that has most of them. */
    private static int most(Due due) {
        Map<String, Integer> counts = new HashMap<>();
        due.schedules().forEach(schedule -> counts.merge(schedule.queue(), 1, Integer::sum));
        return Collections.max(counts.values());
    }

    private CompletionStage<Boolean> tickAll(Due due) {
        CompletionStage<Boolean> all = CompletableFuture.completedStage(false);
        for (Schedule schedule : due.schedules()) {
            all = all.thenCompose(any -> tick(schedule, due.now()).thenApply(moved -> any || moved));
        }
        return all;
    }

    private CompletionStage<Boolean> tick(Schedule schedule, Instant now) {
        String name = schedule.queue() + "/" + schedule.name();
        Definition definition;
        int tasks;
        Optional<Instant> next;
        try {
            definition = Definition.of(schedule.definition());
            Occurrences times = new Occurrences(definition.recurrence(), definition.misfire());
            tasks = times.tasks(schedule.next(), now);
            next = times.next(schedule.next(), now);
        } catch (RuntimeException e) { // one that another version wrote must not hold up the others
            complain(name, "is left alone: " + e.getMessage());
            return CompletableFuture.completedStage(false);
        }
        return Await.caught(() -> store.tick(schedule, next, Collections.nCopies(tasks, definition.task())))
                .handle((moved, thrown) -> {
                    if (thrown != null) {
                        complain(
                                name,
                                "was due and not added (" + Brokers.reason(thrown) + "); tried again each second");
                        return false;
                    }
                    complained.remove(name);
                    if (moved && tasks == 0) {
                        LOG.atWarn()
                                .addKeyValue("event", "schedule.skipped")
                                .log(
                                        "Recurring task {}: nobody looked since {}, it is left out until its next time",
                                        name,
                                        schedule.next());
                    }
                    return moved;
                });
    }

    private void complain(String name, String what) {
        if (complained.add(name)) {
            LOG.atWarn()
                    .addKeyValue("event", "schedule.stuck")
                    .log("Recurring task {} {}", Names.printable(name), what);
        }
    }
}
