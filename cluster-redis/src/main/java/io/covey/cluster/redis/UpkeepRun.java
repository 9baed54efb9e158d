package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisError;
import io.covey.cluster.redis.driver.RedisErrorException;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One upkeep of some queues: rounds of scripts, each round one trip for all queues, the next for what the last has found.
 * What is too much for one upkeep is left for the next.
 */
final class UpkeepRun {
    private static final int ROUNDS = 25;
    private static final long LONGEST = Duration.ofSeconds(1).toNanos();

    private final Redis redis;
    private final TaskKeys keys;
    private final long gap;
    private final int maxDeliveries;
    private final long until = System.nanoTime() + LONGEST;
    private final Set<TaskEvent> events = new LinkedHashSet<>();
    private final List<TaskEvent> parked = new ArrayList<>();
    private @Nullable RedisError failed;

    UpkeepRun(Redis redis, TaskKeys keys, long gap, int maxDeliveries) {
        this.redis = redis;
        this.keys = keys;
        this.gap = gap;
        this.maxDeliveries = maxDeliveries;
    }

    /** A piece of work: a script, and what its reply leads to. */
    interface Step {
        Script.Call call();

        /**
         * @param reply what the script answered
         * @return what is to be done next
         */
        List<Step> next(List<Object> reply);

        /** Whether it goes on while time is left, however many rounds there were. */
        default boolean goesOn() {
            return false;
        }
    }

    TaskKeys keys() {
        return keys;
    }

    long gap() {
        return gap;
    }

    int maxDeliveries() {
        return maxDeliveries;
    }

    void happened(TaskEvent.Kind kind, String queue, String task, String owner) {
        events.add(new TaskEvent(kind, queue, task, owner));
    }

    /** A task that has no id: of several all count. */
    void parked(String queue, String reason) {
        parked.add(new TaskEvent(TaskEvent.Kind.PARKED, queue, "", "", reason));
    }

    CompletionStage<List<TaskEvent>> start(Set<String> queues) {
        List<Step> steps = new ArrayList<>();
        queues.forEach(queue -> steps.add(new TidyStep(this, keys.queue(queue))));
        steps.add(new ScheduleStep(this));
        return round(steps, ROUNDS);
    }

    private CompletionStage<List<TaskEvent>> round(List<Step> found, int left) {
        boolean inTime = System.nanoTime() - until < 0;
        List<Step> steps = left > 0
                ? found
                : found.stream().filter(step -> inTime && step.goesOn()).toList();
        if (steps.isEmpty()) {
            return failed == null
                    ? CompletableFuture.completedStage(
                            Stream.concat(events.stream(), parked.stream()).toList())
                    : CompletableFuture.failedStage(new RedisErrorException(failed));
        }
        return redis.runAll(steps.stream().map(Step::call).toList()).thenCompose(replies -> {
            List<Step> next = new ArrayList<>();
            for (int i = 0; i < replies.size(); i++) {
                if (replies.get(i) instanceof RedisError error) {
                    failed = error;
                } else {
                    next.addAll(steps.get(i).next(Replies.list(replies.get(i))));
                }
            }
            return round(next, left - 1);
        });
    }
}
