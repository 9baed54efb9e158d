package io.covey.cluster.tck;

import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskBroker.Dedupe.Unique;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Makes tasks for {@link RandomSteps}, with ids, and keys and locks if they may have them, and tells the {@link Ledger}. */
final class RandomTasks {
    private static final int IDS = 80;
    private static final int KEYS = 3;
    private static final int LOCKS = 6;
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Random random;
    private final Ledger ledger;
    private final boolean features;
    private final Set<String> ids = new HashSet<>();
    private int numbers;

    RandomTasks(Random random, Ledger ledger, boolean features) {
        this.random = random;
        this.ledger = ledger;
        this.features = features;
    }

    int made() {
        return numbers;
    }

    /** Tasks whose arguments are their numbers. */
    List<NewTask> some(String queue) {
        List<NewTask> tasks = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            Draft draft = Draft.of("t").args("[" + (++numbers) + "]");
            if (random.nextInt(4) == 0) {
                draft = draft.id(queue + random.nextInt(IDS));
            }
            if (features && random.nextInt(4) == 0) {
                String lock = "lock" + random.nextInt(LOCKS);
                draft = draft.unique(lock, random.nextBoolean() ? Until.DONE : Until.STARTED, LONGEST);
            }
            if (ledger.limits.of(queue).kind() == Kind.OWN && random.nextInt(3) > 0) {
                draft = draft.key("k" + random.nextInt(KEYS));
            }
            tasks.add(draft.task());
        }
        return tasks;
    }

    /** What became of some. */
    void judged(String queue, List<NewTask> tasks, Enqueued answer) {
        for (int i = 0; i < tasks.size(); i++) {
            NewTask made = tasks.get(i);
            boolean accepted = answer.accepted().get(i);
            if (made.id().isPresent() && ids.contains(made.id().get())) {
                Ledger.check(!accepted, made.id() + " was added twice");
                continue;
            }
            LedgerTask task = new LedgerTask(Ledger.number(made.args()), queue);
            task.key = made.key().orElse("");
            if (ledger.limits.of(queue).kind() == Kind.OWN) {
                task.publicId = answer.receipts().get(i);
            }
            if (made.dedupe().isPresent() && made.dedupe().get() instanceof Unique unique) {
                task.lock = queue + "/" + unique.key().orElseThrow();
                task.until = unique.until();
                ledger.locks.judged(task, accepted);
            } else {
                Ledger.check(accepted, task + " was not accepted");
            }
            if (accepted) {
                made.id().ifPresent(ids::add);
                ledger.enqueued(task);
            }
        }
    }

    /** What a settlement has to free. */
    Optional<Release> release(Lease lease) {
        LedgerTask task = ledger.of(lease);
        return task == null || task.until != Until.DONE ? Optional.empty() : Optional.of(release(task, lease));
    }

    static Release release(LedgerTask task, Lease lease) {
        String key = task.lock.substring(task.lock.indexOf('/') + 1);
        return new Release(Optional.of(key), (Readable) lease.content());
    }
}
