package io.covey.cluster.micrometer;

import io.covey.cluster.tasks.WorkerListener.Ran;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is counted of the runs of a type in a queue. Thread-safe. */
final class RunMeters {
    private final Counter started;
    private final Timer returned;
    private final Timer threw;
    private final Counter done;
    private final Supplier<Timer> waits;
    /** Made when first a task tells since when it waits; made twice it is the same. */
    private volatile @Nullable Timer waited;

    RunMeters(Counter started, Timer returned, Timer threw, Counter done, Supplier<Timer> waits) {
        this.started = started;
        this.returned = returned;
        this.threw = threw;
        this.done = done;
        this.waits = waits;
    }

    /** So many have run, and of so many the tasks are done. */
    void add(int runs, int tasksDone) {
        started.increment(runs);
        if (tasksDone > 0) {
            done.increment(tasksDone);
        }
    }

    /** One has run. */
    void took(Ran run, long nowMillis) {
        (run.returned() ? returned : threw).record(run.nanos(), TimeUnit.NANOSECONDS);
        Map<String, String> headers = run.task().headers();
        if (!headers.isEmpty() && run.task().attempt() == 1) {
            String since = headers.get(TaskMetrics.ENQUEUED);
            if (since != null) {
                waited(since, nowMillis - TimeUnit.NANOSECONDS.toMillis(run.age()));
            }
        }
    }

    private void waited(String since, long startedMillis) {
        try {
            long millis = startedMillis - Long.parseLong(since);
            timer().record(Math.max(0, millis), TimeUnit.MILLISECONDS);
        } catch (NumberFormatException e) {
            // Another's header of this name.
        }
    }

    private Timer timer() {
        Timer known = waited;
        if (known == null) {
            known = waits.get();
            waited = known;
        }
        return known;
    }
}
