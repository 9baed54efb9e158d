package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.redis.ActionheroCache.Loaded;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Cache, locks, lists and counters shared with the real actionhero 29.3.5 and 9.4.1, byte by byte. */
public abstract class NodeCacheContract extends InteropScenes {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String ODD =
            "[\"é/\\u2028</>\\u0001\\ud83d\\udcbe\",1.5,1.0,1e21,1e-7,{\"b\":1,\"a\":[],\"10\":{},\"2\":null},true]";

    private Actionhero hero(ActionheroFormat format) {
        return Actionhero.on(scene.cluster(), format).withLockName("java");
    }

    private String get(String key) {
        return scene.redis.command("GET", "actionhero:cache:" + key);
    }

    private long ttl(String key) {
        return Long.parseLong(scene.redis.command("PTTL", "actionhero:cache:" + key));
    }

    /** Of the same form, whatever the time. */
    private static String timeless(String entry) {
        return entry.replaceAll("(createdAt|readAt|expireTimestamp)\":[0-9]{13}", "$1\":T");
    }

    private static String time(String entry, String field) {
        Matcher matcher = Pattern.compile("\"" + field + "\":([0-9]+)").matcher(entry);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static Object odd() throws Json.MalformedException {
        return Json.read(ODD.getBytes(UTF_8));
    }

    private static String text(Object tree) {
        return new String(JsonWriter.canonical(tree), UTF_8);
    }

    @Test
    void eachLoadsWhatTheOtherSavesIn29() throws Exception {
        NodeProcess node = scene.node("actionhero-29", "{\"scheduler\":false,\"processors\":[0,0]}");
        ActionheroCache<Object> cache = hero(ActionheroFormat.V29).cache(Object.class);
        node.call("cache", "save", "[\"theirs\"," + ODD + ",60000]");
        Loaded<Object> loaded = cache.load("theirs").orElseThrow();
        assertThat(loaded.createdAt())
                .isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(60));

        cache.save("ours", loaded.value(), MINUTE);
        assertThat(timeless(get("ours"))).isEqualTo(timeless(get("theirs")));
        assertThat(ttl("ours")).isBetween(1L, 60_000L);
        Map<?, ?> there = (Map<?, ?>) node.call("cache", "load", "[\"ours\"]");
        assertThat(text(there.get("value"))).isEqualTo(text(odd()));
        assertThat(((Json.Num) there.get("createdAt")).digits()).isEqualTo(time(get("ours"), "createdAt"));

        String before = get("theirs");
        cache.load("theirs", Duration.ofHours(1));
        assertThat(ttl("theirs")).isGreaterThan(60_000);
        node.call("cache", "load", "[\"theirs\",{\"expireTimeMS\":7200000}]");
        assertThat(ttl("theirs")).isGreaterThan(3_600_000);
        assertThat(get("theirs")).isEqualTo(before);

        cache.save("forever", "x");
        node.call("cache", "save", "[\"forever too\",\"x\"]");
        assertThat(timeless(get("forever"))).isEqualTo(timeless(get("forever too")));
        assertThat(ttl("forever")).isEqualTo(ttl("forever too")).isEqualTo(-1);
        assertThat(cache.keys("")).containsExactlyInAnyOrder("ours", "theirs", "forever", "forever too");
        assertThat((List<?>) node.call("cache", "keys", "[]"))
                .map(String::valueOf)
                .containsExactlyInAnyOrder(
                        "actionhero:cache:ours",
                        "actionhero:cache:theirs",
                        "actionhero:cache:forever",
                        "actionhero:cache:forever too");

        assertThat(cache.destroy("theirs")).isTrue();
        assertThatThrownBy(() -> node.call("cache", "load", "[\"theirs\"]")).hasMessageContaining("Object not found");
        assertThat(node.call("cache", "destroy", "[\"ours\"]")).isEqualTo(true);
        assertThat(cache.load("ours")).isEmpty();
    }

