package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.LeaseAttempt;
import io.covey.cluster.spi.LeaseStore.Holding;
import io.covey.cluster.spi.LockStore;
import io.covey.cluster.spi.Page;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a {@link LockStore} promises. */
public abstract class LockStoreContract extends TransportContract {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(600);
    private static final Duration LONGER_THAN_SHORT = Duration.ofMillis(700);

    private LockStore locks;
    private LockStore elsewhere;

    @BeforeEach
    final void openLocks() {
        locks = open().locks().orElseThrow();
        elsewhere = open().locks().orElseThrow();
    }

    private static OptionalLong fence(CompletionStage<LeaseAttempt> attempt) {
        return on(attempt).fence();
    }

    @Test
    final void aLockHasOneOwner() {
        assertThat(fence(locks.acquire("l", "ada", LONG))).isPresent();
        assertThat(fence(elsewhere.acquire("l", "bob", LONG))).isEmpty();
        assertThat(fence(locks.acquire("l", "bob", LONG))).isEmpty();
        assertThat(fence(elsewhere.acquire("other", "bob", LONG))).isPresent();
    }

    @Test
    final void whoIsRefusedHearsHowLongTheLeaseRuns() {
        on(locks.acquire("l", "ada", SHORT));
        assertThat(left(elsewhere.acquire("l", "bob", LONG))).isBetween(Duration.ofMillis(1), SHORT);
        on(locks.extend("l", "ada", LONG));
        assertThat(left(elsewhere.acquire("l", "bob", LONG))).isBetween(SHORT, LONG);
    }

    private static Duration left(CompletionStage<LeaseAttempt> attempt) {
        return ((LeaseAttempt.Busy) on(attempt)).left();
    }

    @Test
    final void ofTwoWhoRaceForAFreeLockOneGetsItTwoHundredTimes() throws Exception {
        int races = 200;
        CyclicBarrier start = new CyclicBarrier(2);
        List<BitSet> won = Race.of(2, number -> {
            BitSet mine = new BitSet();
            for (int i = 0; i < races; i++) {
                start.await(30, TimeUnit.SECONDS);
                LockStore store = number == 0 ? locks : elsewhere;
                mine.set(
                        i,
                        fence(store.acquire("race" + i, "owner" + number, LONG)).isPresent());
            }
            return mine;
        });
        assertThat(won.get(0).intersects(won.get(1))).isFalse();
        assertThat(won.get(0).cardinality() + won.get(1).cardinality()).isEqualTo(races);
    }

    @Test
    final void theOwnerWhoAsksAgainGetsTheSameFence() {
        OptionalLong fence = fence(locks.acquire("l", "ada", LONG));
        assertThat(fence(elsewhere.acquire("l", "ada", LONG))).isEqualTo(fence);
        assertThat(on(locks.extend("l", "ada", LONG))).isTrue();
        assertThat(fence(locks.acquire("l", "ada", LONG))).isEqualTo(fence);
    }

    @Test
    final void fencesArePositiveBelowTwoToThe53AndGrowWithEveryOwner() {
        long last = 0;
        for (int i = 0; i < 50; i++) {
            LockStore mine = i % 2 == 0 ? locks : elsewhere;
            long fence = fence(mine.acquire("l", "owner" + i, LONG)).orElseThrow();
            assertThat(fence).isGreaterThan(last).isLessThan(1L << 53);
            last = fence;
            assertThat(on(mine.release("l", "owner" + i))).isTrue();
        }
    }

    @Test
    final void onlyTheOwnerExtendsAndReleases() {
        assertThat(on(locks.extend("l", "ada", LONG))).isFalse();
        assertThat(on(locks.release("l", "ada"))).isFalse();
        fence(locks.acquire("l", "ada", LONG));
        assertThat(on(elsewhere.extend("l", "bob", LONG))).isFalse();
        assertThat(on(elsewhere.release("l", "bob"))).isFalse();
        assertThat(fence(elsewhere.acquire("l", "bob", LONG))).isEmpty();
        assertThat(on(locks.extend("l", "ada", LONG))).isTrue();
        assertThat(on(locks.release("l", "ada"))).isTrue();
        assertThat(on(locks.release("l", "ada"))).isFalse();
        assertThat(on(locks.extend("l", "ada", LONG))).isFalse();
    }

