package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.ScheduleStore;
import io.covey.cluster.spi.ScheduleStore.Due;
import io.covey.cluster.spi.ScheduleStore.Schedule;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the store of recurring tasks promises: any number of schedulers may try, each tick is done once. */
public abstract class ScheduleStoreContract extends FeatureContract {
    private static final List<NewTask> TICK = Draft.tasks(Draft.of("tick"));
    private ScheduleStore schedules;
    private ScheduleStore others;
    private Instant past;
    private Instant future;

    @BeforeEach
    final void openStores() {
        schedules = broker.schedules().orElseThrow();
        others = elsewhere.schedules().orElseThrow();
        Instant now = on(transport.time()).truncatedTo(ChronoUnit.MILLIS);
        past = now.minusSeconds(60).plusMillis(1);
        future = now.plusSeconds(3600).plusMillis(7);
    }

    @Test
    final void whatIsDeclaredIsListedByQueueAndNameToTheMillisecond() {
        assertThat(put(OWN, "b", "two", future)).isTrue();
        assertThat(put(Q, "z.Z:_-9", "three", past)).isTrue();
        assertThat(put(OWN, "a", "one", past)).isTrue();
        assertThat(put("third", "c", "", past)).isTrue();
        List<Schedule> listed = on(others.list(Set.of(Q, OWN, "nobody-knows")));
        assertThat(listed.stream().map(s -> s.queue() + " " + s.name() + " " + text(s) + " " + s.next()))
                .containsExactly(OWN + " a one " + past, OWN + " b two " + future, Q + " z.Z:_-9 three " + past);
        assertThat(text(on(schedules.list(Set.of("third"))).get(0))).isEmpty();
    }

    @Test
    final void aTimeBetweenTwoMillisecondsIsTheLater() {
        put(Q, "a", "one", past.plusNanos(1));
        Schedule due = on(schedules.due(Set.of(Q))).schedules().get(0);
        assertThat(due.next()).isEqualTo(past.plusMillis(1));
        assertThat(on(others.tick(due, Optional.of(future.plusNanos(999_999)), List.of())))
                .isTrue();
        assertThat(on(schedules.list(Set.of(Q))).get(0).next()).isEqualTo(future.plusMillis(1));
    }

    @Test
    final void aRecurringTaskMakesItsQueueKnown() {
        assertThat(on(broker.inspector().names())).doesNotContain("fresh");
        put("fresh", "s", "one", future);
        assertThat(on(elsewhere.inspector().names())).contains("fresh");
    }

    @Test
    final void whatIsDueIsFoundBehindWhatStaysDue() {
        for (int i = 0; i < 230; i++) {
            put(Q, "s" + i, "one", past.plusMillis(i));
            if (i < 5) {
                put(OWN, "s" + i, "one", past.plusMillis(i));
            }
        }
        List<String> found = new ArrayList<>();
        List<Schedule> page = on(schedules.due(Set.of(Q, OWN), 0)).schedules();
        while (!page.isEmpty()) {
            List<String> names = page.stream()
                    .filter(one -> one.queue().equals(Q))
                    .map(Schedule::name)
                    .toList();
            found.addAll(names);
            page = on(schedules.due(Set.of(Q, OWN), found.size())).schedules();
        }
        assertThat(found).hasSize(230).doesNotHaveDuplicates().startsWith("s0").endsWith("s229");
    }

    @Test
    final void theSameDefinitionAgainChangesNothing() {
        assertThat(put(Q, "s", "one", future)).isTrue();
        assertThat(put(Q, "s", "one", past)).isFalse();
        assertThat(only(Q).next()).isEqualTo(future);
        assertThat(on(others.due(Set.of(Q))).schedules()).isEmpty();
        assertThat(put(Q, "s", "two", past)).isTrue();
        assertThat(only(Q).next()).isEqualTo(past);
        assertThat(text(only(Q))).isEqualTo("two");
        assertThat(put("other", "s", "two", future)).isTrue();
    }