    @Test
    void eachLoadsWhatTheOtherSavesIn9AndSeesWhenItWasRead() throws Exception {
        NodeProcess node = scene.node("actionhero-9", "{}");
        ActionheroCache<Object> cache = hero(ActionheroFormat.V9).cache(Object.class);
        node.call("cache", "save", "[\"theirs\"," + ODD + ",60000]");
        String saved = get("theirs");
        Loaded<Object> loaded = cache.load("theirs").orElseThrow();
        assertThat(loaded.lastReadAt()).isEmpty();
        assertThat(loaded.expiresAt()).contains(loaded.createdAt().plus(MINUTE));
        cache.save("ours", loaded.value(), MINUTE);
        assertThat(timeless(get("ours"))).isEqualTo(timeless(saved));
        assertThat(ttl("ours")).isBetween(1L, 60_000L);

        Map<?, ?> there = (Map<?, ?>) node.call("cache", "load", "[\"ours\",{\"retry\":false}]");
        assertThat(text(there.get("value"))).isEqualTo(text(odd()));
        assertThat(there.get("lastReadAt")).isNull();
        assertThat(timeless(get("ours"))).isEqualTo(timeless(get("theirs")));

        Instant readByNode = cache.load("ours").orElseThrow().lastReadAt().orElseThrow();
        assertThat(readByNode)
                .isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(60));
        String readByUs = time(get("theirs"), "readAt");
        Map<?, ?> again =
                (Map<?, ?>) node.call("cache", "load", "[\"theirs\",{\"retry\":false,\"expireTimeMS\":3600000}]");
        assertThat(((Json.Num) again.get("lastReadAt")).digits()).isEqualTo(readByUs);
        assertThat(cache.load("ours", Duration.ofHours(1))).isPresent();
        assertThat(timeless(get("ours"))).isEqualTo(timeless(get("theirs")));
        assertThat(ttl("ours")).isGreaterThan(60_000);
        assertThat(ttl("theirs")).isGreaterThan(60_000);

        cache.save("forever", "x");
        node.call("cache", "save", "[\"forever too\",\"x\",null]");
        assertThat(timeless(get("forever"))).isEqualTo(timeless(get("forever too")));
        cache.load("forever", MINUTE);
        node.call("cache", "load", "[\"forever too\",{\"retry\":false,\"expireTimeMS\":60000}]");
        assertThat(timeless(get("forever"))).isEqualTo(timeless(get("forever too")));
        assertThat(ttl("forever")).isEqualTo(ttl("forever too")).isEqualTo(-1);

