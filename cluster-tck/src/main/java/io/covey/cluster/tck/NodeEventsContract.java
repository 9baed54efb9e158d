package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.Cluster;
import io.covey.cluster.LoadException;
import io.covey.cluster.Lock;
import io.covey.cluster.NearOptions;
import io.covey.cluster.NodeEvent;
import io.covey.cluster.NodeEvent.CacheLoaded;
import io.covey.cluster.NodeEvent.CacheRead;
import io.covey.cluster.NodeEvent.LeaseAwaited;
import io.covey.cluster.NodeEvent.LeaseEnded;
import io.covey.cluster.NodeEvent.Leased;
import io.covey.cluster.NodeListener;
import io.covey.cluster.Registration;
import io.covey.cluster.Semaphore;
import io.covey.cluster.spi.LeaseStore;
import io.covey.cluster.spi.LeaseStore.Holding;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a {@link NodeListener} is told: each event once, when it happens, of its own node alone. */
public abstract class NodeEventsContract extends TwoNodesContract {
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final Duration MOMENT = Duration.ofMillis(100);
    /** What is held for three of them is renewed with each. */
    private static final Duration BEAT = Duration.ofSeconds(1);

    private final List<NodeEvent> heard = new CopyOnWriteArrayList<>();

    @BeforeEach
    final void listen() {
        one.listen(heard::add);
    }

    private static Cache<String> profiles(Cluster node) {
        return node.cache("profiles", String.class);
    }

