package io.covey.cluster.redis;

import io.covey.cluster.spi.TaskBroker.TaskEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A portion of one queue's reaping and sweeping. */
final class TidyStep implements UpkeepRun.Step {
    private static final Script SCRIPT = Script.of("task/upkeep", "gaps", "task/lib");
    private static final long SILENT_LANE = Duration.ofHours(1).toMillis();
    private static final long SWEEP = Duration.ofMinutes(1).toMillis();
    private static final int OVERDUE = 2;

    private final UpkeepRun run;
    private final TaskKeys.Queue queue;
    private final boolean overdue;

    TidyStep(UpkeepRun run, TaskKeys.Queue queue) {
        this(run, queue, false);
    }

    /** {@code overdue}: what owners held whose lease is over is being looked for. */
    private TidyStep(UpkeepRun run, TaskKeys.Queue queue, boolean overdue) {
        this.run = run;
        this.queue = queue;
        this.overdue = overdue;
    }

    @Override
    public boolean goesOn() {
        return overdue;
    }

    @Override
    public Script.Call call() {
        return SCRIPT.call(queue.full(), run.gap(), run.maxDeliveries(), SILENT_LANE, SWEEP);
    }

    @Override
    public List<UpkeepRun.Step> next(List<Object> reply) {
        List<Object> moved = Replies.list(reply.get(1));
        for (int i = 0; i < moved.size(); i += 3) {
            TaskEvent.Kind kind = switch (Replies.text(moved.get(i))) {
                case "dead" -> TaskEvent.Kind.POISONED;
                case "last" -> TaskEvent.Kind.LAST_TRY;
                case "gone", "half" -> TaskEvent.Kind.DAMAGED;
                default -> TaskEvent.Kind.REDO;
            };
            run.happened(kind, queue.name(), Replies.text(moved.get(i + 1)), Replies.text(moved.get(i + 2)));
        }
        List<UpkeepRun.Step> next = new ArrayList<>();
        List<Object> dead = Replies.list(reply.get(2));
        if (!dead.isEmpty() || Replies.number(reply.get(3)) > 0) {
            next.add(new DrainStep(run, queue, dead, Replies.number(reply.get(4))));
        }
        long more = Replies.number(reply.get(0));
        if (more > 0) {
            next.add(new TidyStep(run, queue, more == OVERDUE));
        }
        return next;
    }
}
