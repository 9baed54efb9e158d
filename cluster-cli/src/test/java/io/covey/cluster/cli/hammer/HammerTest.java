package io.covey.cluster.cli.hammer;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.cli.hammer.HammerProcess.Mutant;
import io.covey.cluster.cli.hammer.HammerProcess.Target;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Eight processes at one lock, semaphore or value, while they are killed, stopped and cut off. */
@Tag("hammer")
@Tag("long")
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HammerTest {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(180);

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void aLockHasOneHolderOfTheNewestFence(String driver) throws Exception {
        try (HammerScene scene = new HammerScene(driver, Target.LOCK, Mutant.NONE)) {
            scene.start();
            scene.hammer();
            Holdings holdings = Holdings.in(scene.folder());
            scene.tell(holdings.all().size() + " holdings, " + scene.resource.value() + " updates, "
                    + scene.resource.refused() + " refused for an old fence, longest time without a holder "
                    + holdings.longestGap().toMillis() + " ms");
            assertThat(holdings.all()).hasSizeGreaterThan(20);
            assertThat(holdings.overlaps(1)).isEmpty();
            assertThat(holdings.outlived()).isEmpty();
            assertThat(holdings.fencesThatDoNotGrow()).isEmpty();
            assertThat(scene.resource.violations()).isEmpty();
            scene.proved();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void aSemaphoreHasNeverMoreHoldersThanPermits(String driver) throws Exception {
        try (HammerScene scene = new HammerScene(driver, Target.SEMAPHORE, Mutant.NONE)) {
            scene.start();
            scene.hammer();
            Holdings holdings = Holdings.in(scene.folder());
            scene.tell(holdings.all().size() + " permits");
            assertThat(holdings.all()).hasSizeGreaterThan(20);
            assertThat(holdings.overlaps(HammerProcess.PERMITS)).isEmpty();
            assertThat(holdings.overlaps(HammerProcess.PERMITS - 1))
                    .as("moments in which all permits were held")
                    .isNotEmpty();
            scene.proved();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void noIncrementByCompareAndSetIsLost(String driver) throws Exception {
        try (HammerScene scene = new HammerScene(driver, Target.VALUE, Mutant.NONE);
                Cluster node = scene.join()) {
            Cache<Long> cache = node.cache(HammerProcess.NAME, Long.class);
            cache.put(HammerProcess.NAME, 0L);
            scene.start();
            scene.hammer();
            Tally.Sum sum = Tally.sum(scene.folder());
            long value = cache.get(HammerProcess.NAME).orElseThrow();
            scene.tell("value " + value + ", " + sum);
            assertThat(sum.done()).isGreaterThan(20);
            assertThat(sum.explains(value)).as("%d by %s", value, sum).isTrue();
            scene.proved();
        }
    }

    private static String first(List<String> found) {
        return found.isEmpty() ? "nothing found" : found.get(0);
    }

    @Test
    void aHolderThatBelievesInItsLeaseForEverIsFound() throws Exception {
        try (HammerScene scene = new HammerScene("jedis", Target.LOCK, Mutant.BELIEVER)) {
            scene.start();
            List<String> found = List.of();
            for (long begun = System.nanoTime(); found.isEmpty() && System.nanoTime() - begun < PATIENCE; ) {
                scene.strike();
                found = Holdings.in(scene.folder()).outlived();
            }
            scene.tell(first(found));
            assertThat(found).isNotEmpty();
            scene.proved();
        }
    }

    @Test
    void aHolderThatMakesItsOwnFencesIsFound() throws Exception {
        try (HammerScene scene = new HammerScene("jedis", Target.LOCK, Mutant.SELF_FENCED)) {
            scene.start();
            List<String> found = List.of();
            for (long begun = System.nanoTime(); found.isEmpty() && System.nanoTime() - begun < PATIENCE; ) {
                scene.strike();
                found = scene.resource.violations();
            }
            scene.tell(first(found));
            assertThat(found).isNotEmpty();
            scene.proved();
        }
    }

    @Test
    void aSemaphoreThatGivesOneTooManyIsFound() throws Exception {
        try (HammerScene scene = new HammerScene("lettuce", Target.SEMAPHORE, Mutant.GREEDY)) {
            scene.start();
            List<String> found = List.of();
            for (long begun = System.nanoTime(); found.isEmpty() && System.nanoTime() - begun < PATIENCE; ) {
                scene.strike();
                found = Holdings.in(scene.folder()).overlaps(HammerProcess.PERMITS);
            }
            scene.tell(found.size() + " overlaps");
            assertThat(found).isNotEmpty();
            scene.proved();
        }
    }

    @Test
    void anIncrementWithoutComparingIsFound() throws Exception {
        try (HammerScene scene = new HammerScene("lettuce", Target.VALUE, Mutant.BLIND);
                Cluster node = scene.join()) {
            Cache<Long> cache = node.cache(HammerProcess.NAME, Long.class);
            cache.put(HammerProcess.NAME, 0L);
            scene.start();
            scene.strike();
            scene.end();
            Tally.Sum sum = Tally.sum(scene.folder());
            long value = cache.get(HammerProcess.NAME).orElseThrow();
            scene.tell("value " + value + ", " + sum);
            assertThat(sum.explains(value)).as("%d by %s", value, sum).isFalse();
            scene.proved();
        }
    }
}