    @Test
    final void definitionsAreKeptAsTheyAreUpToTheirLimit() {
        byte[] most = new byte[64 << 10];
        for (int i = 0; i < most.length; i++) {
            most[i] = (byte) i;
        }
        assertThat(on(schedules.put(Q, "most", most, future))).isTrue();
        assertThat(on(others.put(Q, "most", most.clone(), past))).isFalse();
        assertThat(only(Q).definition()).isEqualTo(most);
        illegal(() -> schedules.put(Q, "more", new byte[(64 << 10) + 1], future));
        for (String name : List.of("", "a b", "x".repeat(129), "é", "a/b")) {
            illegal(() -> schedules.put(Q, name, new byte[0], future));
        }
        assertThat(on(schedules.list(Set.of(Q)))).hasSize(1);
    }

    @Test
    final void thoseThatAreDueComeLongestFirst() {
        put(Q, "late", "x", past);
        put(OWN, "later", "x", past.minusSeconds(10));
        put(Q, "latest", "x", past.minusSeconds(20));
        put(Q, "not-yet", "x", future);
        put("third", "not-asked-for", "x", past);
        Due due = on(others.due(Set.of(Q, OWN)));
        assertThat(due.schedules().stream().map(Schedule::name)).containsExactly("latest", "later", "late");
        assertThat(due.now()).isBetween(past, future);
        assertThat(on(schedules.due(Set.of("nobody-knows"))).schedules()).isEmpty();
    }

    @Test
    final void whatIsDeclaredForLaterIsDueThen() {
        Instant soon = on(transport.time()).plusMillis(400);
        put(Q, "s", "x", soon);
        elapseUntil(() -> !on(schedules.due(Set.of(Q))).schedules().isEmpty());
        assertThat(on(transport.time())).isAfterOrEqualTo(soon.minusMillis(1));
    }

    @Test
    final void aTickAddsItsTasksAndMovesOn() {
        for (String queue : List.of(Q, OWN)) {
            put(queue, "s", "x", past);
            Schedule due = on(schedules.due(Set.of(queue))).schedules().get(0);
            assertThat(tick(schedules, due, future, TICK)).isTrue();
            assertThat(only(queue).next()).isEqualTo(future);
            assertThat(text(only(queue))).isEqualTo("x");
            assertThat(on(others.due(Set.of(queue))).schedules()).isEmpty();
            assertThat(types(ada.claim(queue, 10))).containsExactly("tick");
        }
    }

    @Test
    final void aRepeatedOrLateTickHasNoEffect() {
        for (String queue : List.of(Q, OWN)) {
            put(queue, "s", "x", past);
            Schedule due = only(queue);
            assertThat(tick(schedules, due, future, TICK)).isTrue();
            assertThat(tick(schedules, due, future, TICK)).isFalse();
            assertThat(tick(others, due, future.plusSeconds(9), TICK)).isFalse();
            assertThat(only(queue).next()).isEqualTo(future);
            assertThat(tick(others, only(queue), future.plusSeconds(1), List.of()))
                    .isTrue();
            assertThat(tick(schedules, due, future, TICK)).isFalse();
            assertThat(ada.claim(queue, 10)).hasSize(1);
        }
    }

    @Test
    final void ofSchedulersWhoTickAtOnceOneDoesIt() throws Exception {
        for (String queue : List.of(Q, OWN)) {
            put(queue, "s", "x", past);
            for (int round = 1; round <= 10; round++) {
                Schedule due = only(queue);
                Instant next = past.plusMillis(round);
                List<Boolean> did = Race.of(8, number -> {
                    TaskBroker mine = number % 2 == 0 ? broker : elsewhere;
                    return tick(mine.schedules().orElseThrow(), due, next, TICK);
                });
                assertThat(did).containsOnlyOnce(true);
            }
            assertThat(ada.claim(queue, 50)).hasSize(10);
        }
    }

    @Test
    final void aTickMayAddNothingOrManyTasksOfEveryKind() {
        put(OWN, "s", "x", past);
        assertThat(tick(schedules, only(OWN), past.plusMillis(1), List.of())).isTrue();
        assertThat(ada.claim(OWN, 10)).isEmpty();
        List<NewTask> many = new ArrayList<>(Draft.tasks(
                Draft.of("a").id("x").key("k").headers(Map.of("h", "v")),
                Draft.of("u").unique(Until.DONE)));
        Producer.types(60).forEach(type -> many.add(Producer.task(type)));
        assertThat(tick(schedules, only(OWN), past.plusMillis(2), many)).isTrue();
        List<Lease> leases = workOff(ada, OWN, 50);
        assertThat(leases).hasSize(62);
        Lease rich = leases.stream()
                .filter(lease -> type(lease).equals("a"))
                .findFirst()
                .orElseThrow();
        assertThat(readable(rich).id()).contains("x");
        assertThat(readable(rich).key()).contains("k");
        assertThat(readable(rich).headers()).containsEntry("h", "v");
        assertThat(leases.stream().map(lease -> readable(lease).id().orElseThrow()))
                .doesNotHaveDuplicates();
    }