    @Test
    final void aLeaseThatRanOutFreesTheLockForTheNextWithAGreaterFence() {
        long old = fence(locks.acquire("l", "ada", SHORT)).orElseThrow();
        backend().elapse(LONGER_THAN_SHORT);
        assertThat(on(locks.extend("l", "ada", LONG))).isFalse();
        assertThat(on(locks.release("l", "ada"))).isFalse();
        assertThat(fence(elsewhere.acquire("l", "bob", LONG)).orElseThrow()).isGreaterThan(old);
        assertThat(on(locks.extend("l", "ada", LONG))).isFalse();
        assertThat(on(locks.release("l", "ada"))).isFalse();
        assertThat(fence(locks.acquire("l", "ada", LONG))).isEmpty();
    }

    @Test
    final void extendingAndRepeatingRenewTheLease() {
        fence(locks.acquire("extended", "ada", SHORT));
        fence(locks.acquire("repeated", "ada", SHORT));
        fence(locks.acquire("shortened", "ada", LONG));
        assertThat(on(locks.extend("extended", "ada", LONG))).isTrue();
        assertThat(fence(locks.acquire("repeated", "ada", LONG))).isPresent();
        assertThat(on(locks.extend("shortened", "ada", SHORT))).isTrue();
        backend().elapse(LONGER_THAN_SHORT);
        assertThat(fence(elsewhere.acquire("extended", "bob", LONG))).isEmpty();
        assertThat(fence(elsewhere.acquire("repeated", "bob", LONG))).isEmpty();
        assertThat(fence(elsewhere.acquire("shortened", "bob", LONG))).isPresent();
    }

    @Test
    final void aReleaseIsHintedToThoseWhoWait() {
        AtomicInteger hints = new AtomicInteger();
        Registration waiting = elsewhere.onFree("l", hints::incrementAndGet);
        // The registration may become live only after its return, so one release is not enough.
        eventually().until(() -> {
            fence(locks.acquire("l", "ada", LONG));
            on(locks.release("l", "ada"));
            return hints.get() > 0;
        });
        waiting.close();
    }

    @Test
    final void whoEndedTheListeningHearsNoMoreThoughOthersDo() {
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger listening = new AtomicInteger();
        Registration first = elsewhere.onFree("l", ended::incrementAndGet);
        Registration second = elsewhere.onFree("l", listening::incrementAndGet);
        eventually().until(() -> {
            fence(locks.acquire("l", "ada", LONG));
            on(locks.release("l", "ada"));
            return ended.get() > 0 && listening.get() > 0;
        });
        first.close();
        first.close();
        int before = ended.get();
        int heard = listening.get();
        eventually().until(() -> {
            fence(locks.acquire("l", "ada", LONG));
            on(locks.release("l", "ada"));
            return listening.get() > heard + 5;
        });
        assertThat(ended.get()).isLessThanOrEqualTo(before + 1);
        second.close();
    }

