package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Lock;
import io.covey.cluster.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Those who wait for a lock. */
class LockLineTest extends TwoNodes {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static CompletableFuture<Optional<Lock.Held>> waiting(Cluster node, Duration wait) {
        return node.lock("report").tryLockAsync(wait, reason -> {}).toCompletableFuture();
    }

    private static Lock.Held got(CompletableFuture<Optional<Lock.Held>> answer) throws Exception {
        return answer.get(60, TimeUnit.SECONDS).orElseThrow();
    }

    private Lock.Held held() throws InterruptedException {
        return one.lock("report").tryLock(Duration.ZERO).orElseThrow();
    }

    @Test
    void aFreeLockIsTakenWithoutAThreadThatWaits() throws Exception {
        Lock lock = one.lock("report");
        Lock.Held held = got(lock.tryLockAsync(Duration.ZERO, reason -> {}).toCompletableFuture());
        assertThat(held.stillMine()).isTrue();
        assertThatThrownBy(() -> lock.tryLockAsync(LONG, reason -> {})).isInstanceOf(IllegalStateException.class);
        assertThat(waiting(two, Duration.ZERO).get(60, TimeUnit.SECONDS)).isEmpty();
        assertThat(waiting(two, Duration.ofMillis(120)).get(60, TimeUnit.SECONDS))
                .isEmpty();
        held.close();
        got(lock.tryLockAsync(LONG, reason -> {}).toCompletableFuture());
    }

