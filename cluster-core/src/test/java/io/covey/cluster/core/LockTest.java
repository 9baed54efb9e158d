package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.LeaseLostException;
import io.covey.cluster.Lock;
import io.covey.cluster.TransportException;
import io.covey.cluster.core.local.LocalBackend;
import io.covey.cluster.core.local.ManualClock;
import io.covey.cluster.spi.TransportConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LockTest extends TwoNodes {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int RACES = 200;

    @Test
    void oneHandleExcludesAllOthersAndEachHoldingHasALargerFence() throws Exception {
        Lock mine = one.lock("report");
        Lock.Held held = mine.tryLock(Duration.ZERO).orElseThrow();
        assertThat(held.stillMine()).isTrue();
        assertThat(one.lock("report").tryLock(Duration.ZERO)).isEmpty();
        assertThat(two.lock("report").tryLock(Duration.ofMillis(120))).isEmpty();
        assertThatThrownBy(() -> mine.tryLock(Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("report");
        held.close();
        held.close();
        assertThat(held.stillMine()).isFalse();
        try (Lock.Held next = two.lock("report").tryLock(Duration.ZERO).orElseThrow()) {
            assertThat(next.fence()).isGreaterThan(held.fence());
        }
        mine.tryLock(Duration.ZERO).orElseThrow().close();
    }

    @Test
    void aWaitBelowZeroTriesOnceHoweverFarBelow() throws Exception {
        for (Duration wait : List.of(Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
            Lock lock = one.lock("report");
            lock.tryLock(wait).orElseThrow().close();
            lock.tryLockAsync(wait, reason -> {})
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS)
                    .orElseThrow()
                    .close();
            one.semaphore("seats", 1).tryAcquire(wait).orElseThrow().close();
        }
    }

    @Test
    void aHandleIsFreeAfterACallThatCouldNotBeMadeOrThatTheStoreThrewAt() throws Exception {
        Lock lock = one.lock("report");
        assertThatThrownBy(() -> lock.tryLock(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> lock.tryLockAsync(null, reason -> {})).isInstanceOf(NullPointerException.class);
        for (Throwable thrown : List.of(new IllegalStateException("on purpose"), new AssertionError("on purpose"))) {
            nodes.wire(one).tap(method -> {
                if (method.equals("acquire")) {
                    throw sneaky(thrown);
                }
            });
            assertThatThrownBy(() -> lock.tryLock(Duration.ZERO)).isSameAs(thrown);
        }
        nodes.wire(one).tap(method -> {});
        lock.tryLock(Duration.ZERO).orElseThrow().close();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void ofTwoNodesOfOneNameWhoRaceForALockOneGetsItTwoHundredTimes() throws Exception {
        List<Cluster> twins = List.of(nodes.join("web"), nodes.join("web"));
        CyclicBarrier start = new CyclicBarrier(2);
        List<CompletableFuture<BitSet>> runs = twins.stream()
                .map(node ->
                        CompletableFuture.supplyAsync(() -> race(node, start), command -> new Thread(command).start()))
                .toList();
        BitSet first = runs.get(0).get(60, TimeUnit.SECONDS);
        BitSet second = runs.get(1).get(60, TimeUnit.SECONDS);
        assertThat(first.intersects(second)).isFalse();
        assertThat(first.cardinality() + second.cardinality()).isEqualTo(RACES);
    }

    private static BitSet race(Cluster node, CyclicBarrier start) {
        BitSet won = new BitSet();
        try {
            for (int i = 0; i < RACES; i++) {
                start.await(30, TimeUnit.SECONDS);
                won.set(i, node.lock("race" + i).tryLock(Duration.ZERO).isPresent());
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return won;
    }

    @Test
    void aBodyRunsUnderTheLockWithItsFenceAndTheLockIsFreeAfterwardsWhateverItDoes() throws Exception {
        Lock lock = one.lock("report");
        long fence = lock.withLock(Duration.ZERO, held -> {
                    assertThat(two.lock("report").withLock(Duration.ZERO, other -> true))
                            .isEmpty();
                    return held.fence();
                })
                .orElseThrow();
        assertThatThrownBy(() -> lock.withLock(Duration.ZERO, held -> {
                    throw new IOException("disk full");
                }))
                .isInstanceOf(IOException.class);
        assertThat(two.lock("report").withLock(Duration.ZERO, Lock.Held::fence).orElseThrow())
                .isGreaterThan(fence);
    }

    @Test
    void aBodyThatOutlivedItsLeaseEndsWithAnExceptionThoughItThinksItSucceeded() {
        assertThatThrownBy(() -> one.lock("report").withLock(Duration.ZERO, held -> {
                    nodes.kill(one);
                    await().atMost(Duration.ofSeconds(30)).until(() -> !held.stillMine());
                    return "written";
                }))
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("report")
                .hasMessageContaining("fence");
    }

    @Test
    void whoWaitsGetsItWhenItIsReleased() throws Exception {
        Lock.Held held = one.lock("report").tryLock(Duration.ZERO).orElseThrow();
        CompletableFuture<Boolean> waiter = CompletableFuture.supplyAsync(() -> {
            try {
                return two.lock("report").tryLock(LONG).isPresent();
            } catch (InterruptedException e) {
                return false;
            }
        });
        held.close();
        await().atMost(Duration.ofSeconds(30)).until(waiter::isDone);
        assertThat(waiter.join()).isTrue();
    }

    @Test
    void aHeldLockOutlivesItsLease() throws Exception {
        boolean outlived = false;
        // A machine that stops this process for a second takes a lease away, and rightly so.
        for (int attempt = 0; attempt < 5 && !outlived; attempt++) {
            try (Lock.Held held = one.lock("report").tryLock(LONG).orElseThrow()) {
                Optional<Lock.Held> other = two.lock("report").tryLock(Duration.ofMillis(2600));
                outlived = other.isEmpty() && held.stillMine();
                other.ifPresent(Lock.Held::close);
            }
        }
        assertThat(outlived).isTrue();
    }

    @Test
    void oneIncrementsAtATime() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        List<CompletableFuture<Void>> runs = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 6; i++) {
            Cluster node = i % 2 == 0 ? one : two;
            runs.add(CompletableFuture.runAsync(() -> {
                try {
                    node.lock("counter").withLock(LONG, held -> {
                        assertThat(inside.incrementAndGet()).isEqualTo(1);
                        Thread.yield();
                        inside.decrementAndGet();
                        return done.incrementAndGet();
                    });
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        runs.forEach(CompletableFuture::join);
        assertThat(done).hasValue(6);
    }

    @Test
    void aHolderThatIsCutOffKnowsByItsOwnClockAndIsToldOnce() throws Exception {
        List<String> lost = new CopyOnWriteArrayList<>();
        Lock lock = one.lock("report");
        Lock.Held held = lock.tryLock(Duration.ZERO, lost::add).orElseThrow();
        nodes.kill(one);
        await().atMost(Duration.ofSeconds(30)).until(() -> !held.stillMine());
        await().untilAsserted(() -> assertThat(lost).hasSize(1));
        assertThat(lost.get(0)).contains("no renewal");
        held.close();
        nodes.wire(one).become(Wire.State.WHOLE);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(lock.tryLock(Duration.ZERO)).isPresent());
        assertThat(lost).hasSize(1);
    }

    @Test
    void aLockThatTheBackendGaveAwayIsLost() throws Exception {
        ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
        LocalBackend backend = LocalBackend.create(clock, Runnable::run);
        TransportConfig config = TransportConfig.of("local:manual");
        try (Cluster node = new CoreNodeProvider()
                .join(io.covey.cluster.ClusterConfig.builder("local:manual")
                        .beat(Duration.ofMillis(300))
                        .transport(backend.open(config))
                        .build())) {
            List<String> lost = new CopyOnWriteArrayList<>();
            Lock.Held held =
                    node.lock("report").tryLock(Duration.ZERO, lost::add).orElseThrow();
            backend.open(config).locks().orElseThrow().release("report", "nobody");
            assertThat(held.stillMine()).isTrue();
            clock.advance(Duration.ofMinutes(1));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(lost).hasSize(1));
            assertThat(held.stillMine()).isFalse();
        }
    }

    @Test
    void theLossIsToldAlsoIfTheStoreThrowsAtTheRelease() throws Exception {
        List<String> lost = new CopyOnWriteArrayList<>();
        Lock lock = one.lock("report");
        lock.tryLock(Duration.ZERO, lost::add).orElseThrow();
        nodes.wire(one).tap(method -> {
            if (method.equals("extend")) {
                throw new TransportException("not renewed");
            }
            if (method.equals("release")) {
                throw new IllegalStateException("not released");
            }
        });
        await().atMost(Duration.ofSeconds(30)).until(() -> !lost.isEmpty());
        assertThat(lost).hasSize(1);
    }

    @Test
    void aLostAnswerToTheFirstTryLocksNobodyOut() throws Exception {
        nodes.wire(one).become(Wire.State.DEAF);
        Lock lock = one.lock("report");
        assertThatThrownBy(() -> lock.tryLock(Duration.ZERO)).isInstanceOf(TransportException.class);
        nodes.wire(one).become(Wire.State.WHOLE);
        assertThat(two.lock("report").tryLock(Duration.ofSeconds(1))).isPresent();
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        one.lock("report").tryLock(Duration.ZERO).orElseThrow();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            try {
                two.lock("report").tryLock(LONG);
                thrown.complete(new AssertionError("got it"));
            } catch (InterruptedException e) {
                thrown.complete(e);
            }
        });
        waiter.start();
        waiter.interrupt();
        assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void whatANodeHoldsIsFreeWhenItCloses() throws Exception {
        Lock.Held held = one.lock("report").tryLock(Duration.ZERO).orElseThrow();
        one.close();
        assertThat(held.stillMine()).isFalse();
        assertThat(two.lock("report").tryLock(Duration.ZERO)).isPresent();
    }
}
