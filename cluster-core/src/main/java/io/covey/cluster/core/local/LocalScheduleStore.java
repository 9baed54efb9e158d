package io.covey.cluster.core.local;

import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.ScheduleStore;
import io.covey.cluster.spi.TaskBroker.NewTask;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Recurring tasks, as one connection sees them. */
final class LocalScheduleStore implements ScheduleStore {
    private static final int MOST_BYTES = 64 << 10;
    private static final Comparator<Schedule> BY_NAME =
            Comparator.comparing(Schedule::queue).thenComparing(Schedule::name);

    private final LocalTransport transport;
    private final TaskSpace space;

    LocalScheduleStore(LocalTransport transport, TaskSpace space) {
        this.transport = transport;
        this.space = space;
    }

    @Override
    public CompletionStage<Boolean> put(String queue, String name, byte[] definition, Instant next) {
        return transport.call(() -> {
            Names.check("recurring task", name);
            if (definition.length > MOST_BYTES) {
                throw new IllegalArgumentException("The definition of recurring task " + name + " of queue " + queue
                        + " has " + definition.length + " bytes, the limit is " + MOST_BYTES);
            }
            return space.queue(queue).schedule(schedules -> schedules.put(name, definition, next));
        });
    }

    @Override
    public CompletionStage<Boolean> remove(String queue, String name) {
        return transport.call(() -> space.queue(queue).schedule(schedules -> schedules.remove(name)));
    }

    @Override
    public CompletionStage<List<Schedule>> list(Set<String> queues) {
        return transport.call(() -> all(queues, BY_NAME, Schedules::all));
    }

    @Override
    public CompletionStage<Due> due(Set<String> queues, int skip) {
        return transport.call(() -> {
            Instant now = space.clock().instant();
            return new Due(
                    all(queues, Comparator.comparing(Schedule::next).thenComparing(BY_NAME), its -> its.due(now, skip)),
                    now);
        });
    }

    private List<Schedule> all(
            Set<String> queues, Comparator<Schedule> order, Function<Schedules, List<Schedule>> which) {
        return queues.stream()
                .flatMap(queue -> space.queue(queue).schedule(which).stream())
                .sorted(order)
                .toList();
    }

    @Override
    public CompletionStage<Boolean> tick(Schedule schedule, Optional<Instant> next, List<NewTask> tasks) {
        return transport.call(() -> {
            LocalTaskBroker.atMost("tasks to enqueue", tasks.size());
            Intake.check(schedule.queue(), tasks);
            boolean ticked = space.queue(schedule.queue()).schedule(schedules -> schedules.tick(schedule, next, tasks));
            if (ticked) {
                space.hintIfReady(schedule.queue());
            }
            return ticked;
        });
    }
}
