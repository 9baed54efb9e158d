package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskBroker.Dedupe.Debounce;
import io.covey.cluster.spi.TaskBroker.Dedupe.Unique;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Release;
import io.covey.cluster.tck.LedgerTask.Place;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** Makes tasks for {@link RandomSteps}, with ids, and keys and locks if they may have them, and tells the {@link Ledger}. */
final class RandomTasks {
    private static final int IDS = 80;
    private static final int KEYS = 3;
    private static final int LOCKS = 6;
    private static final int MOST_DELAY = 1500;
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Random random;
    private final Ledger ledger;
    private final boolean features;
    private final Supplier<Instant> clock;
    private final Map<String, LedgerTask> lastQuiet = new HashMap<>();
    private final Set<String> ids = new HashSet<>();
    private int numbers;

    RandomTasks(RandomScene scene, boolean features) {
        this.random = scene.random;
        this.ledger = scene.ledger;
        this.clock = scene::now;
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
            Draft draft =
                    Draft.of(features && random.nextInt(4) == 0 ? "u" : "t").args("[" + (++numbers) + "]");
            if (random.nextInt(4) == 0) {
                draft = draft.id(queue + random.nextInt(IDS));
            }
            tasks.add((features ? featured(queue, draft) : draft).task());
        }
        return tasks;
    }

    /** Without ids and locks; they are not added yet. */
    List<NewTask> plain(String queue, int count) {
        List<NewTask> plain = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Draft draft = Draft.of("t").args("[" + (++numbers) + "]");
            boolean keyed = ledger.limits.of(queue).kind() == Kind.OWN && random.nextBoolean();
            plain.add((keyed ? draft.key("k" + random.nextInt(KEYS)) : draft).task());
        }
        return plain;
    }

    /** Those were added, by what tells nobody their ids. */
    void added(String queue, List<NewTask> plain) {
        for (NewTask made : plain) {
            LedgerTask task = new LedgerTask(Ledger.number(made.args()), queue);
            task.key = made.key().orElse("");
            if (ledger.limits.of(queue).kind() == Kind.OWN) {
                task.publicId = LedgerTask.ANOTHER;
            }
            ledger.enqueued(task);
        }
    }

    private Draft featured(String queue, Draft plain) {
        boolean keyed = ledger.limits.of(queue).kind() == Kind.OWN && random.nextInt(3) > 0;
        Draft draft = keyed ? plain.key("k" + random.nextInt(KEYS)) : plain;
        int dice = random.nextInt(24);
        if (dice < 6) {
            String lock = "lock" + random.nextInt(LOCKS);
            draft = draft.unique(lock, random.nextBoolean() ? Until.DONE : Until.STARTED, LONGEST);
        } else if (dice < 8) {
            String lock = "throttle" + random.nextInt(KEYS);
            draft = draft.unique(lock, Until.EXPIRY, Duration.ofMillis(50 + random.nextInt(1000)));
        } else if (dice < 10) {
            return draft.debounce("quiet" + random.nextInt(KEYS), Duration.ofMillis(10 + random.nextInt(600)));
        }
        return random.nextInt(6) == 0 ? draft.due(clock.get().plusMillis(random.nextInt(MOST_DELAY))) : draft;
    }

    /** One that a producer of another make adds, if there is a way in for it. */
    void foreign(TransportHarness harness, String queue) {
        LedgerTask task = new LedgerTask(++numbers, queue);
        String job = "{\"class\":\"t\",\"queue\":\"" + queue + "\",\"args\":[" + task.number + "]}";
        if (harness.pushRaw(queue, job.getBytes(UTF_8))) {
            ledger.reached("push");
            ledger.enqueued(task);
        }
    }

    /** What became of some that were added at some time from then till now. */
    void judged(String queue, List<NewTask> tasks, Enqueued answer, Instant then, Instant now) {
        for (int i = 0; i < tasks.size(); i++) {
            NewTask made = tasks.get(i);
            boolean accepted = answer.accepted().get(i);
            if (made.id().isPresent() && ids.contains(made.id().get())) {
                Ledger.check(!accepted, made.id() + " was added twice");
                continue;
            }
            LedgerTask task = new LedgerTask(Ledger.number(made.args()), queue);
            task.type = made.type();
            task.key = made.key().orElse("");
            if (ledger.limits.of(queue).kind() == Kind.OWN) {
                task.publicId = answer.receipts().get(i);
            }
            made.due().ifPresent(due -> delayed(task, due));
            if (made.dedupe().orElse(null) instanceof Unique unique) {
                task.lock = queue + "/" + unique.key().orElseThrow();
                task.until = unique.until();
                task.longest = unique.longest();
                if (task.until == Until.EXPIRY) {
                    ledger.locks.throttled(task, accepted, then, now);
                } else {
                    ledger.locks.judged(task, accepted);
                }
            } else {
                Ledger.check(accepted, task + " was not accepted");
            }
            if (made.dedupe().orElse(null) instanceof Debounce debounce) {
                debounced(task, queue + "/" + debounce.key().orElseThrow());
                delayed(task, then.plus(debounce.quiet()));
            }
            if (accepted) {
                made.id().ifPresent(ids::add);
                ledger.enqueued(task);
            }
        }
    }

    private static void delayed(LedgerTask task, Instant due) {
        task.place = Place.DELAYED;
        // Backends count in milliseconds.
        task.due = due.truncatedTo(ChronoUnit.MILLIS);
    }

    /** The one before it never runs, unless it has started. */
    private void debounced(LedgerTask task, String quiet) {
        task.quiet = quiet;
        LedgerTask before = lastQuiet.put(quiet, task);
        if (before != null && before.place == Place.DELAYED && !before.quiet.isEmpty()) {
            ledger.reached("debounced");
            ledger.end(before, Place.REMOVED);
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
