package io.covey.cluster.spi;

import io.covey.cluster.RefusedException;
import io.covey.cluster.Registration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Queues of tasks, claimed with a lease and a fence. An accepted task is in exactly one state at any time: waiting,
 * delayed, leased, waiting for a retry, waiting to run again, done or failed. At least once: a task runs again only if
 * the owner of its lease died or was silent for longer than the lease; one settlement of a task is accepted.
 *
 * <p><b>Every call may be repeated.</b> Each carries a {@link Call}; after a lost answer the caller sends the same again,
 * verbatim, until it has an answer. A call that is refused ({@link io.covey.cluster.RefusedException}) took no step on its
 * lane and may be sent again when the reason is gone. Lanes are per queue: the same lane name may be used with several queues, each
 * counting for itself.
 *
 * <p><b>Leases run on a virtual clock</b>, one for each queue: a silence of everybody (the backend was away or stopped,
 * all workers were cut off, its clock jumped) ends no lease. Workers of one queue may have different leases: the shortest
 * that may still run says which silence is one.
 *
 * <p><b>Fences</b> of one queue strictly grow from claim to claim, also when the backend fails over; the tasks of one
 * claim may share one. They are positive and below 2^53.
 */
public interface TaskBroker {

    /** The most tasks that one call may enqueue, claim, settle or hold. */
    int MOST = 200;

    /**
     * Adds tasks to one queue, all or none, in order.
     *
     * @param queue the queue
     * @param call for repeats
     * @param tasks at most {@link #MOST}
     * @return what became of each
     */
    CompletionStage<Enqueued> enqueue(String queue, Call call, List<NewTask> tasks);

    /**
     * Adds tasks to several queues, all or none. The step belongs to the lane of the first queue.
     *
     * @param call for repeats
     * @param batches at most one for each queue, {@link #MOST} tasks together
     * @return what became of each batch, in their order; fails with a {@link io.covey.cluster.RefusedException} that names
     *     two of the queues if the backend cannot add to both in one step
     */
    default CompletionStage<List<Enqueued>> enqueueAll(Call call, List<Batch> batches) {
        if (batches.size() == 1) {
            Batch only = batches.get(0);
            return enqueue(only.queue(), call, only.tasks()).thenApply(List::of);
        }
        return CompletableFuture.failedStage(new RefusedException("This transport adds to one queue at a time, not to "
                + batches.get(0).queue() + " and " + batches.get(1).queue() + " in one step; nothing was added"));
    }

    /**
     * One trip of a worker to several queues: for each, first settles what is finished, then claims what is asked for. For
     * each queue the two are atomic by themselves and happen in this order; queues are independent.
     *
     * @param turns at most one for each queue
     * @return one answer for each turn, in their order
     */
    CompletionStage<List<TurnAnswer>> turn(List<Turn> turns);

    /**
     * Renews the leases of an owner. What was taken for lost meanwhile but not claimed by another becomes the owner's
     * again, unless a limit of the queue or of the task's key leaves no place for it by then: it is lost, waits on, and can
     * still be settled late.
     *
     * @param owner who holds
     * @param lease for how long from now
     * @param held what the owner holds, at most {@link #MOST} for each queue
     * @return what is lost, and what shall be stopped; fails if one of the queues could not be served, so that who holds
     *     tasks of several had better ask for each queue by itself
     */
    CompletionStage<BeatAnswer> beat(String owner, Duration lease, List<Held> held);

    /**
     * What the backend takes an owner to hold in a queue, a page at a time: also what it does not know of any more, since a
     * failover has undone the end of it. What comes or goes meanwhile may be in a page or not; a task may be in two.
     *
     * @param owner who holds
     * @param queue where
     * @param cursor where to go on, empty to begin
     * @return those that it claimed last; what was taken for lost since and not claimed by another may be among them. Empty
     *     if this backend never undoes what it acknowledged
     */
    default CompletionStage<Page<Held>> holdings(String owner, String queue, Optional<String> cursor) {
        return CompletableFuture.completedStage(new Page<>(List.of(), Optional.empty()));
    }

