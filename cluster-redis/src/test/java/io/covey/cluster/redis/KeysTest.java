package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.driver.HashSlots;
import io.covey.cluster.redis.operator.Rights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class KeysTest {
    private final Keys keys = new Keys("covey", "resque", 0, false);

    @Test
    void namespacesThatContinueOneAnotherDoNotShareAPrefix() {
        Keys other = new Keys("covey:cache", "resque", 0, false);
        assertThat(other.cache("a")).doesNotStartWith(keys.cache(""));
        assertThat(keys.cache("a")).doesNotStartWith(other.cache(""));
        Keys database = new Keys("covey:0", "resque", 0, false);
        assertThat(database.channel("/a")).doesNotStartWith(keys.channel("/"));
    }

    @Test
    void cachesWhoseNamesContinueOneAnotherDoNotShareAPrefix() {
        assertThat(keys.cache("ab/1")).doesNotStartWith(keys.cache("a/"));
    }

    @Test
    void channelsOfAnotherDatabaseAreOthers() {
        Keys first = new Keys("covey", "resque", 1, false);
        assertThat(first.channel("/a")).isNotEqualTo(keys.channel("/a"));
        assertThat(first.channelName(first.channel("/a"))).isEqualTo("/a");
    }

    @Test
    void onAClusterTheTaskNamespaceIsATag() {
        assertThat(new Keys("covey", "resque", 0, true).taskNamespace()).isEqualTo("{resque}");
        assertThat(new Keys("covey", "{resque}", 0, true).taskNamespace()).isEqualTo("{resque}");
        assertThat(keys.taskNamespace()).isEqualTo("resque");
    }

    @Test
    void whatAGlobGivesAMeaningToIsEscaped() {
        assertThat(Keys.glob("a*b?c[d]e\\f^g-h")).isEqualTo("a\\*b\\?c\\[d\\]e\\\\f\\^g\\-h");
    }

    @Test
    void slotNamesAreInTheirSlot() {
        assertThat(HashSlots.of("123456789")).isEqualTo(0x31C3);
        for (int slot : new int[] {0, 1, 5460, 5461, 16_383}) {
            assertThat(HashSlots.of(HashSlots.name(slot))).isEqualTo(slot);
        }
    }

    @Test
    void theRightsThatTheContractsHaveAreThoseInTheDocumentation() throws IOException {
        String documented = Files.readString(Path.of("..", "docs", "redis-keys.md"));
        assertThat(documented).contains(Rights.APPLICATION_COMMANDS);
    }
}
