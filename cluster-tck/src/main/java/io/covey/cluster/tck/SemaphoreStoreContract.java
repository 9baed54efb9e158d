package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.LeaseAttempt;
import io.covey.cluster.spi.LeaseAttempt.Busy;
import io.covey.cluster.spi.LeaseAttempt.Granted;
import io.covey.cluster.spi.LeaseStore.Holding;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.SemaphoreStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a {@link SemaphoreStore} promises. */
public abstract class SemaphoreStoreContract extends TransportContract {
    private static final LeaseAttempt PERMIT = new Granted(0);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(600);
    private static final Duration LONGER_THAN_SHORT = Duration.ofMillis(700);

    private SemaphoreStore semaphores;
    private SemaphoreStore elsewhere;

    @BeforeEach
    final void openSemaphores() {
        semaphores = open().semaphores().orElseThrow();
        elsewhere = open().semaphores().orElseThrow();
    }

    private LeaseAttempt acquire(String owner, int permits, Duration lease) {
        return on(semaphores.acquire("s", owner, permits, lease));
    }

    @Test
    final void noMoreThanTheNumberHoldAPermit() {
        assertThat(acquire("ada", 2, LONG)).isEqualTo(PERMIT);
        assertThat(on(elsewhere.acquire("s", "bob", 2, LONG))).isEqualTo(PERMIT);
        assertThat(acquire("eve", 2, LONG)).isInstanceOf(Busy.class);
        assertThat(on(elsewhere.acquire("s", "eve", 2, LONG))).isInstanceOf(Busy.class);
        assertThat(on(elsewhere.acquire("other", "eve", 2, LONG))).isEqualTo(PERMIT);
        assertThat(on(elsewhere.release("s", "ada"))).isTrue();
        assertThat(acquire("eve", 2, LONG)).isEqualTo(PERMIT);
        assertThat(acquire("ada", 2, LONG)).isInstanceOf(Busy.class);
    }

    @Test
    final void anOwnerWhoAsksAgainHasOnePermitAndItsLeaseIsRenewed() {
        assertThat(acquire("ada", 2, SHORT)).isEqualTo(PERMIT);
        assertThat(acquire("ada", 2, LONG)).isEqualTo(PERMIT);
        assertThat(acquire("bob", 2, LONG)).isEqualTo(PERMIT);
        assertThat(acquire("ada", 2, LONG)).isEqualTo(PERMIT);
        backend().elapse(LONGER_THAN_SHORT);
        assertThat(acquire("eve", 2, LONG)).isInstanceOf(Busy.class);
        assertThat(on(semaphores.release("s", "ada"))).isTrue();
        assertThat(on(semaphores.release("s", "ada"))).isFalse();
        assertThat(acquire("eve", 2, LONG)).isEqualTo(PERMIT);
    }

    @Test
    final void whoIsRefusedHearsWhenTheFirstLeaseEnds() {
        acquire("ada", 2, LONG);
        acquire("bob", 2, SHORT);
        assertThat(((Busy) acquire("eve", 2, LONG)).left()).isBetween(Duration.ofMillis(1), SHORT);
        on(semaphores.extend("s", "bob", LONG));
        assertThat(((Busy) acquire("eve", 2, LONG)).left()).isBetween(SHORT, LONG);
    }

    @Test
    final void onlyAnOwnerExtendsAndReleases() {
        assertThat(on(semaphores.extend("s", "ada", LONG))).isFalse();
        assertThat(on(semaphores.release("s", "ada"))).isFalse();
        acquire("ada", 1, LONG);
        assertThat(on(elsewhere.extend("s", "bob", LONG))).isFalse();
        assertThat(on(elsewhere.release("s", "bob"))).isFalse();
        assertThat(acquire("bob", 1, LONG)).isInstanceOf(Busy.class);
        assertThat(on(elsewhere.extend("s", "ada", LONG))).isTrue();
        assertThat(on(elsewhere.release("s", "ada"))).isTrue();
        assertThat(on(elsewhere.extend("s", "ada", LONG))).isFalse();
    }

    @Test
    final void eachLeaseEndsByItself() {
        acquire("dead", 2, SHORT);
        acquire("alive", 2, LONG);
        assertThat(acquire("bob", 2, LONG)).isInstanceOf(Busy.class);
        backend().elapse(LONGER_THAN_SHORT);
        assertThat(on(semaphores.extend("s", "dead", LONG))).isFalse();
        assertThat(on(elsewhere.acquire("s", "bob", 2, LONG))).isEqualTo(PERMIT);
        assertThat(on(semaphores.extend("s", "dead", LONG))).isFalse();
        assertThat(on(semaphores.release("s", "dead"))).isFalse();
        assertThat(acquire("dead", 2, LONG)).isInstanceOf(Busy.class);
        assertThat(on(semaphores.extend("s", "alive", LONG))).isTrue();
        assertThat(on(semaphores.extend("s", "bob", LONG))).isTrue();
    }

    @Test
    final void aShortLeaseBesideALongOneEndsNeitherTooLateNorTheLongOneTooEarly() {
        acquire("long", 2, LONG);
        acquire("short", 2, SHORT);
        on(semaphores.extend("s", "short", SHORT));
        backend().elapse(LONGER_THAN_SHORT);
        assertThat(acquire("bob", 2, SHORT)).isEqualTo(PERMIT);
        assertThat(acquire("eve", 2, SHORT)).isInstanceOf(Busy.class);
        backend().elapse(LONGER_THAN_SHORT);
        assertThat(on(semaphores.extend("s", "long", LONG))).isTrue();
        assertThat(on(semaphores.extend("s", "bob", LONG))).isFalse();
    }