    /**
     * Keeps queues in order: gives back what dead owners held, moves what is due, ends what has killed too many owners.
     * Every worker calls it about once a second; any number may at once.
     *
     * @param queues which
     * @param lease the lease that the workers of these queues use
     * @param maxDeliveries a task whose owners died this many times is failed instead of being run again; its last try
     *     is only handed to an owner that asks for it alone
     * @return what happened
     */
    CompletionStage<List<TaskEvent>> upkeep(Set<String> queues, Duration lease, int maxDeliveries);

    /**
     * Hears that a queue may have work. A hint: it may come without cause, and a caller polls besides (once a second),
     * but where the backend can it comes as soon as anybody enqueues, producers of other makes included.
     *
     * @param queues which
     * @param hint is given the queue's name, on a thread of the transport
     * @return ends the listening
     */
    Registration watch(Set<String> queues, Consumer<String> hint);

    /**
     * Gives up the connections that tasks go over and makes new ones: asked by a worker that does not get on though its
     * connections look alive. Calls in flight may fail as on any lost connection, also those of others who share them. Returns
     * at once. Does nothing where there are no connections.
     */
    default void reconnect() {
        // no connections
    }

    /**
     * Looks into the queues.
     *
     * @return the inspector
     */
    TaskInspector inspector();

    /**
     * Settings of queues, and what changes waiting tasks.
     *
     * @return empty if this backend has none of it
     */
    default Optional<QueueControl> control() {
        return Optional.empty();
    }

    /**
     * What is kept of a task beside it: results, progress, effects done.
     *
     * @return empty if this backend has none of it
     */
    default Optional<TaskNotes> notes() {
        return Optional.empty();
    }

    /**
     * Recurring tasks.
     *
     * @return empty if this backend has none of it
     */
    default Optional<ScheduleStore> schedules() {
        return Optional.empty();
    }

    /**
     * Who works.
     *
     * @return empty if this backend has none of it
     */
    default Optional<WorkerRegistry> workers() {
        return Optional.empty();
    }

    /**
     * A task to be added. A backend that cannot keep what it asks for refuses it whole: with a
     * {@link io.covey.cluster.RefusedException} that names the setting to change.
     *
     * @param type what is to be done; {@code [A-Za-z0-9_.:-]{1,128}}
     * @param args a JSON array in UTF-8
     * @param id given by the caller: within 24 hours a second task of this id is not added; empty for none
     * @param due when it may run, empty for now; backends may round up to a second
     * @param headers travel with the task; only on a queue of kind {@link QueueSettings.Kind#OWN}
     * @param key whose task it is: keys are served in turn and may be limited each for itself; only on a queue of kind
     *     {@link QueueSettings.Kind#OWN}
     * @param dedupe what is to be done about tasks like it; what is debounced cannot be due at a time
     */
    record NewTask(
            String type,
            byte[] args,
            Optional<String> id,
            Optional<Instant> due,
            Map<String, String> headers,
            Optional<String> key,
            Optional<Dedupe> dedupe) {

        /**
         * Copies the headers.
         *
         * @throws IllegalArgumentException if a debounced task is to have a time of its own
         */
        public NewTask {
            if (due.isPresent() && dedupe.orElse(null) instanceof Dedupe.Debounce) {
                throw new IllegalArgumentException("A task of type " + type
                        + " is debounced: its time is when it was quiet, it cannot be due at " + due.get());
            }
            headers = Map.copyOf(headers);
        }

        /**
         * Without headers, key and rule for tasks like it.
         *
         * @param type what is to be done
         * @param args a JSON array in UTF-8
         * @param id given by the caller
         * @param due when it may run
         */
        public NewTask(String type, byte[] args, Optional<String> id, Optional<Instant> due) {
            this(type, args, id, due, Map.of(), Optional.empty(), Optional.empty());
        }
    }

    /**
     * Tasks for one queue.
     *
     * @param queue the queue
     * @param tasks in order
     */
    record Batch(String queue, List<NewTask> tasks) {}

    /** What is to be done about tasks alike: of the same key in one queue. */
    sealed interface Dedupe {

        /**
         * While a lock is held, further tasks of its key are not added.
         *
         * @param key names what is alike; empty for the type with its arguments
         * @param until what frees it
         * @param longest it is free after this time at the latest
         */
        record Unique(Optional<String> key, Until until, Duration longest) implements Dedupe {}

