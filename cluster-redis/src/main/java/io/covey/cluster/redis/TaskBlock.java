package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.RefusedException;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Dedupe;
import io.covey.cluster.spi.TaskBroker.NewTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tasks on their way to a queue, as add.lua reads them: a block of keys and one of arguments. */
final class TaskBlock {
    static final long REMEMBERED = Duration.ofHours(24).toMillis();
    private static final int LONGEST_ID = 512;
    static final int LONGEST_KEY = 512;

    private final TaskKeys keys;
    private final TaskKeys.Queue queue;
    private final boolean own;
    private final List<String> names = new ArrayList<>();
    private final List<Object> args = new ArrayList<>();

    private TaskBlock(TaskKeys keys, String queue, Kind kind) {
        this.keys = keys;
        this.queue = keys.queue(queue);
        this.own = kind == Kind.OWN;
    }

    /**
     * @param kind what the queue is taken for
     * @param prefix what the ids of tasks without one begin with; a dot and their number follow
     * @param first the number of the first task
     * @throws RefusedException if a queue of this kind cannot carry what a task asks for
     * @throws IllegalArgumentException if there is something wrong with a task
     */
    static TaskBlock of(TaskKeys keys, String queue, Kind kind, String prefix, int first, List<NewTask> tasks) {
        TaskBlock block = new TaskBlock(keys, queue, kind);
        boolean rich = tasks.stream().anyMatch(TaskBlock::isRich);
        block.head(tasks.size(), rich);
        for (int i = 0; i < tasks.size(); i++) {
            NewTask task = tasks.get(i);
            block.check(task);
            String id = rich || block.own ? task.id().orElse(prefix + "." + (first + i)) : "";
            block.add(task, id, rich);
        }
        return block;
    }

    /** Tasks in the bytes that they had before, all with their keys and locks or all without. */
    static TaskBlock again(TaskKeys keys, String queue, List<FailedList.Again> tasks, boolean rich) {
        TaskBlock block = new TaskBlock(keys, queue, Kind.OWN);
        block.head(tasks.size(), rich);
        for (FailedList.Again task : tasks) {
            block.args.add(task.job());
            if (rich) {
                block.again(task.own().orElseThrow());
            }
        }
        return block;
    }

    private void again(Content.Readable task) {
        args.add((task.key().isPresent() ? "k" : "") + (task.unique().isPresent() ? "w" : ""));
        task.key().ifPresent(args::add);
        task.unique().ifPresent(unique -> {
            TaskLock lock = TaskLock.of(keys, queue.name(), unique, task);
            args.addAll(List.of(lock.field(), lock.holder(), Times.millis(unique.longest())));
        });
    }

    private void head(int count, boolean rich) {
        names.add(queue.list());
        names.add(queue.clock());
        args.add(queue.name());
        args.add(count);
        args.add(rich ? "r" : "p");
        if (rich) {
            names.addAll(List.of(
                    queue.raw(),
                    queue.meta(),
                    queue.delayed(),
                    queue.keyed(),
                    queue.fair(),
                    queue.parked(),
                    queue.locks()));
        }
    }

    /** Whether tasks carry what only a queue of ours can. */
    static boolean needsOwn(List<NewTask> tasks) {
        return tasks.stream()
                .anyMatch(task -> !task.headers().isEmpty() || task.key().isPresent());
    }

    List<String> names() {
        return names;
    }

    List<Object> args() {
        return args;
    }

    private static boolean isRich(NewTask task) {
        return task.id().isPresent()
                || task.due().isPresent()
                || task.key().isPresent()
                || task.dedupe().isPresent();
    }