    @Test
    final void eightThreadsThatHammerALockAreNeverInsideTogetherAndAResourceSeesOnlyGrowingFences() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicLong resource = new AtomicLong();
        int[] unguarded = new int[1];
        List<Integer> done = Race.of(8, number -> {
            LockStore mine = number % 2 == 0 ? locks : elsewhere;
            for (int i = 0; i < 15; i++) {
                String owner = "owner" + number + "." + i;
                OptionalLong fence = fence(mine.acquire("l", owner, LONG));
                while (fence.isEmpty()) {
                    Thread.yield();
                    fence = fence(mine.acquire("l", owner, LONG));
                }
                long mineIs = fence.getAsLong();
                assertThat(inside.incrementAndGet()).isEqualTo(1);
                assertThat(resource.getAndSet(mineIs)).isLessThan(mineIs);
                unguarded[0]++;
                inside.decrementAndGet();
                assertThat(on(mine.release("l", owner))).isTrue();
            }
            return 15;
        });
        assertThat(done).hasSize(8);
        assertThat(unguarded[0]).isEqualTo(8 * 15);
    }

    @Test
    final void ofEightOwnersWhoWaitForALeaseToEndOneGetsTheLock() throws Exception {
        fence(locks.acquire("l", "dead", SHORT));
        backend().elapse(LONGER_THAN_SHORT);
        List<OptionalLong> fences =
                Race.of(8, number -> fence((number % 2 == 0 ? locks : elsewhere).acquire("l", "owner" + number, LONG)));
        assertThat(fences.stream().filter(OptionalLong::isPresent)).hasSize(1);
    }

    @Test
    final void namesAreTakenLiterally() {
        List<String> names = List.of("a", "a:b", "a.b", "a-b", "a.fence", "a:fence", "fence:a", "A", "free", "a.free");
        for (String name : names) {
            assertThat(fence(locks.acquire(name, "ada", LONG))).as(name).isPresent();
        }
        for (String name : names) {
            assertThat(fence(elsewhere.acquire(name, "bob", LONG))).as(name).isEmpty();
            assertThat(on(locks.release(name, "ada"))).as(name).isTrue();
        }
    }

    @Test
    final void whatIsHeldIsListedWithItsOwnerItsFenceAndItsTime() {
        List<String> names = List.of("a", "a.fence", "a/fence", "ab", "b", "c");
        Map<String, Long> fences = new HashMap<>();
        names.forEach(name ->
                fences.put(name, fence(locks.acquire(name, "ada|" + name, LONG)).orElseThrow()));
        on(locks.release("c", "ada|c"));
        on(locks.acquire("short", "ada", SHORT));
        backend().elapse(LONGER_THAN_SHORT);
        List<Holding> held = holdings("", 2);
        assertThat(held).extracting(Holding::name).containsExactlyInAnyOrder("a", "a.fence", "a/fence", "ab", "b");
        assertThat(held).allSatisfy(holding -> {
            assertThat(holding.owner()).isEqualTo("ada|" + holding.name());
            assertThat(holding.fence()).hasValue(fences.get(holding.name()));
            assertThat(holding.left()).isBetween(Duration.ofMillis(1), LONG);
        });
        assertThat(holdings("a", 100))
                .extracting(Holding::name)
                .containsExactlyInAnyOrder("a", "a.fence", "a/fence", "ab");
        assertThat(holdings("nothing", 100)).isEmpty();
    }

    /** Page by page; a key may come twice. */
    private List<Holding> holdings(String prefix, int limit) {
        Map<String, Holding> found = new HashMap<>();
        Page.stream(cursor -> on(elsewhere.holdings(prefix, cursor, limit)))
                .forEach(holding -> found.put(holding.name(), holding));
        return List.copyOf(found.values());
    }

    @Test
    final void whoReleasesInTheOwnersNameTakesTheLockFromTheOwner() {
        fence(locks.acquire("l", "ada", LONG));
        Holding held = holdings("l", 10).get(0);
        assertThat(on(elsewhere.release(held.name(), held.owner()))).isTrue();
        assertThat(on(locks.extend("l", "ada", LONG))).isFalse();
        assertThat(fence(elsewhere.acquire("l", "bob", LONG)).orElseThrow())
                .isGreaterThan(held.fence().orElseThrow());
        assertThat(on(elsewhere.release(held.name(), held.owner())))
                .as("somebody else's now")
                .isFalse();
    }

    @Test
    final void twoNamespacesHaveEachTheirOwnLock() {
        LockStore other = openElsewhere().locks().orElseThrow();
        assertThat(fence(locks.acquire("l", "ada", LONG))).isPresent();
        assertThat(fence(other.acquire("l", "bob", LONG))).isPresent();
        assertThat(on(other.release("l", "ada"))).isFalse();
    }
}
