package io.covey.cluster.examples;

import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.Cluster;
import io.covey.cluster.EntryInfo;
import io.covey.cluster.Loading;
import io.covey.cluster.NearOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The code of docs/cache.md, so that it compiles. */
final class CacheGuide {

    record Profile(String name, int age) {
        Profile older() {
            return new Profile(name, age + 1);
        }
    }

    record Session(String user) {}

    private static final class Database {
        Optional<Profile> find(String key) {
            return Optional.of(read(key));
        }

        Profile read(String key) {
            return new Profile(key, 1);
        }
    }

    private static final Database DATABASE = new Database();

    static final Loading<Profile> FROM_DATABASE = Loading.of(Duration.ofMinutes(10), DATABASE::find)
            .refreshAfter(Duration.ofMinutes(8)) // from then on a read loads anew, aside
            .rememberAbsence(Duration.ofSeconds(30)) // the loader found nothing
            .acrossCluster() // one node at a time
            .timeout(Duration.ofSeconds(5)); // of those who wait for somebody else's load

    private CacheGuide() {}

    static void basics(Cluster cluster) {
        Cache<Profile> profiles = cluster.cache("profiles", Profile.class);
        profiles.put("ada", new Profile("Ada", 36), Duration.ofMinutes(10));
        Optional<Profile> ada = profiles.get("ada");
        Map<String, Profile> both = profiles.getAll(List.of("ada", "bob")); // one round trip
    }

    static void replace(Cache<Profile> profiles) {
        Cache.Entry<Profile> read = profiles.getEntry("ada").orElseThrow();
        boolean mine = profiles.replace("ada", read, read.value().older()); // false if somebody has written since
    }

    static void sliding(Cluster cluster) {
        CacheOptions sliding = CacheOptions.withTtl(Duration.ofMinutes(30)).sliding();
        Cache<Session> sessions = cluster.cache("sessions", Session.class, sliding);
        sessions.put("s1", new Session("ada")); // for 30 minutes
        sessions.get("s1"); // and for 30 minutes from now, in the same round trip

        EntryInfo info = sessions.info("s1").orElseThrow();
        info.written(); // when it was put
        info.expires(); // empty if it will not
        info.lastUsed(); // sliding caches only
    }

    static void loading(Cache<Profile> profiles, Database database) {
        Optional<Profile> cyd = profiles.get("cyd", Duration.ofMinutes(10), key -> Optional.of(database.read(key)));

        Optional<Profile> bob = profiles.get("bob", FROM_DATABASE);
        CompletionStage<Optional<Profile>> later = profiles.async().get("bob", FROM_DATABASE);
    }

    static void near(Cluster cluster) {
        NearOptions copies = NearOptions.entries(10_000).withTtl(Duration.ofMinutes(1));
        CacheOptions near = CacheOptions.none().near(copies);
        Cache<Profile> profiles = cluster.cache("profiles", Profile.class, near);
        profiles.get("ada"); // asks the store, keeps a copy
        profiles.get("ada"); // the copy
        profiles.nearStats(); // hits, misses, stale drops, flushes
    }

    static void files(Cache<Profile> profiles) {
        profiles.dump(Path.of("profiles.dump"));
        profiles.load(Path.of("profiles.dump")); // here or on another cluster
    }
}
