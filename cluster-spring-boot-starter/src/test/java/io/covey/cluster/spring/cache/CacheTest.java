package io.covey.cluster.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.covey.cluster.Cluster;
import io.covey.cluster.CodecException;
import io.covey.cluster.EntryInfo;
import io.covey.cluster.spring.Applications;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class CacheTest {
    private static final long SECONDS = 60;

    record Profile(String name, LocalDate born, List<String> tags) {}

    static class Profiles {
        private final AtomicInteger calls = new AtomicInteger();
        private final CountDownLatch mayEnd = new CountDownLatch(1);

        /** How often a method ran; fields of a proxy are empty. */
        public int calls() {
            return calls.get();
        }

        public void go() {
            mayEnd.countDown();
        }

        private Profile make(String name) {
            calls.incrementAndGet();
            return new Profile(name, LocalDate.of(1815, 12, 10), List.of("a", "b"));
        }

        @Cacheable("profiles")
        public Profile find(String name) {
            return make(name);
        }

        @Cacheable("lists")
        public List<Profile> list(String one, int two) {
            return List.of(make(one + two));
        }

        @Cacheable("optional")
        public Optional<Profile> optional(String name) {
            return name.isEmpty() ? Optional.ofNullable(nothing()) : Optional.of(make(name));
        }

        private @Nullable Profile nothing() {
            calls.incrementAndGet();
            return null;
        }

        @Cacheable("text")
        public String text(long id) {
            calls.incrementAndGet();
            return String.valueOf(id);
        }

        @Cacheable("numbers")
        public long number(String text) {
            return calls.incrementAndGet();
        }

        @Cacheable("future")
        public CompletableFuture<Profile> future(String name) {
            return CompletableFuture.supplyAsync(() -> make(name));
        }

        @Cacheable(value = "future", sync = true)
        public CompletableFuture<Profile> futureTogether(String name) {
            return CompletableFuture.supplyAsync(() -> make(name));
        }

        @Cacheable(value = "together", sync = true)
        public Profile together(String name) throws InterruptedException {
            assertThat(mayEnd.await(SECONDS, TimeUnit.SECONDS)).isTrue();
            return make(name);
        }

        @Cacheable(value = "together", sync = true)
        public Profile failing(String name) {
            throw new IllegalStateException("no " + name);
        }

        @CachePut(value = "profiles", key = "#profile.name")
        public Profile save(Profile profile) {
            return profile;
        }

        @CacheEvict("profiles")
        public void forget(String name) {}

        @CacheEvict(value = "profiles", allEntries = true)
        public void forgetAll() {}

        @Cacheable("other")
        public String other() {
            return "x";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Caching {
        @Bean
        Profiles profiles() {
            return new Profiles();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class NotCaching {}

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class OfItsOwn {
        @Bean
        CacheManager own() {
            return new ConcurrentMapCacheManager();
        }
    }

    @Test
    void annotatedMethodsShareTheCachesOfTheCluster() {
        String uri = "covey.uri=" + Applications.local();
        try (ConfigurableApplicationContext one = Applications.run(Caching.class, uri);
                ConfigurableApplicationContext two = Applications.run(Caching.class, uri)) {
            Profile ada = one.getBean(Profiles.class).find("ada");
            assertThat(two.getBean(Profiles.class).find("ada")).isEqualTo(ada);
            assertThat(two.getBean(Profiles.class).calls()).isEqualTo(0);
            // In the format of the cluster's own caches.
            Cluster cluster = two.getBean(Cluster.class);
            assertThat(cluster.cache("profiles", Profile.class).get("ada")).contains(ada);

            two.getBean(Profiles.class).forget("ada");
            one.getBean(Profiles.class).find("ada");
            assertThat(one.getBean(Profiles.class).calls()).isEqualTo(2);

            Profile changed = new Profile("ada", LocalDate.EPOCH, List.of());
            two.getBean(Profiles.class).save(changed);
            assertThat(one.getBean(Profiles.class).find("ada")).isEqualTo(changed);
            one.getBean(Profiles.class).forgetAll();
            assertThat(cluster.cache("profiles", Profile.class).size()).isZero();
        }
    }

    @Test
    void valuesComeBackAsTheTypeThatTheMethodReturns() throws Exception {
        try (ConfigurableApplicationContext app = Applications.run(Caching.class)) {
            Profiles profiles = app.getBean(Profiles.class);
            for (int i = 0; i < 2; i++) {
                assertThat(profiles.list("ada", 7).get(0).born()).isEqualTo(LocalDate.of(1815, 12, 10));
                assertThat(profiles.optional("ada").orElseThrow().tags()).containsExactly("a", "b");
                assertThat(profiles.optional("")).isEmpty();
                assertThat(profiles.text(123)).isEqualTo("123");
                assertThat(profiles.future("ada").get(SECONDS, TimeUnit.SECONDS).name())
                        .isEqualTo("ada");
                assertThat(profiles.futureTogether("bob")
                                .get(SECONDS, TimeUnit.SECONDS)
                                .name())
                        .isEqualTo("bob");
                assertThat(profiles.number("x")).isEqualTo(7);
            }
            assertThat(profiles.calls()).isEqualTo(7);
        }
    }

    @Test
    void oneOfManyCallersRunsASynchronizedMethodAndItsExceptionIsThrown() throws Exception {
        try (ConfigurableApplicationContext app = Applications.run(Caching.class)) {
            Profiles profiles = app.getBean(Profiles.class);
            ExecutorService threads = Executors.newFixedThreadPool(8);
            CyclicBarrier together = new CyclicBarrier(9);
            List<Future<Profile>> found = IntStream.range(0, 8)
                    .mapToObj(i -> threads.submit(() -> {
                        together.await(SECONDS, TimeUnit.SECONDS);
                        return profiles.together("ada");
                    }))
                    .toList();
            together.await(SECONDS, TimeUnit.SECONDS);
            profiles.go();
            for (Future<Profile> each : found) {
                assertThat(each.get(SECONDS, TimeUnit.SECONDS).name()).isEqualTo("ada");
            }
            threads.shutdown();
            assertThat(profiles.calls()).isEqualTo(1);
            assertThat(catchThrowable(() -> profiles.failing("bob")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no bob");
        }
    }

    @Test
    void whoAsksTheManagerSaysTheTypeOrGetsWhatJsonHas() throws Exception {
        try (ConfigurableApplicationContext app = Applications.run(Caching.class)) {
            Cache cache = Objects.requireNonNull(app.getBean(CacheManager.class).getCache("some"));
            Profile ada = new Profile("ada", LocalDate.EPOCH, List.of());
            cache.put("ada", ada);
            assertThat(cache.get("ada", Profile.class)).isEqualTo(ada);
            assertThat(Objects.requireNonNull(cache.get("ada")).get())
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                    .containsEntry("name", "ada");
            cache.put("text", "123");
            assertThat(Objects.requireNonNull(cache.get("text")).get()).isEqualTo("123");
            assertThat(cache.get("text", String.class)).isEqualTo("123");
            cache.put("null", null);
            assertThat(Objects.requireNonNull(cache.get("null")).get()).isNull();
            assertThat(cache.get("absent")).isNull();
            assertThat(cache.putIfAbsent("text", "other")).isNotNull();
            assertThat(cache.putIfAbsent("new", 5)).isNull();
            assertThat(cache.get("new", Integer.class)).isEqualTo(5);
            assertThat(cache.evictIfPresent("new")).isTrue();
            assertThat(cache.evictIfPresent("new")).isFalse();
            assertThat(cache.get("loaded", () -> Map.of("a", 1))).isEqualTo(Map.of("a", 1));
            assertThatThrownBy(() -> cache.get("failing", () -> {
                        throw new IllegalStateException("on purpose");
                    }))
                    .isInstanceOf(Cache.ValueRetrievalException.class)
                    .hasRootCauseMessage("on purpose");
            assertThat(cache.invalidate()).isTrue();
            assertThat(cache.invalidate()).isFalse();
            assertThat(app.getBean(CacheManager.class).getCacheNames()).containsExactly("some");
        }
    }

    @Test
    void anEntryThatCannotBeReadCountsAsMissingAndIsWrittenOver() throws Exception {
        try (ConfigurableApplicationContext app = Applications.run(Caching.class)) {
            Cluster cluster = app.getBean(Cluster.class);
            Profiles profiles = app.getBean(Profiles.class);
            profiles.go();
            for (String cache : List.of("profiles", "together", "future")) {
                cluster.cache(cache, byte[].class).put("ada", new byte[] {1, 2, 3});
            }
            assertThat(profiles.find("ada").name()).isEqualTo("ada");
            assertThat(profiles.together("ada").name()).isEqualTo("ada");
            assertThat(profiles.futureTogether("ada")
                            .get(SECONDS, TimeUnit.SECONDS)
                            .name())
                    .isEqualTo("ada");
            assertThat(profiles.calls()).isEqualTo(3);
            assertThat(cluster.cache("profiles", Profile.class).get("ada")).isPresent();
            assertThat(cluster.cache("together", Profile.class).get("ada")).isPresent();
            assertThat(cluster.cache("future", Profile.class).get("ada")).isPresent();
        }
    }

    @Test
    void putIfAbsentWritesOverWhatCannotBeRead() {
        try (ConfigurableApplicationContext app = Applications.run(Caching.class)) {
            Cluster cluster = app.getBean(Cluster.class);
            cluster.cache("some", byte[].class).put("ada", new byte[] {1, 2, 3});
            Cache some = Objects.requireNonNull(app.getBean(CacheManager.class).getCache("some"));
            assertThat(some.putIfAbsent("ada", 7)).isNull();
            assertThat(some.get("ada", Integer.class)).isEqualTo(7);
        }
    }

    @Test
    void whatAnotherNodePutsAfterAnExpiryStaysWhenPutIfAbsentLooks() {
        try (Cluster real = Cluster.join(Applications.local())) {
            io.covey.cluster.Cache<Object> others = real.cache("some", Object.class);
            AtomicInteger looks = new AtomicInteger();
            Cluster expiring = around(Cluster.class, (method, args) -> {
                Object made = method.invoke(real, args);
                return !method.getName().equals("cache")
                        ? made
                        : around(io.covey.cluster.Cache.class, (called, with) -> {
                            if (!called.getName().equals("get") || looks.getAndIncrement() > 0) {
                                return called.invoke(made, with);
                            }
                            others.remove("ada");
                            Object found = called.invoke(made, with);
                            others.put("ada", 8);
                            return found;
                        });
            });
            others.put("ada", 6);
            CacheSettings settings = new CacheSettings(
                    Duration.ofHours(1), true, false, Duration.ofSeconds(30), 0, Duration.ofMinutes(5));
            Cache some = Objects.requireNonNull(
                    new ClusterCacheManager(expiring, List.of(), name -> settings).getCache("some"));
            assertThat(Objects.requireNonNull(some.putIfAbsent("ada", 7)).get()).isEqualTo(8);
            assertThat(others.get("ada")).contains(8);
        }
    }

    private interface Answers {
        Object to(Method method, Object[] args) throws Throwable;
    }

    private static <T> T around(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> answers.to(method, args)));
    }

    @Test
    void whatALoaderMadeAndCannotBeReadBackIsNotMadeTwice() {
        try (ConfigurableApplicationContext app = Applications.run(Caching.class)) {
            Cache texts = Objects.requireNonNull(
                    ((ClusterCacheManager) app.getBean(CacheManager.class)).getCache("texts", String.class));
            AtomicInteger runs = new AtomicInteger();
            assertThatThrownBy(() -> texts.get("one", runs::incrementAndGet)).isInstanceOf(CodecException.class);
            assertThat(runs).hasValue(1);
            assertThat(catchThrowable(
                            () -> texts.retrieve("two", () -> CompletableFuture.completedFuture(runs.incrementAndGet()))
                                    .get(SECONDS, TimeUnit.SECONDS)))
                    .hasCauseInstanceOf(CodecException.class);
            assertThat(runs).hasValue(2);
        }
    }

    @Test
    void eachCacheLivesAsLongAsItsPropertiesSay() {
        try (ConfigurableApplicationContext app = Applications.run(
                Caching.class,
                "covey.cache.ttl=10m",
                "covey.cache.caches.text.ttl=2m",
                "covey.cache.caches.text.near-entries=100",
                "covey.cache.caches.numbers.ttl=0")) {
            Profiles profiles = app.getBean(Profiles.class);
            profiles.find("ada");
            profiles.text(7);
            profiles.number("x");
            Cluster cluster = app.getBean(Cluster.class);
            assertThat(left(cluster, "profiles", "ada")).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));
            assertThat(left(cluster, "text", "7")).isBetween(Duration.ofMinutes(1), Duration.ofMinutes(2));
            assertThat(left(cluster, "numbers", "x")).isGreaterThan(Duration.ofDays(3000));
            profiles.text(7);
            io.covey.cluster.Cache<?> text = (io.covey.cluster.Cache<?>) Objects.requireNonNull(
                            ((ClusterCacheManager) app.getBean(CacheManager.class)).getCache("text", String.class))
                    .getNativeCache();
            assertThat(text.nearStats()).isPresent();
        }
    }

    private static Duration left(Cluster cluster, String cache, String key) {
        EntryInfo info = cluster.cache(cache, byte[].class).info(key).orElseThrow();
        return Duration.between(cluster.clock().instant(), info.expires().orElseThrow());
    }

    @Test
    void onlyNamedCachesAreThereIfNamesAreGivenAndNullIsKeptOnlyIfAllowed() {
        try (ConfigurableApplicationContext app =
                Applications.run(Caching.class, "covey.cache.names=optional", "covey.cache.null-values=false")) {
            CacheManager caches = app.getBean(CacheManager.class);
            assertThat(caches.getCacheNames()).containsExactly("optional");
            assertThat(caches.getCache("profiles")).isNull();
            assertThatThrownBy(() -> app.getBean(Profiles.class).other())
                    .hasMessageContaining("The cache other of")
                    .hasMessageContaining("covey.cache.names");
            Cache optional = Objects.requireNonNull(caches.getCache("optional"));
            assertThatThrownBy(() -> optional.put("a", null)).isInstanceOf(IllegalArgumentException.class);
            assertThat(optional.<Object>get("a", () -> null)).isNull();
            assertThat(optional.get("a")).isNull();
        }
    }

    @Test
    void theClusterKeepsOutOfTheWayOfOtherCaches() {
        try (ConfigurableApplicationContext app = Applications.run(NotCaching.class)) {
            assertThat(app.getBeanNamesForType(CacheManager.class)).isEmpty();
        }
        try (ConfigurableApplicationContext app = Applications.run(OfItsOwn.class)) {
            assertThat(app.getBeanNamesForType(CacheManager.class)).containsExactly("own");
        }
        for (String property : List.of("covey.cache.enabled=false", "spring.cache.type=simple")) {
            try (ConfigurableApplicationContext app = Applications.run(OfItsOwn.class, property)) {
                assertThat(app.getBeanNamesForType(ClusterCacheManager.class)).isEmpty();
            }
        }
    }

    @Test
    void keysThatDifferHaveDifferentTexts() {
        assertThat(CacheKeys.of("ada")).isEqualTo("ada");
        assertThat(CacheKeys.of(7L)).isEqualTo("7");
        assertThat(CacheKeys.of(new SimpleKey("ada", 7))).isEqualTo("(ada,7)");
        assertThat(CacheKeys.of(SimpleKey.EMPTY)).isEqualTo("()");
        assertThat(List.of(
                        CacheKeys.of(new SimpleKey("a,b", "c")),
                        CacheKeys.of(new SimpleKey("a", "b,c")),
                        CacheKeys.of(new SimpleKey("a", "b", "c")),
                        CacheKeys.of("(a,b,c)"),
                        CacheKeys.of("\\(a,b,c)"),
                        CacheKeys.of(new SimpleKey(List.of("a", "b"), "c")),
                        CacheKeys.of(new SimpleKey("a", null)),
                        CacheKeys.of(new SimpleKey("a", "\\0")),
                        CacheKeys.of(new SimpleKey("a", "")),
                        CacheKeys.of(""),
                        CacheKeys.of("x".repeat(600)),
                        CacheKeys.of("x".repeat(601)),
                        CacheKeys.of("line\nbreak"),
                        CacheKeys.of(new int[] {1, 2})))
                .doesNotHaveDuplicates()
                .allMatch(key -> key.length() <= 512 && !key.isEmpty() && !key.contains("\n"));
        assertThatThrownBy(() -> CacheKeys.of(new Object()))
                .hasMessageContaining("A java.lang.Object cannot be a key of a cache");
    }
}
