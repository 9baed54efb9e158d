package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Moves a portion of the tasks delayed to one second to their queues. */
final class PromoteStep implements UpkeepRun.Step {
    private static final Script SCRIPT = Script.of("task/promote");
    private static final long FIRST_BAD = -2;

    private final UpkeepRun run;
    private final String second;
    private final List<byte[]> jobs;
    private final Set<Integer> bad;
    private final List<Object> args = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final Set<String> targets = new LinkedHashSet<>();

    /**
     * @param jobs the first tasks of that second; none to ask which they are
     * @param bad the positions of those whose queues cannot take them
     */
    PromoteStep(UpkeepRun run, String second, List<byte[]> jobs, Set<Integer> bad) {
        this.run = run;
        this.second = second;
        this.jobs = jobs;
        this.bad = bad;
        TaskKeys keys = run.keys();
        names.addAll(
                List.of(keys.delayed(second), keys.schedule(), keys.queues(), keys.leaderLock(), keys.masterLock()));
        args.add(second);
        args.add(keys.lockValue());
        for (int i = 0; i < jobs.size(); i++) {
            add(keys, jobs.get(i), bad.contains(i));
        }
    }

    private void add(TaskKeys keys, byte[] raw, boolean refused) {
        ResqueJob job = ResqueJob.read(raw);
        String queue = job.queue();
        args.add(raw);
        if (!refused && queue != null && isName(queue)) {
            names.add(keys.queue(queue).list());
            args.add(queue);
            args.add("");
            targets.add(queue);
        } else {
            names.add(keys.failed());
            args.add("");
            args.add(failed(job.content(), queue, refused));
        }
        names.add(keys.timestamps(new String(raw, UTF_8)));
    }

    private static boolean isName(String queue) {
        try {
            Names.check("queue", queue);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private byte[] failed(Content content, @Nullable String queue, boolean refused) {
        String why = refused
                ? "its queue " + queue + " is kept by another fleet as something that is no list"
                : queue == null ? "it names no queue" : "its queue is named \"" + Names.printable(queue) + "\"";
        return FailedEntry.write(
                queue == null ? "" : queue,
                new Failure(
                        content,
                        "UndeliverableTask",
                        "Cannot be moved to a queue when due: " + why,
                        List.of(),
                        run.keys().lockValue(),
                        Instant.ofEpochSecond(Long.parseLong(second))));
    }

    @Override
    public Script.Call call() {
        return SCRIPT.call(names, args.toArray());
    }

    @Override
    public List<UpkeepRun.Step> next(List<Object> reply) {
        long moved = Replies.number(reply.get(0));
        if (moved <= FIRST_BAD - 1) {
            Set<Integer> more = new HashSet<>(bad);
            more.add((int) (FIRST_BAD - 1 - moved));
            return List.of(new PromoteStep(run, second, jobs, more));
        }
        if (moved > 0) {
            targets.forEach(queue -> run.happened(TaskEvent.Kind.PROMOTED, queue, "", ""));
        }
        List<byte[]> rest =
                Replies.list(reply.get(1)).stream().map(Replies::bytes).toList();
        return moved < 0 || rest.isEmpty() ? List.of() : List.of(new PromoteStep(run, second, rest, Set.of()));
    }
}