    private <E extends NodeEvent> List<E> heard(Class<E> kind) {
        return heard.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Test
    final void readsOfACacheAreToldBeforeTheyReturnEachOnceWithWhatWasFound() {
        Cache<String> cache = profiles(one);
        cache.get("a");
        assertThat(heard).containsExactly(new CacheRead("profiles", 0, 0, 1));
        cache.putAll(Map.of("a", "1", "b", "2"));
        cache.get("a");
        cache.getAll(List.of("a", "b", "c"));
        profiles(two).get("a");
        assertThat(heard)
                .containsExactly(
                        new CacheRead("profiles", 0, 0, 1),
                        new CacheRead("profiles", 0, 1, 0),
                        new CacheRead("profiles", 0, 2, 1));
    }

    @Test
    final void whatANearCopyAnswersIsToldAsThat() {
        Cache<String> cache =
                one.cache("near", String.class, CacheOptions.none().near(NearOptions.entries(10)));
        cache.put("a", "1");
        eventually().until(() -> {
            heard.clear();
            assertThat(cache.get("a")).contains("1");
            assertThat(heard).hasSize(1);
            return heard.equals(List.of(new CacheRead("near", 1, 0, 0)));
        });
    }

    @Test
    final void aLoadIsToldOnceBehindTheReadThatMissedAndWhetherItFailed() {
        Cache<String> cache = profiles(one);
        assertThat(cache.get("a", TTL, key -> Optional.of(key + "!"))).contains("a!");
        assertThat(heard.get(0)).isEqualTo(new CacheRead("profiles", 0, 0, 1));
        assertThat(heard(CacheLoaded.class)).singleElement().satisfies(loaded -> {
            assertThat(loaded.cache()).isEqualTo("profiles");
            assertThat(loaded.failed()).isFalse();
            assertThat(loaded.took()).isGreaterThanOrEqualTo(Duration.ZERO).isLessThan(PATIENCE);
        });
        cache.get("a", TTL, key -> Optional.of("not asked"));
        assertThat(heard(CacheLoaded.class)).hasSize(1);
        assertThatThrownBy(() -> cache.get("b", TTL, key -> {
                    throw new IllegalStateException("on purpose");
                }))
                .isInstanceOf(LoadException.class);
        assertThat(heard(CacheLoaded.class)).extracting(CacheLoaded::failed).containsExactly(false, true);
    }

    @Test
    final void whoWaitsForALockOrAPermitIsToldOfOnceAndSoIsItsEnd() throws InterruptedException {
        Lock.Held lock = one.lock("l").tryLock(PATIENCE).orElseThrow();
        Semaphore.Permit permit = one.semaphore("s", 1).tryAcquire(PATIENCE).orElseThrow();
        assertThat(heard)
                .hasSize(2)
                .allSatisfy(event -> assertThat(event).isInstanceOfSatisfying(LeaseAwaited.class, awaited -> {
                    assertThat(awaited.granted()).isTrue();
                    assertThat(awaited.took()).isBetween(Duration.ZERO, PATIENCE);
                }));
        assertThat(heard(LeaseAwaited.class))
                .extracting(LeaseAwaited::kind)
                .containsExactly(Leased.LOCK, Leased.PERMIT);
        permit.close();
        permit.close();
        lock.close();
        lock.close();
        assertThat(heard(LeaseEnded.class)).extracting(LeaseEnded::kind).containsExactly(Leased.PERMIT, Leased.LOCK);
        assertThat(heard(LeaseEnded.class)).allSatisfy(ended -> {
            assertThat(ended.lost()).isFalse();
            assertThat(ended.held()).isBetween(Duration.ZERO, PATIENCE.multipliedBy(2));
        });
        assertThat(heard).hasSize(4);
    }

    @Test
    final void aLockOrAPermitThatIsTakenAwayIsToldAsLostOnceThoughItIsClosedAfterwards() throws InterruptedException {
        Cluster holder = join("holder", settings -> settings.beat(BEAT));
        holder.listen(heard::add);
        List<String> lost = new CopyOnWriteArrayList<>();
        Lock.Held lock = holder.lock("l").tryLock(PATIENCE, lost::add).orElseThrow();
        Semaphore.Permit permit =
                holder.semaphore("s", 1).tryAcquire(PATIENCE, lost::add).orElseThrow();
        Transport operator = open();
        takeAway(operator.locks().orElseThrow());
        takeAway(operator.semaphores().orElseThrow());
        eventually().atMost(PATIENCE).until(() -> heard(LeaseEnded.class).size() == 2 && lost.size() == 2);
        assertThat(heard(LeaseEnded.class))
                .extracting(LeaseEnded::kind)
                .containsExactlyInAnyOrder(Leased.LOCK, Leased.PERMIT);
        assertThat(lock.stillMine()).isFalse();
        assertThat(permit.stillMine()).isFalse();
        lock.close();
        permit.close();
        assertThat(heard(LeaseEnded.class)).hasSize(2).allSatisfy(ended -> {
            assertThat(ended.lost()).isTrue();
            assertThat(ended.held()).isBetween(Duration.ZERO, PATIENCE.multipliedBy(2));
        });
        assertThat(lost).hasSize(2).doesNotContain("");
    }

    /** What an operator does who ends a lease in the name of its owner. */
    private static void takeAway(LeaseStore store) {
        Holding held = Page.stream(cursor -> on(store.holdings("", cursor, 10)))
                .findFirst()
                .orElseThrow();
        assertThat(on(store.release(held.name(), held.owner()))).isTrue();
    }

    @Test
    final void whoWaitsInVainIsToldOfWithTheTimeItTook() throws InterruptedException {
        Lock.Held elsewhere = two.lock("l").tryLock(PATIENCE).orElseThrow();
        assertThat(one.lock("l").tryLock(MOMENT)).isEmpty();
        elsewhere.close();
        assertThat(heard).singleElement().isInstanceOfSatisfying(LeaseAwaited.class, awaited -> {
            assertThat(awaited.kind()).isEqualTo(Leased.LOCK);
            assertThat(awaited.granted()).isFalse();
            assertThat(awaited.took()).isGreaterThanOrEqualTo(MOMENT.dividedBy(2));
        });
    }

    @Test
    final void aListenerThatThrowsHarmsNeitherWhatHappensNorTheOthersAndOneThatIsClosedHearsNoMore() {
        one.listen(event -> {
            throw new NoClassDefFoundError("on purpose");
        });
        List<NodeEvent> other = new CopyOnWriteArrayList<>();
        Registration listening = one.listen(other::add);
        profiles(one).put("a", "1");
        assertThat(profiles(one).get("a")).contains("1");
        assertThat(heard).hasSize(1).isEqualTo(other);
        listening.close();
        listening.close();
        assertThat(profiles(one).get("a")).contains("1");
        assertThat(heard).hasSize(2);
        assertThat(other).hasSize(1);
    }
}
