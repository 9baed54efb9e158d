package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker.Batch;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Producers of {@link RandomSteps}: those of ours, on lanes, and those of other makes. */
final class RandomPosts {
    private static final Pattern NUMBER = Pattern.compile("\"args\":\\[(\\d+)]");

    private final RandomScene scene;
    private final RandomTasks tasks;
    private final Map<String, Posted> posted = new HashMap<>();
    private final List<Posted> older = new ArrayList<>();

    private record Posted(Call call, List<Batch> batches, List<Enqueued> answers) {}

    RandomPosts(RandomScene scene, RandomTasks tasks) {
        this.scene = scene;
        this.tasks = tasks;
    }

    void one() {
        to(scene.any(RandomScene.QUEUES));
    }

    void to(String queue) {
        post(List.of(batch(queue)));
    }

    /** To several queues in one step. */
    void together() {
        List<Batch> batches = new ArrayList<>();
        int first = scene.random.nextInt(RandomScene.QUEUES.size());
        for (int i = 0; i < RandomScene.QUEUES.size(); i++) {
            batches.add(batch(RandomScene.QUEUES.get((first + i) % RandomScene.QUEUES.size())));
        }
        post(batches);
    }

    private Batch batch(String queue) {
        return new Batch(queue, tasks.some(queue));
    }

    private void post(List<Batch> batches) {
        String lane = "producer" + scene.random.nextInt(2);
        String step = batches.get(0).queue() + lane;
        Posted last = posted.get(step);
        Call call = new Call(lane, last == null ? 1 : last.call.seq() + 1);
        Posted post = new Posted(call, batches, new ArrayList<>());
        scene.trace("enqueue " + describe(post) + " up to " + tasks.made());
        Instant then = scene.now();
        post.answers.addAll(send(post));
        Instant now = scene.now();
        for (int i = 0; i < batches.size(); i++) {
            Enqueued answer = post.answers.get(i);
            scene.trace("  -> " + answer.accepted());
            Ledger.check(answer.status() == Status.OK, "enqueue was " + answer);
            tasks.judged(batches.get(i).queue(), batches.get(i).tasks(), answer, then, now);
        }
        if (last != null) {
            older.add(last);
        }
        posted.put(step, post);
    }

    private List<Enqueued> send(Posted post) {
        Batch first = post.batches.get(0);
        return post.batches.size() == 1
                ? List.of(TransportContract.on(scene.broker().enqueue(first.queue(), post.call, first.tasks())))
                : TransportContract.on(scene.broker().enqueueAll(post.call, post.batches));
    }

    /** The last step of a lane once more, or a late copy of an earlier one. */
    void again() {
        boolean late = scene.random.nextBoolean() && !older.isEmpty();
        if (!late && posted.isEmpty()) {
            return;
        }
        Posted post = scene.any(late ? older : List.copyOf(posted.values()));
        scene.trace("enqueue " + (late ? "late copy " : "again ") + describe(post));
        List<Enqueued> answers = send(post);
        for (int i = 0; i < answers.size(); i++) {
            Enqueued first = post.answers.get(i);
            Enqueued answer = answers.get(i);
            Ledger.check(answer.status() == (late ? Status.STALE : Status.REPLAY), "was " + answer);
            Ledger.check(
                    late
                            || answer.receipts().equals(first.receipts())
                                    && answer.accepted().equals(first.accepted()),
                    "the answer was " + first + ", again it is " + answer);
        }
    }

    /** A producer or a worker of another make; nothing where none can come in. */
    void foreign(LedgerChanges judge) {
        String queue = scene.any(RandomScene.QUEUES);
        if (scene.random.nextBoolean()) {
            pop(queue, judge);
        } else {
            String shared = RandomScene.QUEUES.get(0);
            scene.trace("push to " + shared + " " + (tasks.made() + 1));
            tasks.foreign(scene.harness, shared);
        }
    }

    private void pop(String queue, LedgerChanges judge) {
        scene.harness.popRaw(queue).ifPresent(raw -> {
            String text = new String(raw, UTF_8);
            scene.trace("pop of " + queue + " " + text);
            Matcher number = NUMBER.matcher(text);
            Ledger.check(number.find(), "no task of ours: " + text);
            LedgerTask task = scene.ledger.numbered(Integer.parseInt(number.group(1)));
            Ledger.check(task != null && task.queue.equals(queue), text + " is no task of " + queue);
            judge.popped(task);
        });
    }

    private static String describe(Posted post) {
        return post.call + " "
                + post.batches.stream()
                        .map(batch -> batch.queue() + " " + batch.tasks().size())
                        .toList();
    }
}
