package io.covey.cluster.tasks;

import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.TaskNotes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes how far tasks are: for each at most once in the time of a beat, the newest wins. */
final class ProgressWriter {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration KEEP = Duration.ofHours(1);

    /** What one run said; guarded by itself. */
    private static final class Said {
        private TaskProgress newest;
        private boolean written;
        private boolean underWay;
        private long writtenAt;

        Said(TaskProgress newest) {
            this.newest = newest;
        }
    }

    private final Optional<TaskNotes> notes;
    private final WorkerTime time;
    private final Map<TaskRun, Said> runs = new ConcurrentHashMap<>();

    ProgressWriter(Optional<TaskNotes> notes, WorkerTime time) {
        this.notes = notes;
        this.time = time;
    }

    /** For all threads. */
    void say(TaskRun run, TaskProgress progress) {
        if (notes.isEmpty() || run.ended()) {
            return;
        }
        Said first = new Said(progress);
        Said said = runs.computeIfAbsent(run, absent -> first);
        if (said != first) {
            synchronized (said) {
                said.newest = progress;
                said.written = false;
            }
        }
        write(run, said, said == first);
        if (run.ended()) {
            runs.remove(run);
        }
    }

    /** Once a beat. */
    void beat() {
        runs.keySet().removeIf(TaskRun::ended);
        runs.forEach((run, said) -> write(run, said, false));
    }

    /** Before it is settled: its last words, on the way in front of its end. */
    void ended(TaskRun run) {
        if (!runs.isEmpty()) {
            Said said = runs.remove(run);
            if (said != null) {
                write(run, said, true);
            }
        }
    }

    private void write(TaskRun run, Said said, boolean now) {
        TaskProgress progress;
        synchronized (said) {
            boolean due = now || !said.underWay && time.nanos() - said.writtenAt >= time.beat();
            if (said.written || !due) {
                return;
            }
            said.written = true;
            said.underWay = true;
            said.writtenAt = time.nanos();
            progress = said.newest;
        }
        Await.caught(() -> notes.orElseThrow()
                        .put(run.lease().held(), run.id(), TaskNotes.PROGRESS, progress.toBytes(), KEEP))
                .whenComplete((taken, thrown) -> {
                    synchronized (said) {
                        said.underWay = false;
                    }
                    if (thrown != null) {
                        LOG.debug("The progress of {} was not written: {}", run.ref(), Brokers.reason(thrown));
                    }
                });
    }
}
