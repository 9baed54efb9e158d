package io.covey.cluster.core.local;

import io.covey.cluster.spi.ScheduleStore.Schedule;
import io.covey.cluster.spi.TaskBroker.NewTask;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The recurring tasks of a queue. Guarded by it. */
final class Schedules {
    private static final int MOST_DUE = 100;

    private final QueueParts parts;
    private final Intake intake;
    private final Map<String, Schedule> schedules = new TreeMap<>();

    Schedules(QueueParts parts, Intake intake) {
        this.parts = parts;
        this.intake = intake;
    }

    boolean put(String name, byte[] definition, Instant next) {
        Schedule known = schedules.get(name);
        if (known != null && Arrays.equals(known.definition(), definition)) {
            return false;
        }
        schedules.put(name, schedule(name, definition.clone(), next));
        parts.use();
        return true;
    }

    boolean remove(String name) {
        return schedules.remove(name) != null;
    }

    List<Schedule> all() {
        return schedules.values().stream().map(this::copy).toList();
    }

    List<Schedule> due(Instant now, int skip) {
        return schedules.values().stream()
                .filter(schedule -> !schedule.next().isAfter(now))
                .sorted(Comparator.comparing(Schedule::next).thenComparing(Schedule::name))
                .skip(skip)
                .limit(MOST_DUE)
                .map(this::copy)
                .toList();
    }

    boolean tick(Schedule was, Optional<Instant> next, List<NewTask> tasks) {
        Schedule known = schedules.get(was.name());
        if (known == null
                || !known.next().equals(millis(was.next()))
                || !Arrays.equals(known.definition(), was.definition())) {
            return false;
        }
        intake.accept(tasks);
        if (next.isPresent()) {
            schedules.put(was.name(), schedule(was.name(), known.definition(), next.get()));
        } else {
            schedules.remove(was.name());
        }
        intake.add(was.name() + "." + known.next().toEpochMilli() + ".", tasks);
        return true;
    }

    private Schedule copy(Schedule schedule) {
        return schedule(schedule.name(), schedule.definition().clone(), schedule.next());
    }

    private Schedule schedule(String name, byte[] definition, Instant next) {
        return new Schedule(parts.name, name, definition, millis(next));
    }

    private static Instant millis(Instant instant) {
        return Instant.ofEpochMilli(Times.ceilMillis(instant));
    }
}
