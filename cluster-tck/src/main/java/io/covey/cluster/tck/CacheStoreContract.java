package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.CacheStore.Entry;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import io.covey.cluster.spi.CacheStore.Timed;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a {@link CacheStore} promises. */
public abstract class CacheStoreContract extends CounterContract {
    private static final Match ANY = new Match.Any();
    private static final Match ABSENT = new Match.Absent();
    private static final Match PRESENT = new Match.Present();
    private static final Expiry NEVER = new Expiry.Never();
    private static final Expiry KEEP = new Expiry.Keep();
    private static final Expiry SOON = new Expiry.After(Duration.ofMillis(700));
    private static final Expiry LATE = new Expiry.After(Duration.ofMinutes(10));
    private static final Duration LONGER_THAN_SOON = Duration.ofMillis(800);
    private static final List<String> NEIGHBOURS = List.of(
            "a", "a*", "a*b", "a?", "a?b", "ab", "axb", "[a]", "[a]b", "\\", "\\*", "\\a", "a\\", "b", "é", "e\u0301",
            "日本", "日本語", "💾", "💾x", "{a}b", "a b", "a:b", "a/b", "%", "'", "\"");

    @Test
    final void whatOneProcessPutsAnotherGets() {
        assertThat(put("ada", "1", NEVER, ANY)).isTrue();
        assertThat(text(on(elsewhere.get("ada")))).contains("1");
    }

    @Test
    final void aKeyThatWasNeverPutIsAbsent() {
        assertThat(on(cache.get("ada"))).isEmpty();
        assertThat(expiry("ada")).isEmpty();
        assertThat(on(cache.touch("ada", NEVER))).isFalse();
        assertThat(on(cache.getAndTouch("ada", NEVER))).isEmpty();
        assertThat(on(cache.remove("ada", ANY))).isFalse();
    }

    @Test
    final void absentWritesOnlyWhereThereIsNoEntry() {
        assertThat(put("ada", "1", NEVER, ABSENT)).isTrue();
        assertThat(put("ada", "2", NEVER, ABSENT)).isFalse();
        assertThat(get("ada")).contains("1");
    }

    @Test
    final void presentWritesOnlyWhereThereIsAnEntry() {
        assertThat(put("ada", "1", NEVER, PRESENT)).isFalse();
        assertThat(get("ada")).isEmpty();
        put("ada", "1", NEVER, ANY);
        assertThat(put("ada", "2", NEVER, PRESENT)).isTrue();
        assertThat(get("ada")).contains("2");
    }

    @Test
    final void aVersionMatchesUntilTheNextWrite() {
        put("ada", "1", NEVER, ANY);
        Match first = version("ada");
        assertThat(put("ada", "2", NEVER, first)).isTrue();
        assertThat(put("ada", "3", NEVER, first)).isFalse();
        assertThat(on(cache.remove("ada", first))).isFalse();
        assertThat(get("ada")).contains("2");
        assertThat(on(cache.remove("ada", version("ada")))).isTrue();
        assertThat(put("ada", "4", NEVER, first)).isFalse();
        assertThat(get("ada")).isEmpty();
    }

