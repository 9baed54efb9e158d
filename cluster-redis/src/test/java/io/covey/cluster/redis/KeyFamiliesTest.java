package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.KeyFamilies.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyFamiliesTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]+) \\|");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    private final KeyFamilies families = KeyFamilies.of("covey", "resque", false);

    private static String text(String table, String task, String workers) {
        return table.replaceAll("^T/", Matcher.quoteReplacement(task + "/"))
                .replaceAll("^O$", Matcher.quoteReplacement(workers + "records"))
                .replaceAll("^N:", "covey:")
                .replaceAll("^R:R:", "resque:resque:")
                .replaceAll("^R:", "resque:");
    }

    @Test
    void everyKeyOfTheDocumentationHasAFamily() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "redis-keys.md"));
        int checked = 0;
        for (String section : List.of(
                "## Cache, counters and lists", "## Locks and semaphores", "## Directory", "## Tasks", "## Workers")) {
            int start = page.indexOf(section);
            int end = page.indexOf("\n## ", start + 1);
            Matcher row = ROW.matcher(page.substring(start, end < 0 ? page.length() : end));
            while (row.find()) {
                Matcher name = NAME.matcher(row.group(1));
                while (name.find()) {
                    if (!name.group(1).matches("O|records|swept")) {
                        String key = text(name.group(1), "covey:{resque:queue:mail}", "covey:{resque:workers}/");
                        assertThat(families.of(key))
                                .as("%s, as %s", name.group(1), key)
                                .isPresent();
                        checked++;
                    }
                }
            }
        }
        assertThat(checked).isGreaterThan(50);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "covey:cache/profiles/ada|N:cache/|profiles|false",
                "covey:cache/profiles!/ada|N:cache/CACHE!/|profiles|true",
                "covey:{lock/a}b}|N:{lock}|a}b|true",
                "covey:{lock/a}/fence|N:{lock}/fence|a|true",
                "covey:{members}/owned/n1|N:{members}/owned/|n1|false",
                "covey:{members}/clock|N:{members}||false",
                "covey:history/{covey:0:/a/b}/head|N:history/head|/a/b|true",
                "covey:history/{covey:12:/a/b}|N:history/|/a/b|true",
                "covey:{resque:queue:a:b}/raw|T/raw|a:b|false",
                "covey:{resque:queue:mail}/note:6:result:x|T/note:|mail|true",
                "covey:{resque:workers}/records|O records||false",
                "resque:queue:mail|R:queue:|mail|false",
                "resque:worker:h:1:*:started|R:worker:|h:1:*:started|false",
            })
    void aKeyIsToldWithWhatItIsAbout(String key, String label, String about, boolean expiring) {
        Family family = families.of(key).orElseThrow();
        assertThat(family.label()).isEqualTo(label);
        assertThat(family.about().orElse(null)).isEqualTo(about);
        assertThat(family.expiring()).isEqualTo(expiring);
    }

    @Test
    void onAClusterTheTaskNamespaceIsATag() {
        KeyFamilies cluster = KeyFamilies.of("covey", "resque", true);
        assertThat(cluster.of("covey:{resque}/queue:mail/meta").orElseThrow().label())
                .isEqualTo("T/meta");
        assertThat(cluster.of("{resque}:queues")).isPresent();
        assertThat(cluster.of("covey:{resque}/workers/records")).isPresent();
        assertThat(cluster.of("covey:{shard/3}/history/a").orElseThrow().label())
                .isEqualTo("N:history/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "session:1", "coveyx:cache/a/b", "covey.cache/a", "resquex:queues", "\n"})
    void whatIsNotOursIsToldApart(String key) {
        assertThat(families.of(key)).isEmpty();
        assertThat(families.isPrefixed(key)).isFalse();
    }

    @Test
    void whatHasOurPrefixAndNoFamilyIsToldApartToo() {
        assertThat(families.of("covey:what is this")).isEmpty();
        assertThat(families.isPrefixed("covey:what is this")).isTrue();
    }
}