    @Test
    final void aTickLeavesOutKnownIdsAndTasksAlike() {
        put(OWN, "s", "x", past);
        receipt(OWN, Draft.of("a").id("x"));
        receipt(OWN, Draft.of("u").unique(Until.DONE));
        List<NewTask> tasks = Draft.tasks(Draft.of("a").id("x"), Draft.of("u").unique(Until.DONE), Draft.of("new"));
        assertThat(tick(schedules, only(OWN), future, tasks)).isTrue();
        assertThat(types(workOff(ada, OWN, 10))).containsExactlyInAnyOrder("a", "u", "new");
    }

    @Test
    final void aTickOfWhichATaskIsRefusedMovesNothing() {
        put(Q, "s", "x", past);
        refused(
                () -> schedules.tick(
                        only(Q),
                        Optional.of(future),
                        Draft.tasks(Draft.of("a"), Draft.of("b").headers(Map.of("h", "v")))),
                Q,
                "OWN");
        assertThat(only(Q).next()).isEqualTo(past);
        assertThat(ada.claim(Q, 5)).isEmpty();
    }

    @Test
    final void aTickWithoutNextEndsTheRecurringTaskAfterItsLastTasks() {
        put(Q, "s", "x", past);
        Schedule due = only(Q);
        assertThat(on(schedules.tick(due, Optional.empty(), TICK))).isTrue();
        assertThat(on(schedules.tick(due, Optional.empty(), TICK))).isFalse();
        assertThat(on(others.list(Set.of(Q)))).isEmpty();
        assertThat(on(others.due(Set.of(Q))).schedules()).isEmpty();
        assertThat(ada.claim(Q, 5)).hasSize(1);
    }

    @Test
    final void aRemovedRecurringTaskTicksNoMore() {
        put(Q, "s", "x", past);
        put(Q, "t", "x", past);
        Schedule due = on(schedules.list(Set.of(Q))).get(0);
        assertThat(on(others.remove(Q, "s"))).isTrue();
        assertThat(on(schedules.remove(Q, "s"))).isFalse();
        assertThat(tick(schedules, due, future, TICK)).isFalse();
        assertThat(on(schedules.list(Set.of(Q))).stream().map(Schedule::name)).containsExactly("t");
        assertThat(ada.claim(Q, 5)).isEmpty();
        assertThat(on(schedules.remove("nobody-knows", "s"))).isFalse();
    }

    @Test
    final void manyRecurringTasksAreListedAndComeDueInPortions() {
        for (int i = 0; i < 150; i++) {
            put(Q, "s" + i, "x", past.minusSeconds(i));
        }
        assertThat(on(schedules.list(Set.of(Q)))).hasSize(150);
        int ticks = 0;
        for (Due due = on(schedules.due(Set.of(Q))); !due.schedules().isEmpty(); due = on(schedules.due(Set.of(Q)))) {
            for (Schedule schedule : due.schedules()) {
                assertThat(tick(schedules, schedule, future.plus(Duration.ofSeconds(ticks)), TICK))
                        .isTrue();
                ticks++;
            }
        }
        assertThat(ticks).isEqualTo(150);
        assertThat(workOff(ada, Q, 200)).hasSize(150);
    }

    private boolean put(String queue, String name, String definition, Instant next) {
        return on(schedules.put(queue, name, definition.getBytes(UTF_8), next));
    }

    private static boolean tick(ScheduleStore store, Schedule schedule, Instant next, List<NewTask> tasks) {
        return on(store.tick(schedule, Optional.of(next), tasks));
    }

    private Schedule only(String queue) {
        List<Schedule> all = on(others.list(Set.of(queue)));
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static String text(Schedule schedule) {
        return new String(schedule.definition(), UTF_8);
    }
}
