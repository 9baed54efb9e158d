package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What keys promise: they are served in turn, and the tasks of each in their order. */
abstract class KeyTurnContract extends FeatureContract {

    @Test
    final void aKeyWithFewTasksIsNotHeldUpByOneThatHadManyBefore() {
        addMany(OWN, keyed("A", 1000));
        addMany(OWN, keyed("B", 100));
        int claims = 0;
        int ofB = 0;
        while (ofB < 100 && claims < 1100) {
            List<Lease> leases = ada.claim(OWN, 10);
            assertThat(leases).isNotEmpty();
            claims += leases.size();
            ofB += (int)
                    leases.stream().filter(lease -> "B".equals(name(lease))).count();
            done(ada, leases);
        }
        assertThat(ofB).isEqualTo(100);
        assertThat(claims).isLessThanOrEqualTo(300);
    }

    @Test
    final void tasksWithoutKeyAndKeyedOnesAreServedInTurn() {
        addMany(OWN, keyed("A", 400));
        addMany(OWN, plain(60));
        Map<String, Long> first = counts(claimAndFinish(180));
        assertThat(first).containsEntry("", 60L);
        addMany(OWN, plain(400));
        addMany(OWN, keyed("B", 60));
        assertThat(counts(claimAndFinish(300)).get("B")).isEqualTo(60);
    }

    @Test
    final void keysThatWaitGetEqualShares() {
        for (String key : List.of("A", "B", "C", "D")) {
            addMany(OWN, keyed(key, 150));
        }
        Map<String, Long> first = counts(claimAndFinish(200));
        assertThat(first.keySet()).hasSize(4);
        assertThat(first.values()).allSatisfy(count -> assertThat(count).isBetween(40L, 60L));
    }

    @Test
    final void aKeyThatComesLaterIsNotRepaidForTheTimeBefore() {
        addMany(OWN, keyed("A", 400));
        claimAndFinish(200);
        addMany(OWN, keyed("B", 200));
        Map<String, Long> next = counts(claimAndFinish(100));
        assertThat(next.get("A")).isBetween(35L, 65L);
        assertThat(next.get("B")).isBetween(35L, 65L);
    }

    @Test
    final void theTasksOfOneKeyKeepTheirOrder() {
        List<NewTask> mixed = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            mixed.add(Draft.of("t" + i).key("k" + i % 3).task());
        }
        addMany(OWN, mixed);
        List<Lease> leases = claimAndFinish(60);
        for (int key = 0; key < 3; key++) {
            String name = "k" + key;
            int first = key;
            assertThat(leases.stream().filter(lease -> name.equals(name(lease))).map(TaskContract::type))
                    .containsExactlyElementsOf(IntStream.range(0, 20)
                            .mapToObj(i -> "t" + (first + 3 * i))
                            .toList());
        }
        assertThat(ada.claim(OWN, 1)).isEmpty();
    }

    @Test
    final void oneKeyAloneIsServedInOrderAndWhole() {
        addMany(OWN, keyed("A", 450));
        List<Lease> leases = new ArrayList<>();
        for (List<Lease> some = ada.claim(OWN, 200); !some.isEmpty(); some = ada.claim(OWN, 200)) {
            leases.addAll(some);
        }
        assertThat(types(leases)).containsExactlyElementsOf(Producer.types(450));
    }

    @Test
    final void manyKeysLoseNothing() {
        List<NewTask> tasks = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            Draft draft = Draft.of("t" + i);
            tasks.add(i % 7 == 0 ? draft.task() : draft.key("key" + i % 150).task());
        }
        addMany(OWN, tasks);
        assertThat(info(OWN).waiting()).isEqualTo(600);
        List<String> claimed = types(workOff(ada, OWN, 50));
        assertThat(claimed).hasSize(600).doesNotHaveDuplicates();
        assertThat(info(OWN).waiting()).isZero();
    }

    @Test
    final void whatWaitsIsCountedWhetherItHasAKeyOrNot() {
        addMany(OWN, keyed("A", 3));
        addMany(OWN, keyed("B", 2));
        addMany(OWN, plain(1));
        assertThat(info(OWN).waiting()).isEqualTo(6);
        TurnAnswer answer = ada.send(ada.next(OWN, List.of(), 2, false));
        assertThat(answer.leases()).hasSize(2);
        assertThat(answer.state().ready()).isEqualTo(4);
        assertThat(answer.state().pause()).isZero();
    }

    final List<Lease> claimAndFinish(int count) {
        List<Lease> all = new ArrayList<>();
        while (all.size() < count) {
            List<Lease> leases = bob.claim(OWN, Math.min(10, count - all.size()));
            assertThat(leases).isNotEmpty();
            done(bob, leases);
            all.addAll(leases);
        }
        return all;
    }

    static String name(Lease lease) {
        return key(lease).orElse("");
    }

    static Map<String, Long> counts(List<Lease> leases) {
        return leases.stream().collect(Collectors.groupingBy(KeyTurnContract::name, Collectors.counting()));
    }

    static List<NewTask> keyed(String key, int count) {
        return Producer.types(count).stream()
                .map(type -> Draft.of(type).key(key).task())
                .toList();
    }

    static List<NewTask> plain(int count) {
        return Producer.types(count).stream().map(Producer::task).toList();
    }
}
