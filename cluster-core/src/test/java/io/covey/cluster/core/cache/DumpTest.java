package io.covey.cluster.core.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cache;
import io.covey.cluster.CodecException;
import io.covey.cluster.EntryInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path folder;

    private final CacheNodes nodes = new CacheNodes();
    private final CacheNodes.Joined one = nodes.join("one");
    private final Cache<String> texts = one.cache("texts", String.class);

    @AfterEach
    void close() {
        nodes.close();
    }

    @Test
    void whatIsDumpedIsLoadedWithTheTimesItHad() {
        texts.put("eternal", "1");
        texts.put("minute", "2", MINUTE);
        texts.put("hour", "3", HOUR);
        texts.put("日本 💾", "ü");
        one.cache("texts2", String.class).put("other", "4");
        Map<String, EntryInfo> before = infos();
        Path file = folder.resolve("texts.dump");
        assertThat(texts.dump(file)).isEqualTo(4);

        nodes.clock.advance(MINUTE);
        texts.clear("");
        texts.put("eternal", "changed");
        texts.put("new", "5");
        assertThat(texts.load(file)).isEqualTo(3);

        assertThat(texts.get("eternal")).contains("1");
        assertThat(texts.get("hour")).contains("3");
        assertThat(texts.get("日本 💾")).contains("ü");
        assertThat(texts.get("new")).contains("5");
        assertThat(texts.get("minute")).as("its time is over").isEmpty();
        Map<String, EntryInfo> after = infos();
        assertThat(after.get("hour").expires()).isEqualTo(before.get("hour").expires());
        assertThat(after.get("hour").written()).isEqualTo(before.get("hour").written());
        assertThat(after.get("eternal").expires()).isEmpty();
        nodes.clock.advance(HOUR.minus(MINUTE));
        assertThat(texts.get("hour")).isEmpty();
    }

    private Map<String, EntryInfo> infos() {
        Map<String, EntryInfo> infos = new HashMap<>();
        for (String key : List.of("eternal", "minute", "hour")) {
            texts.info(key).ifPresent(info -> infos.put(key, info));
        }
        return infos;
    }

    @Test
    void aDumpIsIndependentOfTheCodecAndGoesToOtherNodes() {
        Map<String, byte[]> values = new HashMap<>();
        for (int i = 0; i < 3000; i++) {
            byte[] value = new byte[i % CacheNodes.MAX_VALUE];
            Arrays.fill(value, (byte) i);
            values.put("key" + i, value);
        }
        Cache<byte[]> bytes = one.cache("bytes", byte[].class);
        bytes.putAll(values, HOUR);
        Path file = folder.resolve("bytes.dump");
        assertThat(one.cache("bytes", Integer.class).dump(file)).isEqualTo(3000);
        assertThat(bytes.clear("")).isEqualTo(3000);
        Cache<byte[]> there = nodes.join("two").cache("bytes", byte[].class);
        assertThat(there.load(file)).isEqualTo(3000);
        Map<String, byte[]> loaded = bytes.getAll(values.keySet());
        values.forEach((key, value) -> assertThat(loaded.get(key)).isEqualTo(value));
        assertThat(bytes.load(file)).as("again").isEqualTo(3000);
    }

    @Test
    void anEmptyCacheHasADump() {
        Path file = folder.resolve("empty.dump");
        assertThat(texts.dump(file)).isZero();
        assertThat(texts.load(file)).isZero();
    }

    @Test
    void aFileThatIsDamagedAnywhereIsRefusedBeforeAnythingIsWritten() throws IOException {
        byte[] whole = dumpOfThree();
        Path file = folder.resolve("damaged.dump");
        for (int at = 0; at < whole.length; at++) {
            for (int bit : new int[] {0, 7}) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) (1 << bit);
                Files.write(file, damaged);
                assertRefused(file, "byte " + at);
            }
        }
    }

    @Test
    void aFileThatIsCutOffOrGoesOnIsRefusedBeforeAnythingIsWritten() throws IOException {
        byte[] whole = dumpOfThree();
        Path file = folder.resolve("cut.dump");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertRefused(file, "length " + length);
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertRefused(file, "one byte more");
    }

    private byte[] dumpOfThree() throws IOException {
        texts.put("a", "first");
        texts.put("b", "second", HOUR);
        texts.put("c", "third", MINUTE);
        Path file = folder.resolve("whole.dump");
        texts.dump(file);
        texts.clear("");
        return Files.readAllBytes(file);
    }

    private void assertRefused(Path file, String as) {
        assertThatThrownBy(() -> texts.load(file))
                .as(as)
                .isInstanceOf(CodecException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("nothing was written");
        assertThat(texts.size()).as(as).isZero();
    }

    @Test
    void aDumpOfAnotherCacheOrWithLongerValuesIsRefused() {
        one.cache("other", String.class).put("a", "1");
        Path file = folder.resolve("other.dump");
        one.cache("other", String.class).dump(file);
        assertThatThrownBy(() -> texts.load(file))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("other")
                .hasMessageContaining("texts");
    }

    @Test
    void aDumpThatCannotBeFinishedLeavesTheFileOfBefore() throws IOException {
        texts.put("a", "1");
        Path file = folder.resolve("texts.dump");
        texts.dump(file);
        byte[] before = Files.readAllBytes(file);
        texts.put("b", "2");
        one.node().transport().close();
        assertThatThrownBy(() -> texts.dump(file)).isInstanceOf(RuntimeException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenOrReadIsNamed() {
        Path nowhere = folder.resolve("nowhere").resolve("texts.dump");
        assertThatThrownBy(() -> texts.dump(nowhere))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(nowhere.toString());
        assertThatThrownBy(() -> texts.load(nowhere))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(nowhere.toString());
    }
}
