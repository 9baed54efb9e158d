package io.covey.cluster.spi;

import io.covey.cluster.RefusedException;
import io.covey.cluster.spi.TaskBroker.Release;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Settings of queues, and what changes tasks that nobody runs. Every call may be repeated: a second has no further effect. */
public interface QueueControl {

    /** How many failed tasks {@link #retryAll} and {@link #dropAll} are given at most. */
    int MOST_LISTED = 250;

    /**
     * The settings of a queue.
     *
     * @param queue the queue
     * @return what was set, else the defaults
     */
    CompletionStage<QueueSettings> settings(String queue);

    /**
     * Changes the settings of a queue, in one step.
     *
     * @param queue the queue
     * @param change is given what is set and returns what shall be; may be called more than once
     * @return what is set now. Fails with a {@link io.covey.cluster.RefusedException} if the kind would change while the
     *     queue has tasks; delayed ones count where the backend counts them by queue
     */
    CompletionStage<QueueSettings> change(String queue, UnaryOperator<QueueSettings> change);

    /**
     * Wants a task to be stopped. One that nobody runs is removed, and on a queue of kind {@link QueueSettings.Kind#OWN} the
     * lock that it holds is freed. One that is leased is named by every beat of its owner
     * until it is settled, or for a day.
     *
     * @param queue where it is
     * @param id the task, as its producer knows it, or as its lease names it
     * @return what could be done
     */
    CompletionStage<Cancelled> cancel(String queue, String id);

    /**
     * Removes waiting tasks by their content, as it stands in the queue of an id-less kind. Not those that wait for a retry
     * or were given back.
     *
     * @param queue the queue, of kind {@link QueueSettings.Kind#SHARED}
     * @param type their type
     * @param args their arguments, a JSON array in UTF-8
     * @return how many
     */
    CompletionStage<Long> remove(String queue, String type, byte[] args);

    /**
     * Removes waiting tasks of a type: those in the queue, not delayed ones. Looks at each task that waits.
     *
     * @param queue the queue
     * @param type their type
     * @return how many
     */
    CompletionStage<Long> removeType(String queue, String type);

    /**
     * Removes delayed tasks by their content.
     *
     * @param queue the queue
     * @param type their type
     * @param args their arguments, a JSON array in UTF-8
     * @return how many
     */
    CompletionStage<Long> removeDelayed(String queue, String type, byte[] args);

    /**
     * When tasks of some content are due.
     *
     * @param queue the queue
     * @param type their type
     * @param args their arguments, a JSON array in UTF-8
     * @return the times, ascending
     */
    CompletionStage<List<Instant>> delayedAt(String queue, String type, byte[] args);

    /**
     * Puts tasks that wait to run again, last tries too, and those that wait for a retry, back among the waiting, for workers
     * of other makes: a fleet of ours that leaves for good. What they had of attempts is forgotten. Waiting tasks that the
     * backend had put aside, to serve their keys in turn, go back too. Keys of tasks that were given back may no longer
     * count, neither for their turn nor for limits. On a queue of kind SHARED debounced tasks that wait for quiet go where
     * delayed ones are, for the schedulers of all fleets: they run at the time that they have now, and none replaces them.
     *
     * @param queue the queue
     * @return how many were put back
     */
    CompletionStage<Long> giveBack(String queue);

    /**
     * Who has a lease in a queue, and what is left of it, in time that goes on only while somebody keeps the queue in order.
     *
     * @param queue the queue
     * @return by owner; some may hold nothing any more
     */
    CompletionStage<Map<String, Duration>> leases(String queue);

    /**
     * Frees the lock of a unique task at its start.
     *
     * @param queue the queue
     * @param release which lock
     * @return when done
     */
    CompletionStage<Void> release(String queue, Release release);

    /**
     * Adds a failed task to its queue again, as a new one, and takes it out of the failed ones, in one step where the
     * backend can. On a queue of kind OWN a unique task takes its lock again; while another has that, it is added without.
     *
     * @param task as it was listed
     * @return false if it is no longer among the failed ones; nothing was added then
     */
    CompletionStage<Boolean> retry(FailedTask task);

    /**
     * Takes a failed task out of the failed ones.
     *
     * @param task as it was listed
     * @return false if it is no longer among them
     */
    CompletionStage<Boolean> drop(FailedTask task);

