package io.covey.cluster.spi;

import io.covey.cluster.spi.TaskBroker.NewTask;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Recurring tasks. The store knows when each is due next and moves on in one step with adding the task, so that any number of
 * schedulers may try; what the definition means is theirs to know.
 */
public interface ScheduleStore {

    /**
     * Declares a recurring task. The same definition again changes nothing, not its due time either. Its queue is among
     * {@link TaskInspector#names} from then on.
     *
     * @param queue where its tasks go
     * @param name names it in its queue, {@code [A-Za-z0-9_.:-]{1,128}}
     * @param definition what it is, up to 64 KiB
     * @param next when it is due, rounded up to the millisecond
     * @return whether anything changed
     * @throws IllegalArgumentException if the name does not match or the definition is too long
     */
    CompletionStage<Boolean> put(String queue, String name, byte[] definition, Instant next);

    /**
     * Ends a recurring task for good.
     *
     * @param queue its queue
     * @param name its name
     * @return false if there is none
     */
    CompletionStage<Boolean> remove(String queue, String name);

    /**
     * The recurring tasks of queues.
     *
     * @param queues which
     * @return by queue and name
     */
    CompletionStage<List<Schedule>> list(Set<String> queues);

    /**
     * Those that are due, by the backend's clock.
     *
     * @param queues which
     * @return the longest due first, perhaps not all
     */
    default CompletionStage<Due> due(Set<String> queues) {
        return due(queues, 0);
    }

    /**
     * Those that are due, by the backend's clock, but not the first.
     *
     * @param queues which
     * @param skip how many of each queue's to leave out, the longest due: those that the caller could not move on
     * @return the longest due first, perhaps not all; none if there are no more
     */
    CompletionStage<Due> due(Set<String> queues, int skip);

    /**
     * Moves a recurring task on and adds what it has to run, in one step, if nobody else did. Repeatable: a second has no
     * effect. Of the tasks those are added whose ids are new and of which there is none alike, as for
     * {@link TaskBroker#enqueue}; if one of them is refused, nothing moves.
     *
     * @param schedule as it was due
     * @param next when it is due again, rounded up to the millisecond; empty ends it
     * @param tasks what is to run, perhaps nothing
     * @return whether this call did it
     */
    CompletionStage<Boolean> tick(Schedule schedule, Optional<Instant> next, List<NewTask> tasks);

    /**
     * A recurring task.
     *
     * @param queue where its tasks go
     * @param name names it in its queue
     * @param definition what it is
     * @param next when it is due, to the millisecond
     */
    record Schedule(String queue, String name, byte[] definition, Instant next) {}

    /**
     * What is due.
     *
     * @param schedules those
     * @param now by the backend's clock
     */
    record Due(List<Schedule> schedules, Instant now) {}
}