    @Test
    void thoseOfANodeAreServedInTheOrderInWhichTheyCame() throws Exception {
        Lock.Held first = held();
        List<CompletableFuture<Long>> line = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            line.add(waiting(two, LONG).thenApply(held -> {
                held.orElseThrow().close();
                return held.get().fence();
            }));
        }
        first.close();
        long last = first.fence();
        for (CompletableFuture<Long> each : line) {
            long fence = each.get(60, TimeUnit.SECONDS);
            assertThat(fence).isGreaterThan(last);
            last = fence;
        }
    }

    @Test
    void ofFiftyWhoWaitOnANodeOneAsksAfterARelease() throws Exception {
        Lock.Held first = held();
        AtomicInteger asked = new AtomicInteger();
        nodes.wire(two).tap(method -> {
            if (method.equals("acquire")) {
                asked.incrementAndGet();
            }
        });
        List<CompletableFuture<Void>> line = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            line.add(waiting(two, LONG).thenAccept(held -> held.orElseThrow().close()));
        }
        long begun = System.nanoTime();
        first.close();
        CompletableFuture.allOf(line.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        long polls = (System.nanoTime() - begun) / TimeUnit.MILLISECONDS.toNanos(30);
        // One that is given and one in vain: the next in line asks when the hint of the release comes.
        assertThat(asked.get()).isLessThan(50 * 3 + 10 + (int) polls);
    }

    @Test
    void whoGivesUpDoesNotHoldUpThoseBehind() throws Exception {
        Lock.Held first = held();
        CompletableFuture<Optional<Lock.Held>> ada = waiting(two, LONG);
        CompletableFuture<Optional<Lock.Held>> impatient = waiting(two, Duration.ofMillis(100));
        CompletableFuture<Optional<Lock.Held>> cancelled = waiting(two, LONG);
        CompletableFuture<Optional<Lock.Held>> bob = waiting(two, LONG);
        assertThat(impatient.get(60, TimeUnit.SECONDS)).isEmpty();
        cancelled.cancel(false);
        first.close();
        got(ada).close();
        got(bob).close();
        held().close();
    }

    @Test
    void aLockThatComesForOneWhoGaveUpMeanwhileIsReleased() throws Exception {
        for (int i = 0; i < 50; i++) {
            Lock.Held first = held();
            CompletableFuture<Optional<Lock.Held>> waiter = waiting(two, LONG);
            CompletableFuture<Void> releasing = CompletableFuture.runAsync(first::close);
            if (!waiter.cancel(false)) {
                waiter.join().ifPresent(Lock.Held::close);
            }
            releasing.join();
            one.lock("report").tryLock(LONG).orElseThrow().close();
        }
    }

    @Test
    void aHintThatIsLostHoldsNobodyUpForLong() throws Exception {
        nodes.wire(two).loseHints();
        Lock.Held first = held();
        CompletableFuture<Optional<Lock.Held>> waiter = waiting(two, LONG);
        first.close();
        got(waiter).close();
    }

    @Test
    void whoWaitsGetsItWhenTheHolderDiedAndItsLeaseIsOver() throws Exception {
        Lock.Held first = held();
        CompletableFuture<Optional<Lock.Held>> waiter = waiting(two, LONG);
        nodes.kill(one);
        Lock.Held next = got(waiter);
        assertThat(next.fence()).isGreaterThan(first.fence());
        assertThat(first.stillMine()).isFalse();
    }

    @Test
    void anOutageIsWaitedOut() throws Exception {
        Lock.Held first = held();
        CompletableFuture<Optional<Lock.Held>> waiter = waiting(two, LONG);
        nodes.wire(two).become(Wire.State.CUT);
        await().atMost(Duration.ofSeconds(30)).until(() -> nodes.wire(two).refused() > 3);
        first.close();
        nodes.wire(two).become(Wire.State.WHOLE);
        got(waiter).close();
    }

    @Test
    void anOutageAtTheEndOfTheWaitIsToldAsSuch() throws Exception {
        held();
        CompletableFuture<Optional<Lock.Held>> waiter = waiting(two, Duration.ofMillis(500));
        nodes.wire(two).become(Wire.State.CUT);
        assertThatThrownBy(() -> waiter.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TransportException.class);
    }

    @Test
    void aLockWhoseAnswerWasLostIsFoundByTheNextQuestion() throws Exception {
        Lock.Held first = held();
        CompletableFuture<Optional<Lock.Held>> waiter = waiting(two, LONG);
        nodes.wire(two).become(Wire.State.DEAF);
        first.close();
        // Once it is given to the deaf one, the lease of nobody else begins.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> one.lock("report")
                        .tryLock(Duration.ZERO)
                        .map(held -> {
                            held.close();
                            return false;
                        })
                        .orElse(true));
        nodes.wire(two).become(Wire.State.WHOLE);
        assertThat(got(waiter).stillMine()).isTrue();
    }

    @Test
    void aNodeThatClosesEndsTheWaitOfItsOwn() throws Exception {
        held();
        CompletableFuture<Optional<Lock.Held>> waiter = waiting(two, LONG);
        two.close();
        assertThatThrownBy(() -> waiter.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ClusterException.class)
                .hasMessageContaining("two is closed");
    }

    @Test
    void aHandleCanBeUsedAgainAfterAnInterrupt() throws Exception {
        Lock.Held first = held();
        Lock lock = two.lock("report");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> lock.tryLock(LONG)).isInstanceOf(InterruptedException.class);
        Thread waiter = new Thread(() -> {
            try {
                lock.tryLock(LONG);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiter.start();
        await().atMost(Duration.ofSeconds(30)).until(() -> waiter.getState() == Thread.State.TIMED_WAITING);
        waiter.interrupt();
        waiter.join();
        first.close();
        lock.tryLock(LONG).orElseThrow().close();
    }

    @Test
    @Tag("long")
    void renewalsThatFailAreTriedAgainUntilTheLeaseIsOver() throws Exception {
        List<String> lost = new CopyOnWriteArrayList<>();
        Wire wire = new Wire(nodes.raw(), true);
        try (Cluster node = new CoreNodeProvider()
                .join(ClusterConfig.builder("local:nodes")
                        .beat(Duration.ofSeconds(2))
                        .transport(wire)
                        .build())) {
            Lock.Held held =
                    node.lock("report").tryLock(Duration.ZERO, lost::add).orElseThrow();
            AtomicInteger failures = new AtomicInteger();
            AtomicInteger renewals = new AtomicInteger();
            wire.tap(method -> {
                if (method.equals("extend") && failures.incrementAndGet() <= 4) {
                    throw new TransportException("not renewed");
                }
                if (method.equals("extend")) {
                    renewals.incrementAndGet();
                }
            });
            await().atMost(Duration.ofSeconds(30)).until(() -> renewals.get() >= 2);
            assertThat(held.stillMine()).isTrue();
            assertThat(lost).isEmpty();
        }
    }
}
