package io.covey.cluster.redis;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Result;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskNotes;
import java.util.ArrayList;
import java.util.List;

/** What turn.lua does along with a settlement if that is accepted: keeps a result, frees a lock, forgets a wish to stop it. */
final class TurnRiders {
    private final TaskKeys keys;
    private final TaskKeys.Queue queue;
    private final List<String> extra = new ArrayList<>();
    private final List<Object> args = new ArrayList<>();

    TurnRiders(TaskKeys keys, String queue) {
        this.keys = keys;
        this.queue = keys.queue(queue);
    }

    /**
     * @param number of the settlement, from 1, as the script counts
     * @param settlement what may ask for something
     */
    void add(int number, Settlement settlement) {
        if (settlement.outcome() instanceof Outcome.Done done) {
            done.result().ifPresent(result -> {
                keep(number, result);
                rider(number, "c", result.id(), "", "");
            });
        } else if (settlement.outcome() instanceof Outcome.Fail fail) {
            rider(number, "c", settlement.id(), "", "");
            if (fail.failure().content() instanceof Content.Readable task) {
                task.id().ifPresent(id -> {
                    rider(number, "c", id, "", "");
                    keep(number, new Result(id, fail.failure().note(), TaskNotes.FAILURE_KEPT, TaskNotes.FAILURE));
                });
            }
        } else {
            return;
        }
        settlement
                .release()
                .flatMap(release -> TaskLock.of(keys, queue.name(), release))
                .ifPresent(lock -> {
                    rider(number, "u", lock.field(), lock.holder(), "");
                    lock.mutex().ifPresent(mutex -> rider(number, "k", key(mutex), "", ""));
                });
    }

    private void keep(int number, Result result) {
        RedisTaskNotes.size(result.note(), result.id(), result.bytes());
        rider(number, "n", key(queue.note(result.id(), result.note())), result.bytes(), Times.millis(result.keep()));
    }

    /** The number of one more key. */
    private int key(String name) {
        extra.add(name);
        return queue.full().size() + extra.size();
    }

    private void rider(Object... words) {
        args.addAll(List.of(words));
    }

    List<Object> args() {
        return args;
    }

    /**
     * The keys of the script.
     *
     * @param all whether the queue needs them all
     */
    List<String> names(boolean all) {
        if (args.isEmpty()) {
            return all ? queue.full() : queue.all();
        }
        List<String> names = new ArrayList<>(queue.full());
        names.addAll(extra);
        return names;
    }
}
