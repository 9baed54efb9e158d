package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What goes to enqueue.lua and what comes back. */
final class EnqueueScript {
    private static final Script SCRIPT = Script.of("task/enqueue");
    private static final long REMEMBERED = Duration.ofHours(24).toMillis();
    private static final int LONGEST_ID = 512;
    private static final Status[] STATUS = Status.values();

    private final TaskKeys keys;

    EnqueueScript(TaskKeys keys) {
        this.keys = keys;
    }

    Script.Call call(String queue, Call call, List<NewTask> tasks) {
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("There must be at least one task to enqueue to queue " + queue);
        }
        TaskKeys.Queue its = keys.queue(queue);
        List<String> names = new ArrayList<>(List.of(its.list(), its.lanes(), keys.queues(), keys.schedule()));
        List<Object> jobs = new ArrayList<>(tasks.size());
        List<Object> times = new ArrayList<>();
        StringBuilder kinds = new StringBuilder(tasks.size());
        boolean plain = true;
        for (NewTask task : tasks) {
            byte[] job = ResqueJob.write(queue, task.type(), task.args());
            jobs.add(job);
            task.id().ifPresent(id -> names.add(its.marker() + checked(id)));
            if (task.due().isPresent()) {
                Instant due = task.due().get();
                // never early: a second is only due when it has begun
                String second = Long.toString(due.getEpochSecond() + (due.getNano() > 0 ? 1 : 0));
                names.add(keys.delayed(second));
                names.add(keys.timestamps(new String(job, UTF_8)));
                times.add(second);
            }
            char kind = task.due().isPresent()
                    ? (task.id().isPresent() ? 'e' : 'd')
                    : (task.id().isPresent() ? 'i' : 'n');
            plain &= kind == 'n';
            kinds.append(kind);
        }
        List<Object> args = new ArrayList<>(5 + jobs.size() + times.size());
        args.add(call.lane());
        args.add(call.seq());
        args.add(queue);
        args.add(REMEMBERED);
        args.add(plain ? "" : kinds.toString());
        args.addAll(jobs);
        args.addAll(times);
        return SCRIPT.call(names, args.toArray());
    }

    private static String checked(String id) {
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw new IllegalArgumentException(
                    "A task's id must have 1 to " + LONGEST_ID + " characters, had " + id.length());
        }
        return id;
    }

    static Enqueued answer(Call call, List<NewTask> tasks, List<Object> reply) {
        Status status = STATUS[(int) Replies.number(reply.get(0))];
        List<String> receipts = new ArrayList<>(tasks.size());
        List<Boolean> accepted = new ArrayList<>(tasks.size());
        if (status == Status.OK || status == Status.REPLAY) {
            String codes = Replies.text(reply.get(1));
            for (int i = 0; i < tasks.size(); i++) {
                receipts.add(tasks.get(i).id().orElse(call.lane() + "." + call.seq() + "." + (i + 1)));
                accepted.add(codes.isEmpty() || codes.charAt(i) == '1');
            }
        }
        return new Enqueued(status, receipts, accepted);
    }
}