        assertThat(cache.destroy("theirs")).isTrue();
        assertThat(node.call("cache", "destroy", "[\"ours\"]")).isEqualTo(true);
        assertThat(cache.load("ours")).isEmpty();
    }

    @Test
    void eachMindsTheLocksOfTheOtherIn29() {
        NodeProcess node = scene.node("actionhero-29", "{\"scheduler\":false,\"processors\":[0,0],\"id\":\"hero\"}");
        Actionhero hero = hero(ActionheroFormat.V29);
        locksAreMinded(node, hero, "", "Object locked", false);
        assertThat(node.call("cache", "lock", "[\"k\",1500]")).isEqualTo(true);
        assertThat(Long.parseLong(scene.redis.command("PTTL", "actionhero:lock:k")))
                .isBetween(1L, 2000L);
    }

    @Test
    void eachMindsTheLocksOfTheOtherIn9() {
        NodeProcess node = scene.node("actionhero-9", "{\"id\":\"hero\"}");
        locksAreMinded(node, hero(ActionheroFormat.V9), ",{\"retry\":false}", "Object Locked", true);
    }

    private void locksAreMinded(NodeProcess node, Actionhero hero, String options, String refusal, boolean again) {
        String lock = "[\"k\",60000]";
        ActionheroCache<String> cache = hero.cache(String.class);
        assertThat(node.call("cache", "lock", lock)).isEqualTo(true);
        assertThat(hero.lockedBy("k")).contains("hero");
        assertThat(node.call("cache", "lock", lock)).isEqualTo(again);
        assertThat(hero.lock("k", MINUTE)).isFalse();
        assertThat(hero.unlock("k")).isFalse();
        for (Runnable refused :
                List.<Runnable>of(() -> cache.save("k", "x"), () -> cache.load("k"), () -> cache.destroy("k"))) {
            assertThatThrownBy(refused::run)
                    .isInstanceOfSatisfying(
                            ActionheroLockedException.class,
                            e -> assertThat(e.holder()).isEqualTo("hero"));
        }
        node.call("cache", "save", "[\"k\",\"theirs\",60000]");
        assertThat(node.call("cache", "unlock", "[\"k\"]")).isEqualTo(true);
        assertThat(hero.lockedBy("k")).isEmpty();
        assertThat(cache.load("k").orElseThrow().value()).isEqualTo("theirs");

        assertThat(hero.lock("k", MINUTE)).isTrue();
        assertThat(node.call("cache", "lock", lock)).isEqualTo(false);
        assertThat(node.call("cache", "unlock", "[\"k\"]")).isEqualTo(false);
        assertThatThrownBy(() -> node.call("cache", "save", "[\"k\",\"x\",60000]"))
                .hasMessageContaining(refusal);
        assertThatThrownBy(() -> node.call("cache", "load", "[\"k\"" + options + "]"))
                .hasMessageContaining(refusal);
        assertThatThrownBy(() -> node.call("cache", "destroy", "[\"k\"]")).hasMessageContaining(refusal);
        cache.save("k", "ours");
        assertThat(hero.unlock("k")).isTrue();
        assertThat(((Map<?, ?>) node.call("cache", "load", "[\"k\"" + options + "]")).get("value"))
                .isEqualTo("ours");
        assertThat(node.call("cache", "lock", lock)).isEqualTo(true);
        assertThat(node.call("cache", "unlock", "[\"k\"]")).isEqualTo(true);
    }

    @Test
    void eachPopsWhatTheOtherPushes() throws Exception {
        NodeProcess node = scene.node("actionhero-29", "{\"scheduler\":false,\"processors\":[0,0]}");
        ActionheroList<Object> list = hero(ActionheroFormat.V29).list("jobs", Object.class);
        node.call("cache", "push", "[\"jobs\"," + ODD + "]");
        Object popped = list.pop().orElseThrow();
        node.call("cache", "push", "[\"jobs\"," + ODD + "]");
        list.push(popped);
        list.push("last");
        assertThat(scene.redis.command("LINDEX", "actionhero:cache:jobs", "0"))
                .isEqualTo(scene.redis.command("LINDEX", "actionhero:cache:jobs", "1"));
        assertThat(node.call("cache", "listLength", "[\"jobs\"]")).isEqualTo(new Json.Num("3"));
        assertThat(list.size()).isEqualTo(3);
        assertThat(text(node.call("cache", "pop", "[\"jobs\"]"))).isEqualTo(text(odd()));
        assertThat(text(node.call("cache", "pop", "[\"jobs\"]"))).isEqualTo(text(odd()));
        assertThat(node.call("cache", "pop", "[\"jobs\"]")).isEqualTo("last");
        assertThat(node.call("cache", "pop", "[\"jobs\"]")).isNull();
        assertThat(list.pop()).isEmpty();
    }

    @Test
    void eachCountsOnWhatTheOtherCounted() {
        NodeProcess node = scene.node("actionhero-9", "{}");
        ActionheroStats stats = hero(ActionheroFormat.V9).stats();
        node.call("stats", "increment", "[\"visits\",3]");
        node.call("stats", "writeIncrements", "[]");
        assertThat(stats.read(List.of("visits"))).isEqualTo(Map.of("visits", 3L));
        stats.add(Map.of("visits", 4L, "ours", 1L));
        assertThat(node.call("stats", "get", "[\"visits\"]")).isEqualTo("7");
        node.call("stats", "increment", "[\"ours\",1]");
        node.call("stats", "writeIncrements", "[]");
        assertThat(stats.read()).containsEntry("ours", 2L).containsEntry("visits", 7L);
    }

    /** Its own load writes back what it read; ours only if nobody has saved meanwhile. */
    @Test
    void ourLoadBringsBackNothingThatNodeHasReplacedIn9() throws Exception {
        NodeProcess node = scene.node("actionhero-9", "{}");
        ActionheroCache<Integer> cache = hero(ActionheroFormat.V9).cache(Integer.class);
        cache.save("k", -1);
        AtomicBoolean done = new AtomicBoolean();
        Thread loading = new Thread(() -> {
            while (!done.get()) {
                cache.load("k");
            }
        });
        loading.start();
        try {
            for (int i = 0; i < 500; i++) {
                node.call("cache", "save", "[\"k\"," + i + ",null]");
                assertThat(cache.load("k").orElseThrow().value()).isEqualTo(i);
            }
        } finally {
            done.set(true);
            loading.join();
        }
    }
}
