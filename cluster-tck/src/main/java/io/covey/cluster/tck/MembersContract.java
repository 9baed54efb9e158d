package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What {@link io.covey.cluster.Members} promises: who leads, who is late, who is dead, and when that is known. */
public abstract class MembersContract extends NodeContract {
    /** So long that nothing happens by a beat: what is known before that was told, or asked for. */
    private static final Duration BEAT = Duration.ofMinutes(1);

    private static final Duration LESS_THAN_A_BEAT = Duration.ofSeconds(40);
    private static final Duration MORE_THAN_HALF = BEAT.multipliedBy(2).minusSeconds(10);
    private static final Duration LEASE = BEAT.multipliedBy(3);

    private Cluster slow(String name) {
        return join(name, settings -> settings.beat(BEAT));
    }

    @Test
    final void theOldestLeadsAndAllAgree() {
        List<Cluster> nodes = List.of(slow("one"), slow("two"), slow("three"));
        for (Cluster node : nodes) {
            assertThat(node.members().leader())
                    .isEqualTo(node.members().list().get(0))
                    .isEqualTo(nodes.get(0).self());
        }
    }

    @Test
    final void aLeaderThatClosesHandsOverAtOnce() {
        Cluster one = slow("one");
        Cluster two = slow("two");
        List<String> heard = new CopyOnWriteArrayList<>();
        two.members().onLeader(leader -> heard.add(leader.name()));
        eventually().until(() -> heard.equals(List.of("one")));
        one.close();
        eventually().atMost(LESS_THAN_A_BEAT).until(() -> heard.equals(List.of("one", "two")));
        assertThat(two.members().leader()).isEqualTo(two.self());
    }

    @Test
    final void aLeaderThatDiesIsFollowedByTheNextOldestAfterItsLeaseAndNotBefore() {
        Cluster one = slow("one");
        Cluster two = slow("two");
        Cluster three = slow("three");
        List<String> heard = new CopyOnWriteArrayList<>();
        three.members().onLeader(leader -> heard.add(leader.name()));
        eventually().until(() -> heard.equals(List.of("one")));
        kill(one);
        passHalfOfTheirLeases(two, three);
        assertThat(three.members().leader()).isEqualTo(one.self());
        passHalfOfTheirLeases(two, three);
        eventually().until(() -> heard.equals(List.of("one", "two")));
        assertThat(two.members().leader()).isEqualTo(two.self());
    }

    @Test
    final void whoIsSilentForMoreThanHalfItsLeaseIsSuspectedAndAMemberUntilItIsOver() {
        Cluster one = slow("one");
        Cluster two = slow("two");
        List<String> heard = changes(one, two);
        kill(two);
        passHalfOfTheirLeases(one);
        eventually().until(() -> heard.equals(List.of("SUSPECTED")));
        assertThat(one.members().suspected()).containsExactly(two.self());
        assertThat(one.members().list()).containsExactlyInAnyOrder(one.self(), two.self());
        passHalfOfTheirLeases(one);
        eventually().until(() -> heard.equals(List.of("SUSPECTED", "DIED")));
        assertThat(one.members().suspected()).isEmpty();
        assertThat(one.members().list()).containsExactly(one.self());
    }

    @Test
    final void whoBeatsAgainIsNotSuspectedAnyMore() {
        Cluster one = slow("one");
        Cluster two = slow("two");
        List<String> heard = changes(one, two);
        passHalfOfTheirLeases(one);
        eventually().until(() -> heard.equals(List.of("SUSPECTED")));
        two.members().refresh();
        one.members().refresh();
        eventually().until(() -> heard.equals(List.of("SUSPECTED", "RESUMED")));
        assertThat(one.members().suspected()).isEmpty();
    }

    @Test
    final void aDeathIsNoticedWhenTheLeaseIsOverAndNotAtTheNextBeat() {
        Cluster one = slow("one");
        Cluster two = slow("two");
        List<String> heard = changes(one, two);
        two.members().refresh();
        kill(two);
        one.members().refresh();
        passLeaseTime(MORE_THAN_HALF);
        one.members().refresh();
        passLeaseTime(LEASE.minus(MORE_THAN_HALF).minusSeconds(1));
        one.members().refresh();
        eventually().atMost(LESS_THAN_A_BEAT).until(() -> heard.contains("DIED"));
    }

    @Test
    final void whoClosesHasLeftOnceAndEveryoneKnowsAtOnce() {
        Cluster one = slow("one");
        Cluster two = slow("two");
        Cluster three = slow("three");
        List<String> heardByOne = changes(one, three);
        List<String> heardByTwo = changes(two, three);
        three.close();
        eventually().atMost(LESS_THAN_A_BEAT).until(() -> heardByOne.size() == 1 && heardByTwo.size() == 1);
        one.members().refresh();
        two.members().refresh();
        assertThat(heardByOne).containsExactly("LEFT");
        assertThat(heardByTwo).containsExactly("LEFT");
    }

    @Test
    final void whoListensIsToldOnceWhoLeadsAndNotOfOtherChanges() {
        Cluster one = slow("one");
        List<String> first = new CopyOnWriteArrayList<>();
        List<String> ended = new CopyOnWriteArrayList<>();
        one.members().onLeader(leader -> first.add(leader.name()));
        Registration registration = one.members().onLeader(leader -> {
            ended.add(leader.name());
            throw new IllegalStateException("on purpose");
        });
        eventually().until(() -> !ended.isEmpty());
        registration.close();
        List<String> joined = new CopyOnWriteArrayList<>();
        one.members().onChange((change, node) -> joined.add(node.name()));
        slow("two");
        eventually().until(() -> joined.contains("two"));
        eventually().untilAsserted(() -> assertThat(first).containsExactly("one"));
        assertThat(ended).containsExactly("one");
    }

    /** More than half of it, and those beat. */
    private void passHalfOfTheirLeases(Cluster... alive) {
        passLeaseTime(MORE_THAN_HALF);
        for (Cluster node : alive) {
            node.members().refresh();
        }
    }

    private static List<String> changes(Cluster node, Cluster of) {
        List<String> heard = new CopyOnWriteArrayList<>();
        node.members().onChange((change, who) -> {
            if (who.equals(of.self())) {
                heard.add(change.toString());
            }
        });
        return heard;
    }
}