        /**
         * The task runs when no further one of its key was added for a time; each replaces the one before, which never
         * runs. What has started is not replaced.
         *
         * @param key names what is alike; empty for the type
         * @param quiet how long
         */
        record Debounce(Optional<String> key, Duration quiet) implements Dedupe {}

        /** What frees the lock of a unique task. */
        enum Until {
            /** Its {@link Outcome.Done} or {@link Outcome.Fail}, see {@link Settlement#release}. */
            DONE,
            /** Its start, see {@link QueueControl#release}. */
            STARTED,
            /** Only time. */
            EXPIRY
        }
    }

    /**
     * Frees the lock of a unique task.
     *
     * @param key as it was given in {@link Dedupe.Unique}; empty for the type with its arguments
     * @param content the task
     */
    record Release(Optional<String> key, Content content) {}

    /**
     * The answer to a beat.
     *
     * @param lost of what was held: another has it, or it is gone
     * @param cancelled which of what was held and is not lost somebody wants to be stopped: its id as its producer knows it,
     *     see {@link Content.Readable#id}, or that of its lease
     */
    record BeatAnswer(Set<Held> lost, Set<String> cancelled) {

        /** Copies the components. */
        public BeatAnswer {
            lost = Set.copyOf(lost);
            cancelled = Set.copyOf(cancelled);
        }
    }

    /**
     * What became of an enqueue.
     *
     * @param status OK or REPLAY if the tasks were judged, else nothing was added
     * @param receipts for each task: the id given, or a receipt that names it
     * @param accepted for each task: false if its id was known or another is like it, so that it was not added
     */
    record Enqueued(Status status, List<String> receipts, List<Boolean> accepted) {}

    /** How a call was taken. */
    enum Status {
        /** Done now. */
        OK,
        /** It was done before, this is the answer again. */
        REPLAY,
        /** A late copy of an earlier call; nothing was done. */
        STALE,
        /**
         * The backend does not know the lane although the call is not its first: it gave this process up, or lost its
         * data. Nothing was done. The caller goes on with a new lane.
         */
        UNKNOWN
    }

    /**
     * One queue's part of a trip.
     *
     * @param queue the queue
     * @param call for repeats; covers settlements and claim together
     * @param owner who claims; a process incarnation, {@code [A-Za-z0-9_.:-]{1,150}}
     * @param lease for how long what is claimed is held
     * @param maxDeliveries as for {@link #upkeep}
     * @param settlements what is finished, at most {@link #MOST}
     * @param limit how many to claim at most, up to {@link #MOST}; 0 only looks
     * @param solo the owner holds nothing else: it may be handed one task that is on its last try, alone
     */
    record Turn(
            String queue,
            Call call,
            String owner,
            Duration lease,
            int maxDeliveries,
            List<Settlement> settlements,
            int limit,
            boolean solo) {}

    /**
     * The answer to a turn.
     *
     * @param status how the call was taken
     * @param settled one for each settlement, in their order; empty if the status is STALE or UNKNOWN
     * @param leases what was claimed; in a replay those of them that are still the owner's
     * @param state the queue afterwards
     * @param rolledBack the backend does not know of the step right before this one: it has lost the last of what it
     *     acknowledged, as a failover may. What the steps since settled is to be settled again: what it does know of is
     *     refused then. Only told to who counts steps by one
     */
    record TurnAnswer(Status status, List<Settled> settled, List<Lease> leases, QueueState state, boolean rolledBack) {

        /**
         * Of a backend that knows of the step before.
         *
         * @param status how the call was taken
         * @param settled one for each settlement
         * @param leases what was claimed
         * @param state the queue afterwards
         */
        public TurnAnswer(Status status, List<Settled> settled, List<Lease> leases, QueueState state) {
            this(status, settled, leases, state, false);
        }
    }

    /**
     * A queue as a worker sees it.
     *
     * @param ready how many tasks could be claimed now, last tries not counted; 0 while the queue is paused or its limits
     *     are reached
     * @param lastTries how many wait to be run alone
     * @param epoch changes when the backend's data was lost or replaced
     * @param pause how long a setting or a limit keeps the queue from handing out more although it has some; zero if none does.
     *     An estimate: others may be faster, settlements may end it sooner
     * @param cancelling whether somebody wants tasks of this queue to be stopped: a beat tells which
     */
    record QueueState(long ready, long lastTries, String epoch, Duration pause, boolean cancelling) {

