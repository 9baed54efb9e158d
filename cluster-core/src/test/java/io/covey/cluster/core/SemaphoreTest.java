package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.LeaseLostException;
import io.covey.cluster.Semaphore;
import io.covey.cluster.Semaphore.Permit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SemaphoreTest extends TwoNodes {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void asManyAsThereArePermitsAreHeldAndAReleaseLetsOneMoreIn() throws Exception {
        Semaphore here = one.semaphore("uploads", 2);
        Semaphore there = two.semaphore("uploads", 2);
        assertThat(here.name()).isEqualTo("uploads");
        assertThat(here.permits()).isEqualTo(2);
        Permit first = here.tryAcquire(Duration.ZERO).orElseThrow();
        here.tryAcquire(Duration.ZERO).orElseThrow();
        assertThat(here.tryAcquire(Duration.ZERO)).isEmpty();
        assertThat(there.tryAcquire(Duration.ofMillis(120))).isEmpty();
        CompletableFuture<Optional<Permit>> waiting =
                there.tryAcquireAsync(LONG, reason -> {}).toCompletableFuture();
        assertThat(first.stillMine()).isTrue();
        first.close();
        first.close();
        assertThat(first.stillMine()).isFalse();
        assertThat(waiting.get(60, TimeUnit.SECONDS).orElseThrow().stillMine()).isTrue();
        assertThat(here.tryAcquire(Duration.ZERO)).isEmpty();
    }

    @Test
    void neverMoreThanThePermitsAreInside() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<CompletableFuture<Integer>> runs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Semaphore semaphore = (i % 2 == 0 ? one : two).semaphore("uploads", 3);
            runs.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return semaphore
                                    .withPermit(LONG, permit -> {
                                        int now = inside.incrementAndGet();
                                        most.accumulateAndGet(now, Math::max);
                                        Thread.yield();
                                        inside.decrementAndGet();
                                        return now;
                                    })
                                    .orElseThrow();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    command -> new Thread(command).start()));
        }
        for (CompletableFuture<Integer> run : runs) {
            assertThat(run.get(60, TimeUnit.SECONDS)).isBetween(1, 3);
        }
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void aPermitOutlivesItsLeaseWhileItsHolderLivesAndIsFreeAfterItDied() throws Exception {
        List<String> lost = new CopyOnWriteArrayList<>();
        Permit permit = one.semaphore("uploads", 1).tryAcquire(LONG, lost::add).orElseThrow();
        // A machine that stops this process for a second takes a lease away, and rightly so.
        for (int attempt = 0; attempt < 5; attempt++) {
            Optional<Permit> other = two.semaphore("uploads", 1).tryAcquire(Duration.ofMillis(2600));
            if (other.isEmpty() && permit.stillMine()) {
                break;
            }
            other.ifPresent(Permit::close);
            permit.close();
            lost.clear();
            permit = one.semaphore("uploads", 1).tryAcquire(LONG, lost::add).orElseThrow();
        }
        permit.assertMine();
        nodes.kill(one);
        assertThat(two.semaphore("uploads", 1).tryAcquire(LONG)).isPresent();
        assertThat(permit.stillMine()).isFalse();
        assertThatThrownBy(permit::assertMine)
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("uploads");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(lost).hasSize(1));
    }

    @Test
    void whatANodeHoldsIsFreeWhenItCloses() throws Exception {
        one.semaphore("uploads", 1).tryAcquire(Duration.ZERO).orElseThrow();
        one.close();
        assertThat(two.semaphore("uploads", 1).tryAcquire(Duration.ZERO)).isPresent();
    }

    @Test
    void manyWhoWaitOnOneNodeAllGetTheirTurn() throws Exception {
        Permit first = one.semaphore("uploads", 2).tryAcquire(Duration.ZERO).orElseThrow();
        Permit second = one.semaphore("uploads", 2).tryAcquire(Duration.ZERO).orElseThrow();
        List<CompletableFuture<Void>> line = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            line.add(two.semaphore("uploads", 2)
                    .tryAcquireAsync(LONG, reason -> {})
                    .toCompletableFuture()
                    .thenAccept(permit -> permit.orElseThrow().close()));
        }
        first.close();
        second.close();
        CompletableFuture.allOf(line.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    }

    @Test
    void namesAndNumbersThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> one.semaphore("a b", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a b");
        assertThatThrownBy(() -> one.semaphore("uploads", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("uploads")
                .hasMessageContaining("was 0");
        assertThatThrownBy(() -> one.semaphore("uploads", 1_000_001)).isInstanceOf(IllegalArgumentException.class);
    }
}