    @Test
    final void whoSaysASmallerNumberWaitsUntilFewerThanItHoldOne() {
        acquire("a", 3, LONG);
        acquire("b", 3, LONG);
        assertThat(on(elsewhere.acquire("s", "d", 2, LONG))).isInstanceOf(Busy.class);
        assertThat(acquire("c", 3, LONG)).isEqualTo(PERMIT);
        on(semaphores.release("s", "a"));
        assertThat(on(elsewhere.acquire("s", "d", 2, LONG))).isInstanceOf(Busy.class);
        on(semaphores.release("s", "b"));
        assertThat(on(elsewhere.acquire("s", "d", 2, LONG))).isEqualTo(PERMIT);
        assertThat(on(elsewhere.acquire("s", "c", 1, LONG)))
                .as("who holds one keeps it")
                .isEqualTo(PERMIT);
    }

    @Test
    final void aReleaseIsHintedToThoseWhoWaitUntilTheyListenNoMore() {
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger listening = new AtomicInteger();
        Registration first = elsewhere.onFree("s", ended::incrementAndGet);
        Registration second = elsewhere.onFree("s", listening::incrementAndGet);
        // A registration may become live only after its return, so one release is not enough.
        eventually().until(() -> {
            acquire("ada", 1, LONG);
            on(semaphores.release("s", "ada"));
            return ended.get() > 0 && listening.get() > 0;
        });
        first.close();
        first.close();
        int before = ended.get();
        int heard = listening.get();
        eventually().until(() -> {
            acquire("ada", 1, LONG);
            on(semaphores.release("s", "ada"));
            return listening.get() > heard + 5;
        });
        assertThat(ended.get()).isLessThanOrEqualTo(before + 1);
        second.close();
    }

    @Test
    final void ofEightThreadsThatHammerASemaphoreNeverMoreThanThreeAreInside() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        List<Integer> most = Race.of(8, number -> {
            SemaphoreStore mine = number % 2 == 0 ? semaphores : elsewhere;
            int seen = 0;
            for (int i = 0; i < 15; i++) {
                String owner = "owner" + number + "." + i;
                while (on(mine.acquire("s", owner, 3, LONG)) instanceof Busy) {
                    Thread.yield();
                }
                seen = Math.max(seen, inside.incrementAndGet());
                Thread.yield();
                inside.decrementAndGet();
                assertThat(on(mine.release("s", owner))).isTrue();
            }
            return seen;
        });
        assertThat(most).hasSize(8).allSatisfy(seen -> assertThat(seen).isLessThanOrEqualTo(3));
    }

    @Test
    final void namesAreTakenLiterallyAndAreNotThoseOfLocks() {
        List<String> names = List.of("a", "a:b", "a.b", "a-b", "a/fence", "a:fence", "A", "lock/a");
        for (String name : names) {
            assertThat(on(semaphores.acquire(name, "ada", 1, LONG))).as(name).isEqualTo(PERMIT);
        }
        for (String name : names) {
            assertThat(on(elsewhere.acquire(name, "bob", 1, LONG))).as(name).isInstanceOf(Busy.class);
        }
        assertThat(on(open().locks().orElseThrow().acquire("a", "bob", LONG))).isInstanceOf(Granted.class);
    }

    @Test
    final void permitsThatAreHeldAreListedWithTheirOwnersAndTheirTime() {
        on(semaphores.acquire("s", "ada", 3, LONG));
        on(semaphores.acquire("s", "bob", 3, LONG));
        on(semaphores.acquire("s", "dead", 3, SHORT));
        on(semaphores.acquire("t", "eve", 1, LONG));
        on(semaphores.acquire("gone", "eve", 1, LONG));
        on(semaphores.release("gone", "eve"));
        backend().elapse(LONGER_THAN_SHORT);
        assertThat(holdings("", 1))
                .containsExactlyInAnyOrder(
                        new Holding("s", "ada", OptionalLong.empty(), LONG),
                        new Holding("s", "bob", OptionalLong.empty(), LONG),
                        new Holding("t", "eve", OptionalLong.empty(), LONG));
        assertThat(holdings("t", 100)).extracting(Holding::owner).containsExactly("eve");
    }

    /** Page by page, where some may come twice; the times left, once looked at, are made equal. */
    private Set<Holding> holdings(String prefix, int limit) {
        Set<Holding> held = new HashSet<>();
        Page.stream(cursor -> on(elsewhere.holdings(prefix, cursor, limit))).forEach(holding -> {
            assertThat(holding.left()).isBetween(Duration.ofMillis(1), LONG);
            held.add(new Holding(holding.name(), holding.owner(), holding.fence(), LONG));
        });
        return held;
    }

    @Test
    final void twoNamespacesHaveEachTheirOwnSemaphore() {
        SemaphoreStore other = openElsewhere().semaphores().orElseThrow();
        assertThat(acquire("ada", 1, LONG)).isEqualTo(PERMIT);
        assertThat(on(other.acquire("s", "bob", 1, LONG))).isEqualTo(PERMIT);
        assertThat(on(other.release("s", "ada"))).isFalse();
    }
}