    /**
     * As {@link #retry} for many, where the backend can faster than one after the other: it need not look for them. None is
     * added without being taken out, or the other way round; some may be when it fails.
     *
     * @param listed which, {@link #MOST_LISTED} at most
     * @return how many were there, and what was refused and stays
     */
    default CompletionStage<Changed> retryAll(List<Listed> listed) {
        return Changed.oneByOne(listed, this::retry);
    }

    /**
     * As {@link #drop} for many, where the backend can faster than one after the other: it need not look for them.
     *
     * @param listed which, {@link #MOST_LISTED} at most
     * @return how many were there
     */
    default CompletionStage<Changed> dropAll(List<Listed> listed) {
        return Changed.oneByOne(listed, this::drop);
    }

    /**
     * Takes the lock by which workers of other makes see that a task of this type and these arguments runs (node-resque's
     * JobLock). The same holder may take it again.
     *
     * @param queue the queue, of kind {@link QueueSettings.Kind#SHARED}
     * @param type the task's type
     * @param args its arguments, a JSON array in UTF-8
     * @param holder who runs it, {@code [A-Za-z0-9_.:-]{1,200}}
     * @param longest it is free after this time at the latest; backends may round up to a second
     * @return false if another holds it
     */
    default CompletionStage<Boolean> lockRun(String queue, String type, byte[] args, String holder, Duration longest) {
        return CompletableFuture.failedStage(new RefusedException(
                "This transport has no locks of running tasks, task " + type + " of queue " + queue + " is refused"));
    }

    /**
     * Frees what {@link #lockRun} took, if it is still the holder's.
     *
     * @param queue the queue
     * @param type the task's type
     * @param args its arguments
     * @param holder who ran it
     * @param done whether the task is done: what workers of other makes keep of its failed attempts (node-resque's Retry) is
     *     forgotten then
     * @return when done
     */
    default CompletionStage<Void> unlockRun(String queue, String type, byte[] args, String holder, boolean done) {
        return CompletableFuture.completedStage(null);
    }

    /**
     * A failed task and where it was.
     *
     * @param task as it was listed
     * @param place how many older ones there were, see {@link TaskInspector#failed}; a hint, that may be wrong by now
     */
    record Listed(FailedTask task, long place) {}

    /**
     * What became of many failed tasks.
     *
     * @param count how many were there, and are not any more
     * @param refused why some could not be run again, one for each; they stay
     */
    record Changed(long count, List<RefusedException> refused) {

        /**
         * Nothing yet.
         *
         * @return none
         */
        public static Changed none() {
            return new Changed(0, List.of());
        }

        /**
         * Both together.
         *
         * @param other what became of others
         * @return the sum
         */
        public Changed and(Changed other) {
            List<RefusedException> both = new ArrayList<>(refused);
            both.addAll(other.refused);
            return new Changed(count + other.count, List.copyOf(both));
        }

        /**
         * Does it for each.
         *
         * @param listed which
         * @param verb what is done with one, and whether it was there
         * @return what became of them; fails as the verb does, but not if that refuses some
         */
        public static CompletionStage<Changed> oneByOne(
                List<Listed> listed, Function<FailedTask, CompletionStage<Boolean>> verb) {
            CompletionStage<Changed> sum = CompletableFuture.completedStage(none());
            for (Listed one : listed) {
                CompletionStage<Changed> answer =
                        Await.caught(() -> verb.apply(one.task())).handle(Changed::of);
                sum = sum.thenCombine(answer, Changed::and);
            }
            return sum;
        }

        private static Changed of(@Nullable Boolean done, @Nullable Throwable thrown) {
            Throwable cause = thrown == null ? null : Await.unwrap(thrown);
            if (cause instanceof RefusedException refused) {
                return new Changed(0, List.of(refused));
            }
            if (cause != null) {
                throw new CompletionException(cause);
            }
            return new Changed(Boolean.TRUE.equals(done) ? 1 : 0, List.of());
        }
    }

    /** What became of a wish to stop a task. */
    enum Cancelled {
        /** It waited and is gone. */
        REMOVED,
        /** It is leased: its owner hears of it. */
        TOLD,
        /** There is no such task; or it waits on a queue whose kind knows no ids. It is stopped if it is leased within a day. */
        UNKNOWN
    }
}
