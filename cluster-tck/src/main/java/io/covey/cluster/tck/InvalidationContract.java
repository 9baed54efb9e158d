package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.TransportException;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import io.covey.cluster.spi.InvalidationSource;
import io.covey.cluster.spi.InvalidationSource.Tracking;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an {@link InvalidationSource} promises. */
public abstract class InvalidationContract extends TransportContract {
    private static final Match ANY = new Match.Any();
    private static final Expiry NEVER = new Expiry.Never();
    private static final Expiry LATE = new Expiry.After(Duration.ofMinutes(10));
    private static final Expiry SOON = new Expiry.After(Duration.ofMillis(700));

    private Transport here;
    private CacheStore cache;
    private CacheStore elsewhere;

    @BeforeEach
    final void openCaches() {
        here = open();
        cache = here.cache().orElseThrow();
        elsewhere = open().cache().orElseThrow();
    }

    @Test
    final void everyKindOfChangeIsToldWhoeverMadeIt() {
        for (CacheStore writer : List.of(elsewhere, cache)) {
            try (Heard heard = track("c/")) {
                put(writer, "c/a", "1");
                heard.proves("c/a");
                on(writer.put("c/a", bytes("2"), NEVER, version("c/a")));
                heard.proves("c/a");
                on(writer.touch("c/a", LATE));
                heard.proves("c/a");
                on(writer.touch("c/a", NEVER));
                heard.proves("c/a");
                on(writer.getAndTouch("c/a", LATE));
                heard.proves("c/a");
                on(writer.getAllAndTouch(List.of("c/a"), LATE));
                heard.proves("c/a");
                on(writer.remove("c/a", version("c/a")));
                heard.proves("c/a");
                on(writer.put("c/a", bytes("3"), NEVER, new Match.Absent()));
                heard.proves("c/a");
                on(writer.remove("c/a", ANY));
                heard.proves("c/a");
                on(writer.putAll(Map.of("c/a", bytes("1"), "c/b", bytes("1")), NEVER));
                heard.proves("c/a", "c/b");
                on(writer.removeAll("c/"));
                heard.proves("c/a", "c/b");
            }
        }
    }

    @Test
    final void whatExpiresIsToldWhenItIsMissed() {
        Heard heard = track("c/");
        on(elsewhere.put("c/a", bytes("1"), SOON, ANY));
        heard.proves("c/a");
        backend().elapse(Duration.ofMillis(800));
        assertThat(on(elsewhere.get("c/a"))).isEmpty();
        heard.proves("c/a");
    }

    @Test
    final void whatIsOnlyReadOrRefusedIsNotTold() {
        put(elsewhere, "c/a", "1");
        Heard heard = track("c/");
        on(elsewhere.get("c/a"));
        on(elsewhere.getAllTimed(List.of("c/a", "c/b")));
        on(elsewhere.put("c/a", bytes("2"), NEVER, new Match.Absent()));
        on(elsewhere.put("c/b", bytes("2"), NEVER, new Match.Present()));
        on(elsewhere.remove("c/b", ANY));
        heard.proves();
    }

    @Test
    final void aPrefixHearsOfItsOwnKeysAndOfNoNeighbours() {
        List<String> prefixes = List.of("a/", "a:b/", "a*/", "ab/", "é/", "{a}/");
        List<Heard> all = prefixes.stream().map(this::track).toList();
        prefixes.forEach(prefix -> put(elsewhere, prefix + "ключ", "1"));
        put(elsewhere, "a", "1");
        for (int i = 0; i < prefixes.size(); i++) {
            all.get(i).proves(prefixes.get(i) + "ключ");
        }
    }

    @Test
    final void prefixesMayOverlapWhicheverComesFirst() {
        Heard longer = track("a/b/");
        Heard shorter = track("a/");
        Heard longest = track("a/b/c/");
        Heard again = track("a/");
        Heard everything = track("");
        // A prefix that comes later may cost those that are there a fresh start.
        List.of(longer, shorter, longest, again, everything).forEach(Heard::awaitLive);
        put(elsewhere, "a/b/c/1", "1");
        for (Heard heard : List.of(longer, shorter, longest, again, everything)) {
            heard.proves("a/b/c/1");
        }
        put(elsewhere, "a/1", "1");
        longer.proves();
        shorter.proves("a/1");
        everything.proves("a/1");
    }

    @Test
    final void whoeverHasClosedHearsNothingMoreAndTheOthersGoOn() {
        Heard first = track("c/");
        Heard second = track("c/");
        Heard other = track("d/");
        first.close();
        first.close();
        put(elsewhere, "c/a", "1");
        put(elsewhere, "d/a", "1");
        second.proves("c/a");
        other.proves("d/a");
        assertThat(first.keys).isEmpty();
        second.close();
        other.close();
        Heard afterAll = track("c/");
        put(elsewhere, "c/b", "1");
        afterAll.proves("c/b");
        assertThat(second.keys).isEmpty();
    }

    @Test
    final void aProofComesAfterTheNewsOfEveryChangeThatWasAnsweredBefore() {
        Heard heard = track("c/");
        for (int round = 0; round < 20; round++) {
            Map<String, byte[]> values = new HashMap<>();
            for (int i = 0; i < 50; i++) {
                values.put("c/" + round + "/" + i, bytes("v"));
            }
            on(elsewhere.putAll(values, NEVER));
            on(heard.tracking.prove());
            assertThat(heard.keys).containsAll(values.keySet());
        }
    }

    @Test
    final void anotherNamespaceIsNotHeard() {
        Heard heard = track("c/");
        put(openElsewhere().cache().orElseThrow(), "c/a", "1");
        heard.proves();
    }

    @Test
    final void nothingIsProvenByAClosedTransport() {
        Heard heard = track("c/");
        here.close();
        assertThatThrownBy(() -> on(heard.tracking.prove())).isInstanceOf(TransportException.class);
    }

    private Heard track(String prefix) {
        Heard heard = new Heard();
        heard.tracking = cache.invalidations().orElseThrow().track(prefix, heard);
        heard.awaitLive();
        return heard;
    }

    private static void put(CacheStore store, String key, String value) {
        on(store.put(key, bytes(value), NEVER, ANY));
    }

    private Match version(String key) {
        return new Match.Version(on(elsewhere.get(key)).orElseThrow().version());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static final class Heard implements InvalidationSource.Listener, AutoCloseable {
        private final Set<String> keys = ConcurrentHashMap.newKeySet();
        private volatile boolean live;
        private Tracking tracking;

        @Override
        public void live() {
            live = true;
        }

        @Override
        public void invalidated(Collection<String> changed) {
            keys.addAll(changed);
        }

        @Override
        public void lost(String reason) {
            live = false;
        }

        private void awaitLive() {
            eventually().until(() -> live);
        }

        /** These and no others were heard since the last time. */
        private void proves(String... expected) {
            // a moment in which another prefix is added proves nothing
            eventually()
                    .ignoreException(TransportException.class)
                    .until(() -> on(tracking.prove().thenApply(done -> true)));
            assertThat(keys).containsExactlyInAnyOrder(expected);
            keys.clear();
        }

        @Override
        public void close() {
            tracking.close();
        }
    }
}
