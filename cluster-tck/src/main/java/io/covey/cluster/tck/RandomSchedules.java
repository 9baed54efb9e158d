package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.ScheduleStore;
import io.covey.cluster.spi.ScheduleStore.Due;
import io.covey.cluster.spi.ScheduleStore.Schedule;
import io.covey.cluster.spi.TaskBroker.NewTask;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Recurring tasks, declared, moved on and ended at random, by schedulers that know old times and definitions too. */
final class RandomSchedules {
    private static final int NAMES = 3;
    private static final int SOME = 3;
    private static final int REMEMBERED = 6;
    private static final int MOST_TASKS = 2;
    private static final long FURTHEST_NANOS = 1_500_000_000;
    private static final Set<String> QUEUES = Set.copyOf(RandomScene.QUEUES);

    private final RandomScene scene;
    private final RandomTasks tasks;
    private final Map<String, Entry> declared = new TreeMap<>();
    private final List<Schedule> seen = new ArrayList<>();

    /** A recurring task, comparable. */
    private record Entry(String queue, String name, String definition, Instant next) {
        static Entry of(Schedule schedule) {
            return new Entry(
                    schedule.queue(), schedule.name(), new String(schedule.definition(), UTF_8), schedule.next());
        }

        String key() {
            return queue + "/" + name;
        }
    }

    RandomSchedules(RandomScene scene, RandomTasks tasks) {
        this.scene = scene;
        this.tasks = tasks;
    }

    private ScheduleStore store() {
        return scene.broker().schedules().orElseThrow();
    }

    void some() {
        for (int i = 0; i < SOME; i++) {
            int dice = scene.random.nextInt(8);
            if (dice < 3) {
                put();
            } else if (dice < 4) {
                remove();
            } else {
                tick();
            }
        }
        List<Entry> listed = TransportContract.on(store().list(QUEUES)).stream()
                .map(Entry::of)
                .toList();
        Ledger.check(
                listed.equals(List.copyOf(declared.values())), "declared are " + declared.values() + ", not " + listed);
    }

    private void put() {
        String queue = scene.any(RandomScene.QUEUES);
        String name = name();
        Entry known = declared.get(queue + "/" + name);
        Instant next = known != null && scene.random.nextBoolean() ? known.next : someTime();
        Entry wanted = new Entry(queue, name, "d" + scene.random.nextInt(3), next);
        boolean changes = known == null || !known.definition.equals(wanted.definition);
        scene.trace("declare " + wanted);
        byte[] definition = wanted.definition.getBytes(UTF_8);
        boolean changed = TransportContract.on(store().put(wanted.queue, wanted.name, definition, wanted.next));
        judge("declaring " + wanted, changed, changes);
        if (changes) {
            set(wanted, wanted.next);
        }
    }

    private void remove() {
        String queue = scene.any(RandomScene.QUEUES);
        String name = name();
        scene.trace("end " + name + " of " + queue);
        boolean removed = TransportContract.on(store().remove(queue, name));
        judge("ending " + name + " of " + queue, removed, declared.remove(queue + "/" + name) != null);
    }

    /** By somebody who has just looked, or long ago. */
    private void tick() {
        List<Schedule> before = List.copyOf(seen.subList(Math.max(0, seen.size() - REMEMBERED), seen.size()));
        List<Schedule> due = due();
        seen.addAll(due);
        List<Schedule> known = scene.random.nextInt(3) == 0 ? before : due;
        if (known.isEmpty()) {
            return;
        }
        Schedule schedule = scene.any(known);
        Entry was = Entry.of(schedule);
        Optional<Instant> next = scene.random.nextInt(6) == 0 ? Optional.empty() : Optional.of(someTime());
        List<NewTask> added = tasks.plain(schedule.queue(), scene.random.nextInt(MOST_TASKS + 1));
        boolean moves = was.equals(declared.get(was.key()));
        scene.trace("tick " + was + " to " + next + " with " + added.size() + " up to " + tasks.made());
        boolean moved = TransportContract.on(store().tick(schedule, next, added));
        judge("ticking " + was, moved, moves);
        if (moves) {
            declared.remove(was.key());
            next.ifPresent(time -> set(was, time));
            tasks.added(schedule.queue(), added);
        }
    }

    private List<Schedule> due() {
        Instant then = scene.now();
        Due due = TransportContract.on(store().due(QUEUES));
        Set<Entry> found = new HashSet<>();
        Instant before = Instant.MIN;
        for (Schedule schedule : due.schedules()) {
            Entry entry = Entry.of(schedule);
            Ledger.check(entry.equals(declared.get(entry.key())), entry + " is due but not declared");
            Ledger.check(!entry.next.isAfter(due.now()), entry + " is not due at " + due.now());
            Ledger.check(!entry.next.isBefore(before), entry + " comes after one of " + before);
            before = entry.next;
            found.add(entry);
        }
        for (Entry entry : declared.values()) {
            Ledger.check(found.contains(entry) || entry.next.isAfter(then), entry + " is due at " + then);
        }
        return due.schedules();
    }

    /** A call that was repeated may have happened before its answer. */
    private void judge(String what, boolean answer, boolean expected) {
        scene.trace("  -> " + answer);
        Ledger.check(answer == expected || expected && scene.repeated(), what + " was " + answer);
        scene.ledger.reached(what.substring(0, what.indexOf(' ')) + " was " + answer);
    }

    private void set(Entry entry, Instant next) {
        Instant millis = next.truncatedTo(ChronoUnit.MILLIS);
        Instant notEarly = millis.isBefore(next) ? millis.plusMillis(1) : millis;
        declared.put(entry.key(), new Entry(entry.queue, entry.name, entry.definition, notEarly));
    }

    private String name() {
        return "s" + scene.random.nextInt(NAMES);
    }

    private Instant someTime() {
        return scene.now().plus(Duration.ofNanos(scene.random.nextLong(FURTHEST_NANOS) - FURTHEST_NANOS / 3));
    }
}