        /**
         * Of a queue without pause, limits and tasks to be stopped.
         *
         * @param ready how many tasks could be claimed now
         * @param lastTries how many wait to be run alone
         * @param epoch changes when the backend's data was lost or replaced
         */
        public QueueState(long ready, long lastTries, String epoch) {
            this(ready, lastTries, epoch, Duration.ZERO, false);
        }
    }

    /**
     * A claimed task.
     *
     * @param queue the queue
     * @param id names the task from now on, also over retries
     * @param content what is to be done
     * @param fence grows from claim to claim
     * @param deliveries how many owners were handed this task since the last orderly settlement, this one included
     * @param attempt how many times it was handed out, this one included, those given back not counted
     * @param earlier the attempts before this one, the oldest first, of which the last {@link EarlierAttempt#MOST} are kept;
     *     none by a broker without {@link #control} that keeps none
     */
    record Lease(
            String queue,
            String id,
            Content content,
            long fence,
            int deliveries,
            int attempt,
            List<EarlierAttempt> earlier) {

        /**
         * Of a task that had no attempt before.
         *
         * @param queue the queue
         * @param id names the task from now on
         * @param content what is to be done
         * @param fence grows from claim to claim
         * @param deliveries how many owners were handed this task
         * @param attempt how many times it was handed out
         */
        public Lease(String queue, String id, Content content, long fence, int deliveries, int attempt) {
            this(queue, id, content, fence, deliveries, attempt, List.of());
        }

        /**
         * What names this lease when it is renewed.
         *
         * @return queue, id and fence
         */
        public Held held() {
            return new Held(queue, id, fence);
        }
    }

    /** What a task holds. */
    sealed interface Content {

        /**
         * A task that could be read.
         *
         * @param type what is to be done
         * @param args a JSON array in UTF-8
         * @param id by which its producer knows it; empty where the queue's kind is {@link QueueSettings.Kind#SHARED}: only
         *     its lease names it then
         * @param headers what travels with it
         * @param key whose task it is
         * @param unique the lock that it holds, if the queue's kind can tell
         */
        record Readable(
                String type,
                byte[] args,
                Optional<String> id,
                Map<String, String> headers,
                Optional<String> key,
                Optional<Dedupe.Unique> unique)
                implements Content {

            /** Copies the headers. */
            public Readable {
                headers = Map.copyOf(headers);
            }

            /**
             * Nothing but type and arguments.
             *
             * @param type what is to be done
             * @param args a JSON array in UTF-8
             */
            public Readable(String type, byte[] args) {
                this(type, args, Optional.empty(), Map.of(), Optional.empty(), Optional.empty());
            }
        }

        /**
         * Bytes that somebody put into the queue and that are no task.
         *
         * @param raw the bytes
         * @param reason why they could not be read, in one line
         */
        record Unreadable(byte[] raw, String reason) implements Content {}
    }

    /**
     * What an owner holds.
     *
     * @param queue the queue
     * @param id the task
     * @param fence of the claim
     */
    record Held(String queue, String id, long fence) {}

    /**
     * What becomes of a claimed task.
     *
     * @param id the task
     * @param fence of the claim
     * @param outcome how it ended
     * @param release the lock that the task holds until it is done; freed if this settlement is accepted and ends the task
     */
    record Settlement(String id, long fence, Outcome outcome, Optional<Release> release) {

        /**
         * Of a task that holds no lock.
         *
         * @param id the task
         * @param fence of the claim
         * @param outcome how it ended
         */
        public Settlement(String id, long fence, Outcome outcome) {
            this(id, fence, outcome, Optional.empty());
        }
    }

    /** How an attempt ended. */
    sealed interface Outcome {

        /**
         * It is done.
         *
         * @param result to be kept as a note of the task, by the id its producer knows; needs
         *     {@link TaskBroker#notes}
         */
        record Done(Optional<Result> result) implements Outcome {

            /** Done, without a result. */
            public Done() {
                this(Optional.empty());
            }
        }

