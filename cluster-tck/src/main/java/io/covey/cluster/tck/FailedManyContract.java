package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueControl.Changed;
import io.covey.cluster.spi.QueueControl.Listed;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What running many failed tasks again at once, and dropping them, promises. */
public abstract class FailedManyContract extends FeatureContract {

    @Test
    final void manyAreDroppedOrRetriedAtOnceAndTheOthersStayInTheirOrder() {
        for (String queue : List.of(Q, OWN)) {
            failNumbered(queue, 30);
            List<Listed> all = listed();
            Changed dropped = on(control.dropAll(every(all, 3, 0)));
            assertThat(dropped.count()).isEqualTo(10);
            assertThat(dropped.refused()).isEmpty();
            assertThat(names(listed())).containsExactlyElementsOf(names(without(all, 3, 0)));
            List<Listed> left = listed();
            assertThat(on(control.retryAll(every(left, 2, 1))).count()).isEqualTo(10);
            assertThat(names(listed())).containsExactlyElementsOf(names(every(left, 2, 0)));
            List<Lease> again = ada.claim(queue, 100);
            assertThat(types(again)).containsExactlyInAnyOrderElementsOf(names(every(left, 2, 1)));
            done(ada, again);
            assertThat(on(control.dropAll(listed())).count()).isEqualTo(10);
            assertThat(listed()).isEmpty();
            assertThat(on(control.dropAll(List.of())).count()).isZero();
            assertThat(on(control.retryAll(List.of())).count()).isZero();
        }
    }

    @Test
    final void aPlaceThatIsNoLongerRightDoesNoHarm() {
        for (boolean drops : List.of(true, false)) {
            failNumbered(Q, 20);
            List<Listed> all = listed();
            for (int i : List.of(0, 1, 9)) {
                assertThat(on(control.drop(all.get(i).task()))).isTrue();
            }
            add(Q, Draft.of("new"));
            fail(Q, 1);
            List<Listed> wrong = new ArrayList<>();
            for (int i : List.of(0, 4, 9, 10, 11, 19)) {
                wrong.add(all.get(i));
            }
            wrong.add(new Listed(all.get(2).task(), -7));
            wrong.add(new Listed(all.get(3).task(), 1_000_000));
            wrong.add(all.get(11));
            assertThat(on(drops ? control.dropAll(wrong) : control.retryAll(wrong))
                            .count())
                    .isEqualTo(6);
            assertThat(names(listed()))
                    .containsExactly(
                            "t05", "t06", "t07", "t08", "t12", "t13", "t14", "t15", "t16", "t17", "t18", "new");
            List<Lease> again = ada.claim(Q, 100);
            assertThat(again).hasSize(drops ? 0 : 6);
            done(ada, again);
            on(control.dropAll(listed()));
        }
    }

    @Test
    final void ofManyAlikeAsManyAreTakenAsAreNamed() {
        add(Q, IntStream.range(0, 6).mapToObj(i -> Draft.of("twin")).toArray(Draft[]::new));
        fail(Q, 6);
        List<Listed> twins = listed();
        assertThat(on(control.dropAll(List.of(twins.get(0), twins.get(5)))).count())
                .isEqualTo(2);
        assertThat(listed()).hasSize(4);
        assertThat(on(control.retryAll(listed().subList(1, 4))).count()).isEqualTo(3);
        assertThat(listed()).hasSize(1);
        assertThat(ada.claim(Q, 10)).hasSize(3);
    }

    @Test
    final void tasksOfSeveralQueuesAreRetriedTogetherWithTheirKeysAndHeaders() {
        add(OWN, Draft.of("a").headers(Map.of("h", "v")).key("k"), Draft.of("b").key("l"), Draft.of("c"));
        add(Q, Draft.of("d"));
        fail(OWN, 3);
        fail(Q, 1);
        assertThat(on(control.retryAll(listed())).count()).isEqualTo(4);
        List<Lease> own = workOff(ada, OWN, 3);
        assertThat(types(own)).containsExactlyInAnyOrder("a", "b", "c");
        for (Lease lease : own) {
            String type = type(lease);
            assertThat(lease.attempt()).isEqualTo(1);
            assertThat(key(lease).orElse("")).isEqualTo(type.equals("a") ? "k" : type.equals("b") ? "l" : "");
            assertThat(readable(lease).headers()).isEqualTo(type.equals("a") ? Map.of("h", "v") : Map.of());
        }
        assertThat(type(ada.claimOne(Q))).isEqualTo("d");
        assertThat(listed()).isEmpty();
    }

    @Test
    final void ofManyWhoTakeTheSameOnesAtOnceOneGetsEach() throws Exception {
        failNumbered(Q, 60);
        List<Listed> all = listed();
        List<Long> counts = Race.of(6, number -> {
            QueueControl mine = (number % 2 == 0 ? broker : elsewhere).control().orElseThrow();
            List<Listed> some = all.subList(number * 5, number * 5 + 35);
            return on(number < 3 ? mine.dropAll(some) : mine.retryAll(some)).count();
        });
        assertThat(counts.stream().mapToLong(Long::longValue).sum()).isEqualTo(60);
        assertThat(listed()).isEmpty();
        long retried = counts.subList(3, 6).stream().mapToLong(Long::longValue).sum();
        assertThat(ada.claim(Q, 100)).hasSize((int) retried);
    }

    private void failNumbered(String queue, int count) {
        add(
                queue,
                IntStream.range(0, count)
                        .mapToObj(i -> Draft.of("t%02d".formatted(i)))
                        .toArray(Draft[]::new));
        fail(queue, count);
    }

    /** As many fail as were added. */
    private void fail(String queue, int count) {
        long before = on(broker.inspector().totals()).get("failed");
        List<Lease> leases = ada.claim(queue, count);
        assertThat(leases).hasSize(count);
        leases.forEach(lease -> ada.settle(lease, fail(lease, "broken")));
        eventually().until(() -> {
            upkeep(queue);
            return on(broker.inspector().totals()).get("failed") == before + count;
        });
    }

    private List<Listed> listed() {
        List<FailedTask> tasks = on(broker.inspector().failed(0, 1000));
        return LongStream.range(0, tasks.size())
                .mapToObj(place -> new Listed(tasks.get((int) place), place))
                .toList();
    }

    private static List<Listed> every(List<Listed> all, int step, int rest) {
        return all.stream().filter(one -> one.place() % step == rest).toList();
    }

    private static List<Listed> without(List<Listed> all, int step, int rest) {
        return all.stream().filter(one -> one.place() % step != rest).toList();
    }

    private static List<String> names(List<Listed> all) {
        return all.stream()
                .map(one -> ((Readable) one.task().failure().content()).type())
                .toList();
    }
}
