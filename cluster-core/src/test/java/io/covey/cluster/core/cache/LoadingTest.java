package io.covey.cluster.core.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.CodecException;
import io.covey.cluster.LoadException;
import io.covey.cluster.Loading;
import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LoadingTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CacheNodes nodes = new CacheNodes();
    private final CacheNodes.Joined one = nodes.join("one");
    private final CacheNodes.Joined two = nodes.join("two");
    private final Cache<String> texts = one.cache("texts", String.class);
    private final AtomicInteger loads = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    @AfterEach
    void close() {
        nodes.close();
    }

    /** What a loader finds that counts its calls. */
    private Optional<String> count(String key) {
        return Optional.of(key + loads.incrementAndGet());
    }

    /** The same, behind a gate. */
    private Optional<String> gated(String key) throws InterruptedException {
        begun.countDown();
        assertThat(open.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return count(key);
    }

    private record Caller<T>(Thread thread, FutureTask<T> result) {}

    private static <T> Caller<T> start(Callable<T> body) {
        FutureTask<T> result = new FutureTask<>(body);
        Thread thread = new Thread(result);
        thread.setDaemon(true);
        thread.start();
        return new Caller<>(thread, result);
    }

    private static void awaitWaiting(Thread thread) {
        await().atMost(PATIENCE).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void whatIsMissingIsLoadedStoredForItsTimeAndFoundByAllNodes() {
        assertThat(texts.get("a", MINUTE, this::count)).contains("a1");
        assertThat(texts.get("a", MINUTE, this::count)).contains("a1");
        assertThat(two.cache("texts", String.class).get("a", MINUTE, this::count))
                .contains("a1");
        assertThat(texts.get("a")).contains("a1");
        nodes.clock.advance(MINUTE);
        assertThat(texts.get("a")).isEmpty();
        assertThat(texts.get("a", MINUTE, this::count)).contains("a2");
    }

    @Test
    void thoseWhoMissAtOnceShareOneLoadAndEachGetsAnObjectOfItsOwn() throws Exception {
        Cache<String[]> arrays = one.cache("arrays", String[].class);
        Cache<String[]> sameCache = one.cache("arrays", String[].class);
        List<Caller<Optional<String[]>>> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Cache<String[]> mine = i % 2 == 0 ? arrays : sameCache;
            callers.add(start(() -> mine.get("a", MINUTE, key -> gated(key).map(text -> new String[] {text}))));
        }
        for (Caller<?> caller : callers) {
            await().atMost(PATIENCE).until(() -> caller.thread().getState() == Thread.State.TIMED_WAITING);
        }
        open.countDown();
        List<String[]> got = new ArrayList<>();
        for (Caller<Optional<String[]>> caller : callers) {
            got.add(caller.result().get().orElseThrow());
        }
        assertThat(loads).hasValue(1);
        assertThat(got).allSatisfy(array -> assertThat(array).containsExactly("a1"));
        assertThat(got.stream().map(System::identityHashCode).distinct()).hasSize(8);
    }

    @Test
    void whatTheLoaderThrowsReachesAllWhoWaitAndIsNotRemembered() throws Exception {
        List<Caller<Optional<String>>> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            callers.add(start(() -> texts.get("a", MINUTE, key -> {
                gated(key);
                throw new IOException("hunter2");
            })));
        }
        callers.forEach(caller -> awaitWaiting(caller.thread()));
        open.countDown();
        List<Throwable> thrown = new ArrayList<>();
        for (Caller<?> caller : callers) {
            assertThatThrownBy(() -> caller.result().get())
                    .cause()
                    .isInstanceOf(LoadException.class)
                    .hasMessageContaining("texts")
                    .hasMessageContaining("\"a\"")
                    .hasMessageContaining("IOException")
                    .hasMessageNotContaining("hunter2")
                    .hasCauseInstanceOf(IOException.class)
                    .satisfies(thrown::add);
        }
        assertThat(thrown).doesNotHaveDuplicates();
        assertThat(loads).hasValue(1);
        assertThat(texts.get("a")).isEmpty();
        assertThat(texts.get("a", MINUTE, this::count)).contains("a2");
    }

    @Test
    void anInterruptedWaiterLeavesAndTheOthersGetTheirValue() throws Exception {
        Caller<Optional<String>> leader = start(() -> texts.get("a", MINUTE, this::gated));
        begun.await();
        Caller<Optional<String>> waiter = start(() -> texts.get("a", MINUTE, this::gated));
        awaitWaiting(waiter.thread());
        waiter.thread().interrupt();
        assertThatThrownBy(() -> waiter.result().get()).hasCauseInstanceOf(LoadException.class);
        open.countDown();
        assertThat(leader.result().get()).contains("a1");
    }

    @Test
    void whenTheOneWhoLoadsIsInterruptedAnotherLoads() throws Exception {
        Caller<Optional<String>> leader = start(() -> texts.get("a", MINUTE, this::gated));
        begun.await();
        Caller<Optional<String>> waiter = start(() -> texts.get("a", MINUTE, this::count));
        awaitWaiting(waiter.thread());
        leader.thread().interrupt();
        assertThatThrownBy(() -> leader.result().get()).hasCauseInstanceOf(LoadException.class);
        assertThat(waiter.result().get()).contains("a1");
    }

    @Test
    void aLoadThatTakesTooLongIsWaitedForNoLonger() throws Exception {
        Caller<Optional<String>> leader = start(() -> texts.get("a", MINUTE, this::gated));
        begun.await();
        Loading<String> impatient =
                Loading.<String>of(MINUTE, key -> Optional.of("other")).timeout(Duration.ofMillis(50));
        assertThatThrownBy(() -> texts.get("a", impatient))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("PT0.05S");
        assertThat(texts.get("a", impatient)).contains("other");
        open.countDown();
        assertThat(leader.result().get()).as("what was written meanwhile").contains("other");
    }

    @Test
    void aLoaderThatAsksForItsOwnKeyIsToldSo() {
        assertThatThrownBy(() -> texts.get("a", MINUTE, key -> texts.get(key, MINUTE, this::count)))
                .isInstanceOf(LoadException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(texts.get("a", MINUTE, key -> texts.get("b", MINUTE, this::count)))
                .contains("b1");
    }

    @Test
    void aNullOfTheLoaderIsItsFault() {
        assertThatThrownBy(() -> texts.get("a", MINUTE, key -> null))
                .isInstanceOf(LoadException.class)
                .hasCauseInstanceOf(NullPointerException.class);
    }

    @Test
    void aLoadedValueThatCannotBeStoredIsTheLoadersFault() {
        String long1001 = "x".repeat(CacheNodes.MAX_VALUE + 1);
        assertThatThrownBy(() -> texts.get("a", MINUTE, key -> Optional.of(long1001)))
                .isInstanceOf(LoadException.class)
                .cause()
                .hasMessageContaining("1001");
    }

    @Test
    void anAbsenceIsRememberedForItsOwnTimeAndReadsSeeNoValue() {
        Loading<String> none = Loading.<String>of(HOUR, key -> {
                    loads.incrementAndGet();
                    return Optional.empty();
                })
                .rememberAbsence(MINUTE);
        assertThat(texts.get("a", none)).isEmpty();
        assertThat(texts.get("a", none)).isEmpty();
        assertThat(two.cache("texts", String.class).get("a", none)).isEmpty();
        assertThat(texts.async().get("a", none).toCompletableFuture().join()).isEmpty();
        assertThat(loads).hasValue(1);
        assertThat(texts.get("a")).isEmpty();
        assertThat(texts.getAll(List.of("a"))).isEmpty();
        assertThat(texts.getEntry("a")).isEmpty();
        assertThat(texts.info("a")).isEmpty();
        assertThat(texts.replace("a", "", "b")).isFalse();
        nodes.clock.advance(MINUTE);
        assertThat(texts.get("a", none)).isEmpty();
        assertThat(loads).hasValue(2);
        assertThat(texts.putIfAbsent("a", "put", HOUR)).isTrue();
        assertThat(texts.putIfAbsent("a", "again", HOUR)).isFalse();
        assertThat(texts.get("a", none)).contains("put");
    }

    @Test
    void anAbsenceThatIsNotToBeRememberedIsNot() {
        assertThat(texts.get("a", MINUTE, key -> Optional.empty())).isEmpty();
        assertThat(texts.size()).isZero();
        assertThat(texts.get("a", MINUTE, this::count)).contains("a1");
    }

    @Test
    void aSlidingCacheDoesNotRememberAbsence() {
        Cache<String> sliding =
                one.cache("sliding", String.class, CacheOptions.withTtl(MINUTE).sliding());
        Loading<String> none =
                Loading.<String>of(MINUTE, key -> Optional.empty()).rememberAbsence(MINUTE);
        assertThatThrownBy(() -> sliding.get("a", none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sliding");
        assertThat(sliding.get("a", MINUTE, this::count)).contains("a1");
    }

    @Test
    void anOldValueIsRefreshedByOneAsideWhileAllStillGetIt() {
        Loading<String> early = Loading.of(HOUR, this::gated).refreshAfter(MINUTE);
        texts.put("a", "old", HOUR);
        assertThat(texts.get("a", early)).contains("old");
        nodes.clock.advance(MINUTE);
        for (int i = 0; i < 20; i++) {
            assertThat(texts.get("a", early)).contains("old");
            assertThat(texts.async().get("a", early).toCompletableFuture().join())
                    .contains("old");
        }
        open.countDown();
        await().atMost(PATIENCE).until(() -> texts.get("a", early).equals(Optional.of("a1")));
        assertThat(loads).hasValue(1);
        nodes.clock.advance(HOUR.minusMillis(1));
        assertThat(texts.get("a")).as("its time to live began with the refresh").contains("a1");
    }

    @Test
    void aRefreshThatFailsLeavesTheOldValueAndIsTriedAgain() {
        Loading<String> early = Loading.<String>of(HOUR, key -> {
                    if (loads.incrementAndGet() == 1) {
                        throw new IOException("not now");
                    }
                    return Optional.of("new");
                })
                .refreshAfter(MINUTE);
        texts.put("a", "old", HOUR);
        nodes.clock.advance(MINUTE);
        await().atMost(PATIENCE).until(() -> {
            assertThat(texts.get("a", early).orElseThrow()).isIn("old", "new");
            return loads.get() >= 2;
        });
        await().atMost(PATIENCE).until(() -> texts.get("a", early).equals(Optional.of("new")));
    }

    @Test
    void aRefreshThatFindsNothingRemovesTheValue() {
        Loading<String> early =
                Loading.<String>of(HOUR, key -> Optional.empty()).refreshAfter(MINUTE);
        texts.put("a", "old", HOUR);
        nodes.clock.advance(MINUTE);
        assertThat(texts.get("a", early)).contains("old");
        await().atMost(PATIENCE).until(() -> texts.get("a").isEmpty());
    }

    @Test
    void aRefreshDoesNotWriteOverWhatWasPutMeanwhile() throws Exception {
        Loading<String> early = Loading.of(HOUR, this::gated).refreshAfter(MINUTE);
        texts.put("a", "old", HOUR);
        nodes.clock.advance(MINUTE);
        texts.get("a", early);
        begun.await();
        two.cache("texts", String.class).put("a", "put", HOUR);
        open.countDown();
        ThreadPoolExecutor loaders = (ThreadPoolExecutor) one.node().threads().loaders();
        await().atMost(PATIENCE).until(() -> loaders.getCompletedTaskCount() == 1);
        assertThat(loads).hasValue(1);
        assertThat(texts.get("a")).contains("put");
    }

    @Test
    void whatIsRemovedWhileItIsLoadedIsNotStored() throws Exception {
        Caller<Optional<String>> leader = start(() -> texts.get("a", MINUTE, this::gated));
        begun.await();
        texts.remove("a");
        Caller<Optional<String>> later = start(() -> texts.get("b", MINUTE, this::gated));
        awaitWaiting(later.thread());
        one.cache("texts", String.class).clear("");
        assertThat(texts.get("a", MINUTE, key -> Optional.of("after"))).contains("after");
        texts.remove("a");
        open.countDown();
        assertThat(leader.result().get()).isPresent();
        assertThat(later.result().get()).isPresent();
        assertThat(texts.get("a")).isEmpty();
        assertThat(texts.get("b")).isEmpty();
    }

    @Test
    void whatIsRemovedInTheMomentItIsStoredIsTakenBack() {
        AtomicReference<Runnable> atThePut = new AtomicReference<>(() -> {});
        CacheNodes.Joined three = nodes.join("three", call -> {
            if (call.equals("put")) {
                atThePut.getAndSet(() -> {}).run();
            }
        });
        Cache<String> there = three.cache("texts", String.class);
        atThePut.set(() -> there.remove("a"));
        assertThat(there.get("a", MINUTE, this::count)).contains("a1");
        assertThat(texts.get("a"))
                .as("the removal came first, the write after it")
                .isEmpty();

        atThePut.set(() -> {
            there.remove("a");
            texts.put("a", "put", MINUTE);
        });
        assertThat(there.get("a", MINUTE, this::count)).contains("put");
        assertThat(texts.get("a")).contains("put");
    }

    @Test
    void whatTheBackendDoesNotTakeIsAnsweredAllTheSame() {
        CacheNodes.Joined three = nodes.join("three", call -> {
            if (call.equals("put")) {
                throw new RefusedException("out of memory");
            }
        });
        assertThat(three.cache("texts", String.class).get("a", MINUTE, this::count))
                .contains("a1");
        assertThat(texts.get("a")).isEmpty();
    }

    @Test
    void aBackendThatDoesNotAnswerIsNoReasonToLoad() {
        CacheNodes.Joined three = nodes.join("three", call -> {
            throw new TransportException("the wire is cut");
        });
        Cache<String> there = three.cache("texts", String.class);
        assertThatThrownBy(() -> there.get("a", MINUTE, this::count)).isInstanceOf(TransportException.class);
        assertThatThrownBy(() -> there.get("a", Loading.of(MINUTE, this::count).acrossCluster()))
                .isInstanceOf(TransportException.class);
        assertThat(loads).hasValue(0);
    }

    @Test
    void whatWasPutWhileItWasLoadedIsTheAnswer() throws Exception {
        Caller<Optional<String>> leader = start(() -> texts.get("a", MINUTE, this::gated));
        begun.await();
        two.cache("texts", String.class).put("a", "put", MINUTE);
        open.countDown();
        assertThat(leader.result().get()).contains("put");
        assertThat(texts.get("a")).contains("put");
    }

    @Test
    void ofTwoNodesOneLoadsAndTheOtherReadsWhatItWrote() throws Exception {
        Loading<String> together = Loading.of(MINUTE, this::gated).acrossCluster();
        Cache<String> there = two.cache("texts", String.class);
        Caller<Optional<String>> first = start(() -> texts.get("a", together));
        begun.await();
        Caller<Optional<String>> second = start(() -> there.get("a", together));
        awaitWaiting(second.thread());
        open.countDown();
        assertThat(first.result().get()).contains("a1");
        assertThat(second.result().get()).contains("a1");
        assertThat(loads).hasValue(1);
    }

    @Test
    void whenTheOtherNodesLoaderThrowsThisOneLoads() throws Exception {
        Caller<Optional<String>> first = start(() -> texts.get(
                "a",
                Loading.<String>of(MINUTE, key -> {
                            gated(key);
                            throw new IOException();
                        })
                        .acrossCluster()));
        begun.await();
        Caller<Optional<String>> second = start(() -> two.cache("texts", String.class)
                .get("a", Loading.of(MINUTE, this::count).acrossCluster()));
        awaitWaiting(second.thread());
        open.countDown();
        assertThatThrownBy(() -> first.result().get()).hasCauseInstanceOf(LoadException.class);
        assertThat(second.result().get()).contains("a2");
    }

    @Test
    void theClaimOfAProcessThatDiedLoadingIsWaitedForUntilItsLeaseIsOver() throws Exception {
        CacheStore dead = nodes.raw().cache().orElseThrow();
        dead.put("texts!/a", new byte[1], new Expiry.After(Duration.ofSeconds(15)), new Match.Absent());
        Caller<Optional<String>> waiter =
                start(() -> texts.get("a", Loading.of(MINUTE, this::count).acrossCluster()));
        awaitWaiting(waiter.thread());
        assertThat(loads).hasValue(0);
        nodes.clock.advance(Duration.ofSeconds(15));
        assertThat(waiter.result().get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).contains("a1");
    }

    @Test
    void aLoadThatOutlivesItsLeaseKeepsItsClaimAndLeavesNothingBehind() throws Exception {
        CacheStore store = nodes.raw().cache().orElseThrow();
        Caller<Optional<String>> leader =
                start(() -> texts.get("a", Loading.of(HOUR, this::gated).acrossCluster()));
        begun.await();
        Supplier<Duration> left =
                () -> store.getAllTimed(List.of("texts!/a")).toCompletableFuture().join().values().stream()
                        .map(timed -> ((Expiry.After) timed.expiry()).ttl())
                        .findFirst()
                        .orElse(Duration.ZERO);
        nodes.clock.advance(Duration.ofMillis(1500));
        await().atMost(PATIENCE).until(() -> left.get().compareTo(Duration.ofSeconds(1)) > 0);
        open.countDown();
        assertThat(leader.result().get()).contains("a1");
        await().atMost(PATIENCE).until(() -> left.get().isZero());
        assertThat(texts.keys("")).containsExactly("a");
        assertThat(texts.clear("")).isEqualTo(1);
    }

    @Test
    void whenNobodyLetsGoOfAClaimTheCallerIsToldInTime() {
        CacheStore stuck = nodes.raw().cache().orElseThrow();
        stuck.put("texts!/a", new byte[1], new Expiry.Never(), new Match.Absent());
        Loading<String> impatient =
                Loading.of(MINUTE, this::count).acrossCluster().timeout(Duration.ofMillis(50));
        assertThatThrownBy(() -> texts.get("a", impatient))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("PT0.05S");
        assertThat(loads).hasValue(0);
    }

    @Test
    void aLoaderOfTheClusterMayLoadOtherKeys() {
        Loading<String> inner = Loading.of(MINUTE, this::count).acrossCluster();
        Loading<String> outer =
                Loading.<String>of(MINUTE, key -> texts.get("b", inner)).acrossCluster();
        assertThat(texts.get("a", outer)).contains("b1");
    }

    @Test
    void stagesLoadOnAThreadOfTheNodeAndFailLikeCalls() {
        AtomicInteger onLoader = new AtomicInteger();
        Loading<String> loading = Loading.of(MINUTE, key -> {
            if (Thread.currentThread().getName().startsWith("covey-one-loader")) {
                onLoader.incrementAndGet();
            }
            return count(key);
        });
        assertThat(texts.async().get("a", loading).toCompletableFuture().join()).contains("a1");
        assertThat(texts.async().get("a", loading).toCompletableFuture().join()).contains("a1");
        assertThat(onLoader).hasValue(1);
        Loading<String> failing = Loading.of(MINUTE, key -> {
            throw new IOException();
        });
        assertThatThrownBy(() ->
                        texts.async().get("b", failing).toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(LoadException.class)
                .hasRootCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> texts.async().get("", loading)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aThousandStagesOfOneKeyAreOneLoad() {
        List<CompletableFuture<Optional<String>>> stages = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            stages.add(texts.async().get("a", Loading.of(MINUTE, this::gated)).toCompletableFuture());
        }
        open.countDown();
        assertThat(stages).allSatisfy(stage -> assertThat(stage.join()).contains("a1"));
    }

    @Test
    void aValueThatCannotBeReadIsAnErrorAndNotLoadedOver() {
        Cache<Integer> numbers = one.cache("texts", Integer.class);
        texts.put("a", "no number", MINUTE);
        assertThatThrownBy(() -> numbers.get("a", MINUTE, key -> Optional.of(7)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("json:Integer")
                .hasMessageContaining("\"a\"");
        assertThat(texts.get("a")).contains("no number");
    }

    @Test
    void timesThatMakeNoSenseAreRefused() {
        Loading<String> loading = Loading.of(MINUTE, this::count);
        for (Duration bad : List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofDays(3651))) {
            assertThatThrownBy(() -> Loading.of(bad, this::count))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(bad.toString())
                    .hasMessageContaining("10 years");
            assertThatThrownBy(() -> loading.rememberAbsence(bad)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> loading.timeout(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> loading.refreshAfter(MINUTE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT1M");
    }

    @Test
    void aLoaderThatThrowsInterruptedExceptionThoughNobodyInterruptedItHasFailed() {
        Loading<String> failing = Loading.of(MINUTE, key -> {
            count(key);
            throw new InterruptedException("of its own");
        });
        assertThatThrownBy(() -> texts.async()
                        .get("a", failing)
                        .toCompletableFuture()
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(LoadException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(loads).hasValue(1);
    }
}