    private void check(NewTask task) {
        if (!own && (!task.headers().isEmpty() || task.key().isPresent())) {
            throw new RefusedException("Queue " + queue.name() + " is of kind SHARED, whose tasks carry no "
                    + (task.key().isPresent() ? "key" : "headers") + ": task " + task.type()
                    + " is refused, nothing was added; set the queue's kind to OWN");
        }
        task.id().ifPresent(id -> length("id", id, LONGEST_ID));
        task.key().ifPresent(key -> {
            length("key", key, LONGEST_KEY);
            if (key.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("A task's key must have no control characters");
            }
        });
    }

    private static void length(String what, String value, int longest) {
        if (value.isEmpty() || value.length() > longest) {
            throw new IllegalArgumentException(
                    "A task's " + what + " must have 1 to " + longest + " characters, had " + value.length());
        }
    }

    private void add(NewTask task, String id, boolean rich) {
        Optional<Dedupe.Unique> unique =
                task.dedupe().filter(Dedupe.Unique.class::isInstance).map(Dedupe.Unique.class::cast);
        args.add(
                own
                        ? ResqueJob.write(
                                queue.name(),
                                task.type(),
                                task.args(),
                                id,
                                Headers.of(task.headers(), task.key(), unique))
                        : ResqueJob.write(queue.name(), task.type(), task.args()));
        if (!rich) {
            return;
        }
        int at = args.size();
        StringBuilder letters = new StringBuilder();
        task.id().ifPresent(given -> {
            letters.append('i');
            names.add(queue.marker(given));
            long early = task.due()
                    .map(due -> Duration.between(Instant.now(), due).toMillis())
                    .orElse(0L);
            args.add(REMEMBERED + (own ? Math.max(0, early) : 0));
        });
        task.due().ifPresent(due -> due(due, task, letters));
        task.key().ifPresent(key -> {
            letters.append('k');
            args.add(key);
        });
        unique.ifPresent(lock -> lock(lock, task, id, letters));
        if (task.dedupe().orElse(null) instanceof Dedupe.Debounce debounce) {
            letters.append('q');
            args.add(debounce.key()
                    .map(key -> "qk" + checked("debounce key", key))
                    .orElse("qd" + task.type()));
            args.add(millis("quiet", debounce.quiet()));
        }
        args.add(at, letters.toString());
    }

    private void due(Instant due, NewTask task, StringBuilder letters) {
        if (own) {
            letters.append('t');
            args.add(Times.ceilMillis(due));
            return;
        }
        // never early: a second is only due when it has begun
        String second = Long.toString(due.getEpochSecond() + (due.getNano() > 0 ? 1 : 0));
        letters.append('d');
        names.add(keys.delayed(second));
        names.add(keys.timestamps(new String(ResqueJob.write(queue.name(), task.type(), task.args()), UTF_8)));
        args.add(second);
    }

    /**
     * node-resque's scheduler would drop a delayed task whose own lock stands when it is due: a delayed one takes ours alone,
     * but neither is taken while the other is held.
     */
    private void lock(Dedupe.Unique unique, NewTask task, String id, StringBuilder letters) {
        unique.key().ifPresent(key -> checked("unique key", key));
        TaskLock lock = TaskLock.of(
                keys,
                queue.name(),
                unique.key(),
                task.type(),
                new String(ResqueJob.canonicalArgs(queue.name(), task.type(), task.args()), UTF_8),
                own ? Optional.of(id) : Optional.empty());
        long longest = millis("longest", unique.longest());
        if (lock.mutex().isEmpty() || task.due().isPresent()) {
            letters.append('u');
            args.add(lock.field());
            args.add(lock.holder().isEmpty() ? id : lock.holder());
            args.add(longest);
            lock.mutex().ifPresent(key -> {
                letters.append('m');
                names.add(key);
            });
        } else {
            letters.append("vl");
            args.add(lock.field());
            names.add(lock.mutex().get());
            args.add((longest + 999) / 1000);
        }
    }

    private static String checked(String what, String value) {
        length(what, value, LONGEST_KEY);
        return value;
    }

    private static long millis(String what, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(what + " must be longer than nothing, was " + time);
        }
        return Times.millis(time);
    }
}
