package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.CodecException;
import io.covey.cluster.TransportException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private final Nodes nodes = new Nodes();
    private Cluster one;
    private Cluster two;
    private Cache<Profile> profiles;

    record Profile(String name, Instant since, Duration idle, int visits) {}

    private static final Profile ADA = new Profile("Ada", Instant.EPOCH, Duration.ofSeconds(90), 3);

    @BeforeEach
    void join() {
        one = nodes.join("one");
        two = nodes.join("two");
        profiles = one.cache("profiles", Profile.class);
    }

    @AfterEach
    void close() {
        nodes.close();
    }

    @Test
    void whatOneNodeWritesAnotherReads() {
        profiles.put("ada", ADA, MINUTE);
        assertThat(two.cache("profiles", Profile.class).get("ada")).contains(ADA);
        assertThat(two.cache("other", Profile.class).get("ada")).isEmpty();
        assertThat(two.cache("profiles", Profile.class).remove("ada")).isTrue();
        assertThat(profiles.get("ada")).isEmpty();
        assertThat(profiles.remove("ada")).isFalse();
    }

    @Test
    void aReplaceSeesWhatWasWrittenSince() {
        profiles.put("ada", ADA);
        Cache.Entry<Profile> read = profiles.getEntry("ada").orElseThrow();
        Profile older = new Profile("Ada", Instant.EPOCH, Duration.ZERO, 4);
        assertThat(profiles.replace("ada", read, older)).isTrue();
        assertThat(profiles.replace("ada", read, ADA)).isFalse();
        assertThat(profiles.get("ada")).contains(older);
    }

    @Test
    void whatIsThereIsNotPutAgainIfAbsent() {
        assertThat(profiles.putIfAbsent("ada", ADA, MINUTE)).isTrue();
        assertThat(profiles.putIfAbsent("ada", ADA, MINUTE)).isFalse();
        assertThat(profiles.touch("ada", MINUTE)).isTrue();
        assertThat(profiles.touch("bob", MINUTE)).isFalse();
        assertThat(profiles.getAndTouch("ada", MINUTE)).contains(ADA);
    }

    @Test
    void manyAreReadInTheOrderOfTheKeys() {
        Cache<String> texts = one.cache("texts", String.class);
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < 1200; i++) {
            values.put("k" + i, "v" + i);
        }
        texts.putAll(values, MINUTE);
        assertThat(texts.getAll(List.of("k7", "none", "k3", "k5")).values()).containsExactly("v7", "v3", "v5");
        assertThat(texts.getAll(List.of())).isEmpty();
        try (Stream<String> keys = texts.keys("k11")) {
            assertThat(keys).hasSize(111).contains("k11", "k110", "k1199");
        }
        assertThat(texts.size()).isEqualTo(1200);
        one.cache("texts2", String.class).put("x", "y");
        assertThat(texts.clear("k11")).isEqualTo(111);
        assertThat(texts.clear("")).isEqualTo(1089);
        assertThat(one.cache("texts2", String.class).get("x")).contains("y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "a\u0000", "\u007f", "\ud800"})
    void aKeyThatIsNotPlainTextIsRefused(String key) {
        assertThatThrownBy(() -> profiles.get(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("profiles")
                .hasMessageContaining("512");
        assertThatThrownBy(() -> profiles.async().get(key)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void limitsAreCountedInBytes() {
        profiles.put("ü".repeat(256), ADA);
        assertThatThrownBy(() -> profiles.put("ü".repeat(257), ADA)).isInstanceOf(IllegalArgumentException.class);
        Cache<byte[]> bytes = one.cache("bytes", byte[].class);
        bytes.put("full", new byte[1000]);
        assertThatThrownBy(() -> bytes.put("over", new byte[1001]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1001")
                .hasMessageContaining("1000")
                .hasMessageContaining("over");
        assertThatThrownBy(() -> bytes.put("k", new byte[1], Duration.ofNanos(999_999)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bytes.put("k", new byte[1], Duration.ofDays(3651)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> one.cache("no/slash", String.class)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bytesThatAreNotOfTheTypeNameCodecAndKeyButNotTheContent() {
        one.cache("profiles", String.class).put("ada", "{\"name\":[\"hunter2\"]}");
        assertThatThrownBy(() -> profiles.get("ada"))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("json:Profile")
                .hasMessageContaining("ada")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(
                        () -> profiles.async().get("ada").toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(CodecException.class);
    }

    @Test
    void stagesCompleteOnAThreadOfTheNode() {
        assertThat(completedOn(Wire.State.WHOLE)).startsWith("covey-one-worker");
        assertThat(completedOn(Wire.State.CUT)).startsWith("covey-one-worker");
    }

    @Test
    void aBackendThatDoesNotAnswerIsATransportException() {
        nodes.wire(one).become(Wire.State.CUT);
        assertThatThrownBy(() -> profiles.get("ada")).isInstanceOf(TransportException.class);
        assertThatThrownBy(
                        () -> profiles.async().get("ada").toCompletableFuture().join())
                .hasCauseInstanceOf(TransportException.class);
    }

    /** On which thread a continuation runs that is there before the answer: the pool is busy until then. */
    private String completedOn(Wire.State state) {
        nodes.wire(one).become(state);
        Cache<String> gated = one.cache("gated", String.class);
        var thread = new java.util.concurrent.CompletableFuture<String>();
        Thread caller = Thread.currentThread();
        for (int i = 0; i < 1000 && !thread.isDone(); i++) {
            gated.async().get("k").whenComplete((value, thrown) -> {
                if (Thread.currentThread() != caller) {
                    thread.complete(Thread.currentThread().getName());
                }
            });
        }
        return thread.orTimeout(5, java.util.concurrent.TimeUnit.SECONDS).join();
    }
}
