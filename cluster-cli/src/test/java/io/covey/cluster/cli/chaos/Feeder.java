package io.covey.cluster.cli.chaos;

import io.covey.cluster.TransportException;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.UnconfirmedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;

/** Enqueues, and remembers what became of each task: accepted, refused, or never confirmed. */
final class Feeder {
    private static final int PORTION = 20;
    private static final long PAUSE_MILLIS = 50;

    final Set<Integer> accepted = new ConcurrentSkipListSet<>();
    final Set<Integer> refused = new ConcurrentSkipListSet<>();
    final Set<Integer> unconfirmed = new ConcurrentSkipListSet<>();

    /** What {@link #keep} adds. */
    volatile TaskType<Work> kept = Work.PATIENT;

    private final TaskQueue queue;
    private final AtomicInteger numbers = new AtomicInteger();

    Feeder(TaskQueue queue) {
        this.queue = queue;
    }

    /** Adds a portion, whole or not at all. */
    void add(TaskType<Work> type, List<Long> millis) {
        List<NewTask<Work>> tasks = new ArrayList<>();
        List<Integer> portion = new ArrayList<>();
        for (long each : millis) {
            int number = numbers.incrementAndGet();
            portion.add(number);
            tasks.add(NewTask.of(type, new Work(number, each)));
        }
        send(tasks, portion);
    }

    void send(List<NewTask<Work>> tasks, List<Integer> portion) {
        try {
            queue.enqueueAll(tasks);
            accepted.addAll(portion);
        } catch (UnconfirmedException e) {
            unconfirmed.addAll(portion);
        } catch (TransportException e) {
            refused.addAll(portion);
        }
    }

    int nextNumber() {
        return numbers.incrementAndGet();
    }

    /** A thread that keeps so many tasks waiting until it is interrupted. */
    Thread keep(int waiting, Ledger ledger, Random random, long shortest, long longest) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (!Thread.currentThread().isInterrupted()) {
                            while (accepted.size() + unconfirmed.size() - ledger.started() < waiting) {
                                add(
                                        kept,
                                        random.longs(PORTION, shortest, longest)
                                                .boxed()
                                                .toList());
                            }
                            Thread.sleep(PAUSE_MILLIS);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "chaos-feeder");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
