package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ServerFactsTest {

    @Test
    void ofAllThatInfoSaysThatIsToldWhichPeopleLookFor() {
        assertThat(
                        ServerFacts.read(
                                "# Server\r\nredis_version:7.0.15\r\nexecutable:/usr/bin/redis\r\nconfig_file:/etc/secret\r\n"
                                        + "# Memory\r\nmaxmemory_policy:noeviction\r\n\r\nused_memory_human:1.5M\r\nno colon\r\n:x\r\n"))
                .containsExactly(
                        java.util.Map.entry("redis_version", "7.0.15"),
                        java.util.Map.entry("used_memory_human", "1.5M"),
                        java.util.Map.entry("maxmemory_policy", "noeviction"));
        assertThat(ServerFacts.read("")).isEmpty();
    }
}
