package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Moves a portion of the tasks delayed to one second to their queues. */
final class PromoteStep implements UpkeepRun.Step {
    private static final Script SCRIPT = Script.of("task/promote");
    private static final long FIRST_BAD = -3;
    /** Stands for failed among the names of queues, which are never empty. */
    private static final String FAILED = "";

    private static final String UNDELIVERABLE = "UndeliverableTask";

    private final UpkeepRun run;
    private final String second;
    private final List<byte[]> jobs;
    private final Set<String> bad;
    /** The places of the lists that the tasks go to. */
    private final Map<String, Integer> targets = new LinkedHashMap<>();

    private final List<Object> given = new ArrayList<>();
    private final List<String> timestamps = new ArrayList<>();
    private final List<Parked> parked = new ArrayList<>();

    /** One that goes to failed. */
    private record Parked(String queue, String reason) {}

    /**
     * @param jobs the first tasks of that second; none to ask which they are
     * @param bad queues that cannot take tasks
     */
    PromoteStep(UpkeepRun run, String second, List<byte[]> jobs, Set<String> bad) {
        this.run = run;
        this.second = second;
        this.jobs = jobs;
        this.bad = bad;
        jobs.forEach(this::add);
    }

    private void add(byte[] raw) {
        ResqueJob job = ResqueJob.read(raw);
        String queue = job.queue();
        boolean moves = queue != null && isName(queue) && !bad.contains(queue);
        given.add(raw);
        given.add(targets.computeIfAbsent(moves ? queue : FAILED, name -> targets.size() + 1));
        given.add(moves ? "" : failed(job.content(), queue));
        timestamps.add(run.keys().timestamps(new String(raw, UTF_8)));
    }

    private static boolean isName(String queue) {
        try {
            Names.check("queue", queue);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private byte[] failed(Content content, @Nullable String queue) {
        String why = queue == null
                ? "it names no queue"
                        + (content instanceof Content.Unreadable unreadable ? " (" + unreadable.reason() + ")" : "")
                : bad.contains(queue)
                        ? "its queue " + queue + " is kept by another fleet as something that is no list"
                        : "its queue is named \"" + Names.printable(queue) + "\"";
        String message = "Cannot be moved to a queue when due: " + why;
        parked.add(new Parked(queue == null ? "" : queue, UNDELIVERABLE + ": " + message));
        return FailedEntry.write(
                queue == null ? "" : queue,
                new Failure(
                        content,
                        UNDELIVERABLE,
                        message,
                        List.of(),
                        run.keys().lockValue(),
                        Instant.ofEpochSecond(Long.parseLong(second))));
    }

    @Override
    public Script.Call call() {
        TaskKeys keys = run.keys();
        List<String> names = new ArrayList<>(List.of(
                keys.delayed(second),
                keys.schedule(),
                keys.queues(),
                keys.leaderLock(),
                keys.masterLock(),
                keys.stat("failed")));
        List<Object> args = new ArrayList<>(List.of(second, keys.lockValue(), targets.size()));
        for (String queue : targets.keySet()) {
            names.add(queue.equals(FAILED) ? keys.failed() : keys.queue(queue).list());
            args.add(queue);
        }
        names.addAll(timestamps);
        args.addAll(given);
        return SCRIPT.call(names, args.toArray());
    }

    @Override
    public List<UpkeepRun.Step> next(List<Object> reply) {
        long moved = Replies.number(reply.get(0));
        if (moved <= FIRST_BAD) {
            String list = List.copyOf(targets.keySet()).get((int) (FIRST_BAD - moved));
            Set<String> more = new HashSet<>(bad);
            more.add(list);
            return list.equals(FAILED) ? List.of() : List.of(new PromoteStep(run, second, jobs, more));
        }
        if (moved > 0) {
            targets.keySet().stream()
                    .filter(queue -> !queue.equals(FAILED))
                    .forEach(queue -> run.happened(TaskEvent.Kind.PROMOTED, queue, "", ""));
            parked.forEach(one -> run.parked(one.queue(), one.reason()));
        }
        List<byte[]> rest =
                Replies.list(reply.get(1)).stream().map(Replies::bytes).toList();
        return moved < 0 || rest.isEmpty() ? List.of() : List.of(new PromoteStep(run, second, rest, bad));
    }

    /** As much as there is: it has a time of its own. */
    @Override
    public boolean goesOn() {
        return true;
    }
}