        /**
         * It shall run again.
         *
         * @param delay not before this time from now
         * @param error why, made one line as {@link EarlierAttempt#error} is, as which it is kept
         */
        record Retry(Duration delay, String error) implements Outcome {

            /** Makes one line of the error. */
            public Retry {
                error = EarlierAttempt.line(error);
            }

            /**
             * Nobody says why.
             *
             * @param delay not before this time from now
             */
            public Retry(Duration delay) {
                this(delay, "");
            }
        }

        /**
         * It has failed for good.
         *
         * @param failure why
         */
        record Fail(Failure failure) implements Outcome {}

        /** It is given back unstarted or interrupted by a stop: it may run at once, and this attempt does not count. */
        record Release() implements Outcome {}
    }

    /**
     * What a task has come to.
     *
     * @param id the task as its producer knows it
     * @param bytes the result
     * @param keep for how long
     * @param note the name of the note: {@link TaskNotes#RESULT}, or {@link TaskNotes#FAILURE} of a task that was dropped
     */
    record Result(String id, byte[] bytes, Duration keep, String note) {

        /**
         * Of a task that was done.
         *
         * @param id the task as its producer knows it
         * @param bytes the result
         * @param keep for how long
         */
        public Result(String id, byte[] bytes, Duration keep) {
            this(id, bytes, keep, TaskNotes.RESULT);
        }
    }

    /**
     * Why a task failed. The failed task keeps its content.
     *
     * @param content what was to be done
     * @param exception the kind of error, a class name
     * @param message its text
     * @param backtrace where, line by line
     * @param worker who ran it
     * @param at when, by the backend's clock
     * @param task its id; empty if it had none
     * @param attempts how many runs it had, 0 if unknown
     * @param earlier those before the last as far as they are known, the oldest first
     */
    record Failure(
            Content content,
            String exception,
            String message,
            List<String> backtrace,
            String worker,
            Instant at,
            String task,
            int attempts,
            List<EarlierAttempt> earlier) {
        private static final int MOST_NOTED = 64 << 10;

        /**
         * Of a task whose id and runs are not known.
         *
         * @param content what was to be done
         * @param exception the kind of error
         * @param message its text
         * @param backtrace where
         * @param worker who ran it
         * @param at when
         */
        public Failure(
                Content content, String exception, String message, List<String> backtrace, String worker, Instant at) {
            this(content, exception, message, backtrace, worker, at, "", 0, List.of());
        }

        /**
         * What is noted of it as {@link TaskNotes#FAILURE}.
         *
         * @return the exception and the message, of each as much as fits in 64 KiB
         */
        public byte[] note() {
            return (shortened(exception) + "\n" + shortened(message)).getBytes(StandardCharsets.UTF_8);
        }

        private static String shortened(String text) {
            return text.substring(0, Math.min(text.length(), MOST_NOTED));
        }
    }

    /** Whether a settlement was accepted. */
    enum Settled {
        /** It was. */
        DONE,
        /** The task was claimed again since: this fence is old. */
        FENCED,
        /** There is no such task: it was settled before; or the same batch named it before. */
        UNKNOWN
    }

    /**
     * Something that {@link #upkeep} did.
     *
     * @param kind what
     * @param queue where
     * @param task to which task, empty if to none
     * @param owner who held it, empty if nobody
     * @param reason why, in one line, empty if the kind says it
     */
    record TaskEvent(Kind kind, String queue, String task, String owner, String reason) {

        /**
         * An event whose kind says why.
         *
         * @param kind what
         * @param queue where
         * @param task to which task, empty if to none
         * @param owner who held it, empty if nobody
         */
        public TaskEvent(Kind kind, String queue, String task, String owner) {
            this(kind, queue, task, owner, "");
        }

        /** What can happen. More may come. */
        public enum Kind {
            /** An owner died: its task runs again. */
            REDO,
            /** An owner died: its task waits to be run alone, for the last time. */
            LAST_TRY,
            /** A task killed too many owners and has failed. */
            POISONED,
            /** Something of a task was missing where the backend keeps it: it is dropped, or has failed if its content was left. */
            DAMAGED,
            /** Delayed tasks became ready. */
            PROMOTED,
            /** A delayed task that was due, of another fleet, could not become ready and has failed; one event for each. */
            PARKED
        }
    }
}
