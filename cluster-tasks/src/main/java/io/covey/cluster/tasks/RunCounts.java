package io.covey.cluster.tasks;

import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.tasks.WorkedQueue.Ended;
import io.covey.cluster.tasks.WorkerListener.Ran;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells who counts runs of each once, and of many at a time: threads that count one by one are in each other's way. */
final class RunCounts {
    private final Events events;
    private final WorkerTime time;

    RunCounts(Events events, WorkerTime time) {
        this.events = events;
        this.time = time;
    }

    /** The backend has answered to their ends. */
    void settled(List<Ended> ended, List<Settled> answers) {
        if (!events.countsRuns() || ended.isEmpty()) {
            return;
        }
        long now = time.nanos();
        List<Ran> runs = new ArrayList<>(ended.size());
        for (int i = 0; i < ended.size(); i++) {
            TaskRun run = ended.get(i).run();
            boolean done = answers.get(i) == Settled.DONE
                    && ended.get(i).outcome() instanceof Outcome.Done
                    && !run.discarded();
            add(run.ran(done, now), runs);
        }
        events.ran(runs);
    }

    /** The backend will not answer to their ends any more. */
    void unsettled(Collection<TaskRun> held) {
        if (!events.countsRuns()) {
            return;
        }
        long now = time.nanos();
        List<Ran> runs = new ArrayList<>();
        held.forEach(run -> add(run.ran(false, now), runs));
        events.ran(runs);
    }

    /** Its end is not to be told, since it is another's. */
    void untold(TaskRun run, long took, boolean returned) {
        if (events.countsRuns()) {
            List<Ran> runs = new ArrayList<>(1);
            add(run.ran(took, returned, false, time.nanos()), runs);
            events.ran(runs);
        }
    }

    private static void add(@Nullable Ran ran, List<Ran> runs) {
        if (ran != null) {
            runs.add(ran);
        }
    }
}