    @Test
    final void everyWriteMakesAnotherVersionAlsoOfTheSameValueAndAfterARemoval() {
        Set<Long> versions = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            CacheStore writer = i % 2 == 0 ? cache : elsewhere;
            if (i % 5 == 4) {
                on(writer.putAll(Map.of("ada", bytes("same")), NEVER));
            } else {
                on(writer.put("ada", bytes("same"), NEVER, ANY));
            }
            versions.add(on(cache.get("ada")).orElseThrow().version());
            if (i % 10 == 9) {
                on(cache.remove("ada", ANY));
            }
        }
        assertThat(versions).hasSize(50);
    }

    @Test
    final void touchKeepsValueAndVersion() {
        put("ada", "1", NEVER, ANY);
        Entry before = on(cache.get("ada")).orElseThrow();
        assertThat(on(cache.touch("ada", LATE))).isTrue();
        Entry touched = on(cache.getAndTouch("ada", LATE)).orElseThrow();
        assertThat(touched.version()).isEqualTo(before.version());
        assertThat(touched.value()).isEqualTo(before.value());
        assertThat(on(cache.get("ada")).orElseThrow().version()).isEqualTo(before.version());
    }

    @Test
    final void removeHoldsToItsCondition() {
        assertThat(on(cache.remove("ada", ABSENT))).isFalse();
        put("ada", "1", NEVER, ANY);
        assertThat(on(cache.remove("ada", ABSENT))).isFalse();
        assertThat(on(cache.remove("ada", PRESENT))).isTrue();
        assertThat(get("ada")).isEmpty();
    }

    @Test
    final void compareAndSetByVersionLosesNoUpdateOfEightThreads() throws Exception {
        int each = 20;
        put("n", "0", NEVER, ANY);
        Race.of(8, number -> {
            CacheStore mine = number % 2 == 0 ? cache : elsewhere;
            for (int done = 0; done < each; ) {
                Entry seen = on(mine.get("n")).orElseThrow();
                String next = String.valueOf(Integer.parseInt(new String(seen.value(), UTF_8)) + 1);
                if (on(mine.put("n", bytes(next), KEEP, new Match.Version(seen.version())))) {
                    done++;
                }
            }
            return number;
        });
        assertThat(get("n")).contains(String.valueOf(8 * each));
    }

    @Test
    final void ofEightThreadsThatPutIfAbsentOneSucceeds() throws Exception {
        for (int round = 0; round < 10; round++) {
            String key = "round" + round;
            List<Boolean> won = Race.of(
                    8, number -> on((number % 2 == 0 ? cache : elsewhere).put(key, bytes("" + number), NEVER, ABSENT)));
            assertThat(won).containsOnlyOnce(true);
            assertThat(get(key)).contains(String.valueOf(won.indexOf(true)));
        }
    }

    @Test
    final void anEntryEndsAfterItsTimeToLiveUnlessItWasGivenAnother() {
        put("ends", "1", SOON, ANY);
        put("lasts", "1", NEVER, ANY);
        put("late", "1", LATE, ANY);
        put("kept", "1", SOON, ANY);
        put("kept", "2", KEEP, ANY);
        put("renewed", "1", SOON, ANY);
        put("renewed", "2", LATE, ANY);
        put("touched", "1", SOON, ANY);
        on(cache.touch("touched", LATE));
        put("eternal", "1", SOON, ANY);
        on(cache.touch("eternal", NEVER));
        put("read", "1", SOON, ANY);
        on(cache.getAndTouch("read", LATE));
        put("shortened", "1", NEVER, ANY);
        on(cache.touch("shortened", SOON));
        put("unkept", "1", KEEP, ANY);
        on(cache.putAll(Map.of("group-ends", bytes("1")), SOON));
        on(cache.putAll(Map.of("group-lasts", bytes("1")), LATE));
        put("rewritten", "1", SOON, ANY);
        put("rewritten", "2", NEVER, ANY);

        backend().elapse(LONGER_THAN_SOON);

        for (String gone : List.of("ends", "kept", "shortened", "group-ends")) {
            assertThat(get(gone)).as(gone).isEmpty();
            assertThat(expiry(gone)).as(gone).isEmpty();
        }
        for (String there : List.of(
                "lasts", "late", "renewed", "touched", "eternal", "read", "unkept", "group-lasts", "rewritten")) {
            assertThat(get(there)).as(there).isPresent();
        }
        assertThat(on(cache.getAll(List.of("ends", "late")))).containsOnlyKeys("late");
        assertThat(put("ends", "2", NEVER, PRESENT)).isFalse();
        assertThat(put("ends", "2", NEVER, ABSENT)).isTrue();
        assertThat(keys("")).doesNotContain("kept", "shortened").contains("ends", "late");
    }

    @Test
    final void expiryTellsWhatIsLeft() {
        put("never", "1", NEVER, ANY);
        put("late", "1", LATE, ANY);
        put("fresh", "1", KEEP, ANY);
        put("late", "2", KEEP, ANY);
        assertThat(expiry("never")).contains(NEVER);
        assertThat(expiry("fresh")).contains(NEVER);
        assertThat(expiry("late"))
                .hasValueSatisfying(left -> assertThat(left)
                        .isInstanceOfSatisfying(
                                Expiry.After.class,
                                after -> assertThat(after.ttl())
                                        .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10))));
        on(cache.touch("late", KEEP));
        assertThat(expiry("late").orElseThrow()).isInstanceOf(Expiry.After.class);
        on(cache.touch("late", NEVER));
        assertThat(expiry("late")).contains(NEVER);
    }

    @Test
    final void valuesAreAnyBytesFromNoneToAMebibyte() {
        byte[] big = new byte[1 << 20];
        new Random(1).nextBytes(big);
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        Map<String, byte[]> values = Map.of("empty", new byte[0], "all", all, "big", big, "crlf", bytes("\r\n$-1\r\n"));
        values.forEach((key, value) -> on(cache.put(key, value, NEVER, ANY)));
        values.forEach((key, value) ->
                assertThat(on(elsewhere.get(key)).orElseThrow().value()).as(key).isEqualTo(value));
        Map<String, Entry> together = on(elsewhere.getAll(values.keySet()));
        values.forEach(
                (key, value) -> assertThat(together.get(key).value()).as(key).isEqualTo(value));
    }

    @Test
    final void getAllAnswersWithThoseThatArePresent() {
        Map<String, byte[]> values = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            values.put("k" + i, bytes("v" + i));
        }
        on(cache.putAll(values, NEVER));
        List<String> asked = new ArrayList<>(values.keySet());
        asked.add("missing");
        Map<String, Entry> got = on(elsewhere.getAll(asked));
        assertThat(got).containsOnlyKeys(values.keySet());
        got.forEach((key, entry) -> assertThat(entry.value()).isEqualTo(values.get(key)));
        assertThat(on(cache.getAll(List.of()))).isEmpty();
        on(cache.putAll(Map.of(), NEVER));
    }

    @Test
    final void readingManyMayTellWhatTheyHaveLeftOrGiveThemMore() {
        Map<String, byte[]> values = new HashMap<>();
        for (int i = 0; i < 50; i++) {
            values.put("k" + i, bytes("v" + i));
        }
        on(cache.putAll(values, LATE));
        put("never", "1", NEVER, ANY);
        Map<String, Entry> plain = on(cache.getAll(values.keySet()));
        List<String> asked = new ArrayList<>(values.keySet());
        asked.addAll(List.of("never", "missing"));

        Map<String, Timed> timed = on(elsewhere.getAllTimed(asked));
        assertThat(timed).hasSize(51).doesNotContainKey("missing");
        assertThat(timed.get("never").expiry()).isEqualTo(NEVER);
        plain.forEach((key, entry) -> {
            assertThat(timed.get(key).entry().value()).isEqualTo(entry.value());
            assertThat(timed.get(key).entry().version()).isEqualTo(entry.version());
            assertThat(left(timed.get(key).expiry())).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));
        });

        Map<String, Entry> touched = on(elsewhere.getAllAndTouch(asked, new Expiry.After(Duration.ofMinutes(20))));
        assertThat(touched).hasSize(51).doesNotContainKey("missing");
        plain.forEach(
                (key, entry) -> assertThat(touched.get(key).version()).as(key).isEqualTo(entry.version()));
        asked.remove("missing");
        for (String key : asked) {
            assertThat(left(expiry(key).orElseThrow()))
                    .as(key)
                    .isBetween(Duration.ofMinutes(15), Duration.ofMinutes(20));
        }
        assertThat(on(cache.getAllAndTouch(asked, KEEP))).hasSize(51);
        assertThat(left(expiry("k7").orElseThrow())).isGreaterThan(Duration.ofMinutes(15));
        assertThat(on(cache.getAllAndTouch(asked, NEVER))).hasSize(51);
        assertThat(expiry("k7")).contains(NEVER);
        assertThat(on(cache.getAllTimed(List.of()))).isEmpty();
        assertThat(on(cache.getAllAndTouch(List.of(), LATE))).isEmpty();
    }

    @Test
    final void scanListsEveryKeyOfAPrefixThatLooksLikeAPatternAndNoOther() {
        NEIGHBOURS.forEach(key -> put(key, key, NEVER, ANY));
        for (String prefix : NEIGHBOURS) {
            assertThat(keys(prefix))
                    .as(prefix)
                    .containsExactlyInAnyOrderElementsOf(NEIGHBOURS.stream()
                            .filter(key -> key.startsWith(prefix))
                            .toList());
        }
        assertThat(keys("none")).isEmpty();
    }

    @Test
    final void scanListsAThousandKeysThatAreThereAllTheWhileThoughOthersComeAndGo() {
        Map<String, byte[]> values = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            values.put("k:" + i, bytes("v"));
        }
        on(cache.putAll(values, NEVER));
        Set<String> listed = new HashSet<>();
        Optional<String> cursor = Optional.empty();
        int pages = 0;
        do {
            Page<String> page = on(elsewhere.scan("k:", cursor, 100));
            listed.addAll(page.items());
            cursor = page.next();
            put("x:" + pages, "v", NEVER, ANY);
            put("k:extra" + pages, "v", NEVER, ANY);
            on(cache.remove("k:extra" + (pages - 1), ANY));
            assertThat(++pages).as("pages").isLessThan(2000);
        } while (cursor.isPresent());
        assertThat(pages).isGreaterThan(1);
        assertThat(listed).containsAll(values.keySet()).allMatch(key -> key.startsWith("k:"));
    }

    @Test
    final void removeAllRemovesThePrefixAndNoNeighbour() {
        for (String prefix : List.of("a*", "a?", "[a]", "\\", "é", "日本", "💾", "{a}", "a b")) {
            NEIGHBOURS.forEach(key -> put(key, key, NEVER, ANY));
            List<String> doomed =
                    NEIGHBOURS.stream().filter(key -> key.startsWith(prefix)).toList();
            assertThat(on(cache.removeAll(prefix))).as(prefix).isEqualTo(doomed.size());
            List<String> spared = new ArrayList<>(NEIGHBOURS);
            spared.removeAll(doomed);
            assertThat(keys("")).as(prefix).containsExactlyInAnyOrderElementsOf(spared);
        }
        int left = keys("").size();
        assertThat(on(cache.removeAll(""))).isEqualTo(left);
        assertThat(on(cache.removeAll(""))).isZero();
    }

    @Test
    final void twoNamespacesSeeNothingOfEachOther() {
        CacheStore other = openElsewhere().cache().orElseThrow();
        put("ada", "1", NEVER, ANY);
        on(cache.add(new Call("lane", 1), "n", Map.of("a", 1L)));
        assertThat(on(other.get("ada"))).isEmpty();
        assertThat(on(other.scan("", Optional.empty(), 100)).items()).isEmpty();
        assertThat(on(other.counters("n"))).isEmpty();
        assertThat(on(other.removeAll(""))).isZero();
        assertThat(get("ada")).contains("1");
    }

    private boolean put(String key, String value, Expiry expiry, Match match) {
        return on(cache.put(key, bytes(value), expiry, match));
    }

    private Optional<String> get(String key) {
        return text(on(cache.get(key)));
    }

    private Optional<Expiry> expiry(String key) {
        return Optional.ofNullable(on(elsewhere.getAllTimed(List.of(key))).get(key))
                .map(Timed::expiry);
    }

    private static Duration left(Expiry expiry) {
        return ((Expiry.After) expiry).ttl();
    }

    private Match version(String key) {
        return new Match.Version(on(cache.get(key)).orElseThrow().version());
    }

    private Set<String> keys(String prefix) {
        return Page.stream(cursor -> on(elsewhere.scan(prefix, cursor, 10))).collect(Collectors.toSet());
    }

    private static Optional<String> text(Optional<Entry> entry) {
        return entry.map(present -> new String(present.value(), UTF_8));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
