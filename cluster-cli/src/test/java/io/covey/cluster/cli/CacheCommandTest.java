package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheCommandTest extends CommandsOnRedis {
    @TempDir
    Path folder;

    record Profile(String name, int age) {}

    @Test
    void whatAnApplicationWroteIsShownChangedAndMovedToAFileAndBack() throws IOException {
        try (Cluster node = join()) {
            Cache<Profile> profiles = node.cache("profiles", Profile.class);
            profiles.put("ada", new Profile("Ada", 36), Duration.ofHours(1));
            profiles.put("bob", new Profile("Bob", 63));

            assertThat(cluster("cache", "keys", "profiles").out().lines()).containsExactlyInAnyOrder("ada", "bob");
            assertThat(cluster("cache", "keys", "profiles", "a").out().lines()).containsExactly("ada");
            assertThat(cluster("cache", "keys", "profiles", "--limit=1").err()).contains("more than 1");
            assertThat(cluster("cache", "get", "profiles", "ada").out()).contains("\"name\":\"Ada\"");
            assertThat(cluster("cache", "get", "profiles", "ada", "--json").out())
                    .contains("\"value\":{")
                    .contains("\"expires\":\"20")
                    .contains("\"written\":\"20");
            assertThat(cluster("cache", "get", "profiles", "bob", "--json").out())
                    .contains("\"expires\":\"never\"");
            assertThat(cluster("cache", "get", "profiles", "nobody").status()).isEqualTo(1);
            assertThat(cluster("cache", "size", "profiles").out()).contains("2 entries");

            assertThat(cluster("cache", "set", "profiles", "cyd", "{\"name\":\"Cyd\",\"age\":7}", "--ttl=5m")
                            .status())
                    .isZero();
            assertThat(profiles.get("cyd")).contains(new Profile("Cyd", 7));
            assertThat(profiles.info("cyd").orElseThrow().expires()).isPresent();
            assertThat(cluster("cache", "set", "profiles", "cyd", "x", "--ttl=0s")
                            .err())
                    .contains("10 years")
                    .doesNotContain("\tat ");

            Path file = folder.resolve("profiles.dump");
            assertThat(cluster("cache", "dump", "profiles", file.toString()).out())
                    .contains("3 entries");
            assertThat(cluster("cache", "clear", "profiles").status()).isEqualTo(2);
            assertThat(cluster("cache", "clear", "profiles", "").status())
                    .as("of a variable that is not set")
                    .isEqualTo(2);
            assertThat(cluster("cache", "clear", "profiles", "c").out()).contains("removed 1");
            assertThat(cluster("cache", "clear", "profiles", "--all").out()).contains("removed 2");
            assertThat(cluster("cache", "load", "profiles", file.toString()).out())
                    .contains("3 entries");
            assertThat(profiles.get("ada")).contains(new Profile("Ada", 36));
            assertThat(profiles.info("ada").orElseThrow().expires()).isPresent();
            assertThat(profiles.info("bob").orElseThrow().expires()).isEmpty();

            assertThat(cluster("cache", "del", "profiles", "ada", "bob").status())
                    .isZero();
            assertThat(cluster("cache", "del", "profiles", "ada").status()).isEqualTo(1);

            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
            Shell.Run damaged = cluster("cache", "load", "profiles", file.toString());
            assertThat(damaged.status()).isEqualTo(1);
            assertThat(damaged.err()).contains("nothing was written").doesNotContain("\tat ");
            assertThat(profiles.get("ada")).isEmpty();
        }
        assertThat(cluster("cache").status()).isEqualTo(2);
    }
}
