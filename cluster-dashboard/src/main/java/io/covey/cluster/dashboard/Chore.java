package io.covey.cluster.dashboard;

import io.covey.cluster.RefusedException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.tasks.TaskInspection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done to many failed tasks: on a thread of its own, from the newest page to the oldest, so that those that fail
 * meanwhile are left alone; one at a time; it can be stopped.
 */
final class Chore {
    private static final Logger LOG = LoggerFactory.getLogger(Chore.class);
    private static final int PAGE = 100;

    private final Optional<TaskInspection> tasks;
    private final FailedCount failed;
    private final Executor thread;
    private final Duration timeout;
    private final AtomicReference<Optional<Run>> last = new AtomicReference<>(Optional.empty());

    Chore(Optional<TaskInspection> tasks, FailedCount failed, Executor thread, Duration timeout) {
        this.tasks = tasks;
        this.failed = failed;
        this.thread = thread;
        this.timeout = timeout;
    }

    /** One of them, with how far it is. */
    private static final class Run {
        final String what;
        final long total;
        volatile long looked;
        volatile long done;
        volatile long refused;
        volatile boolean over;
        volatile boolean stop;
        volatile String trouble = "";

        Run(String what, long total) {
            this.what = what;
            this.total = total;
        }

        Map<String, @Nullable Object> shown() {
            return Json.object(
                    "what", what,
                    "total", total,
                    "looked", looked,
                    "done", done,
                    "refused", refused,
                    "over", over,
                    "stopped", stop,
                    "trouble", trouble);
        }
    }

    /**
     * Begins.
     *
     * @param what for people: retry or drop
     * @throws IllegalArgumentException if another is under way
     */
    Map<String, @Nullable Object> begin(
            String what, FailedQuery query, Function<FailedTask, CompletionStage<Boolean>> verb) {
        Run run = new Run(what, failed.now());
        Optional<Run> before = last.get();
        if (before.filter(one -> !one.over).isPresent() || !last.compareAndSet(before, Optional.of(run))) {
            throw new IllegalArgumentException("Something is being done to many failed tasks already; wait or stop it");
        }
        thread.execute(() -> run(run, query, verb));
        return run.shown();
    }

    private void run(Run run, FailedQuery query, Function<FailedTask, CompletionStage<Boolean>> verb) {
        try {
            long end = run.total;
            while (end > 0 && !run.stop) {
                int size = (int) Math.min(PAGE, end);
                page(run, tasks.orElseThrow().failed(end - size, size), query, verb);
                end -= size;
                run.looked = run.total - end;
            }
        } catch (RuntimeException e) {
            run.trouble = Shown.line(String.valueOf(e.getMessage()));
        } finally {
            run.over = true;
        }
        LOG.info("Dashboard: {} of {} failed tasks, {} refused: {}", run.done, run.total, run.refused, run.what);
    }

    private void page(
            Run run, List<FailedTask> tasks, FailedQuery query, Function<FailedTask, CompletionStage<Boolean>> verb) {
        List<CompletionStage<Boolean>> asked = new ArrayList<>(tasks.size());
        tasks.stream().filter(query::matches).forEach(task -> asked.add(verb.apply(task)));
        for (CompletionStage<Boolean> answer : asked) {
            try {
                run.done += Await.on(answer, timeout, run.what + " failed tasks") ? 1 : 0;
            } catch (RefusedException e) {
                run.refused++;
                run.trouble = Shown.line(String.valueOf(e.getMessage()));
            }
        }
    }

    void stop() {
        last.get().ifPresent(run -> run.stop = true);
    }

    Optional<Map<String, @Nullable Object>> state() {
        return last.get().map(Run::shown);
    }
}
