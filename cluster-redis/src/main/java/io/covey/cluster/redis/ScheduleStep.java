package io.covey.cluster.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Looks whether delayed tasks are due, and leads resque's schedulers if so. */
final class ScheduleStep implements UpkeepRun.Step {
    private static final Script SCRIPT = Script.of("task/schedule");
    private static final long LEAD = Duration.ofSeconds(180).toMillis();
    private static final int TIMES = 20;

    private final UpkeepRun run;

    ScheduleStep(UpkeepRun run) {
        this.run = run;
    }

    @Override
    public Script.Call call() {
        TaskKeys keys = run.keys();
        return SCRIPT.call(
                List.of(keys.leaderLock(), keys.masterLock(), keys.schedule()), keys.lockValue(), LEAD, TIMES);
    }

    @Override
    public List<UpkeepRun.Step> next(List<Object> reply) {
        List<UpkeepRun.Step> next = new ArrayList<>();
        reply.forEach(second -> next.add(new PromoteStep(run, Replies.text(second), List.of(), Set.of())));
        return next;
    }
}
