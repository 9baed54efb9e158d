package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.Lock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LocksCommandTest extends CommandsOnRedis {

    @Test
    void whatIsHeldIsListedWithItsNodeAndTakenFromIt() throws InterruptedException {
        assertThat(cluster("locks", "list").out()).contains("Nothing is held");
        try (Cluster node = join()) {
            Lock.Held lease =
                    node.lock("orders").tryLock(Duration.ofSeconds(10)).orElseThrow();
            node.semaphore("printers", 3).tryAcquire(Duration.ofSeconds(10)).orElseThrow();
            assertThat(cluster("locks", "list").out().lines())
                    .hasSize(2)
                    .anyMatch(line -> line.startsWith("lock ") && line.contains("orders") && line.contains(" ada "))
                    .anyMatch(line -> line.startsWith("semaphore ") && line.contains("printers"));
            assertThat(cluster("locks", "list", "or").out().lines()).hasSize(1);
            Shell.Run limited = cluster("locks", "list", "--limit=1");
            assertThat(limited.out().lines()).hasSize(1);
            assertThat(limited.err()).contains("there are more than 1;");
            JsonNode held = JsonMapper.shared()
                    .readTree(cluster("locks", "list", "orders", "--json").out());
            assertThat(held.get("node").stringValue()).isEqualTo(node.self().id());
            assertThat(held.get("fence").longValue()).isEqualTo(lease.fence());
            assertThat(held.get("leftMillis").longValue()).isPositive();
            String owner = held.get("owner").stringValue();

            Shell.Run other = cluster("locks", "release", "orders", "--owner=somebody");
            assertThat(other.status()).isEqualTo(1);
            assertThat(other.out()).contains("somebody does not hold the lock orders");
            assertThat(cluster("locks", "release", "orders", "--owner=" + owner).out())
                    .isEqualTo("released orders\n");
            assertThat(cluster("locks", "release", "orders", "--owner=" + owner).status())
                    .isEqualTo(1);
            assertThat(cluster("locks", "list", "orders").out()).contains("Nothing is held");
        }
        assertThat(cluster("locks").status()).isEqualTo(2);
        assertThat(cluster("locks", "release", "orders").status()).isEqualTo(2);
    }

    @Test
    void countersAreShownAllOrSome() {
        assertThat(cluster("stats", "visits").out()).contains("Nothing is counted under visits");
        try (Cluster node = join()) {
            node.stats("visits").add("home", 7);
            node.stats("visits").add("about", 2);
            node.stats("visits").flush();
        }
        assertThat(cluster("stats", "visits").out().lines())
                .map(line -> line.replaceAll(" +", " "))
                .containsExactly("about 2", "home 7");
        assertThat(cluster("stats", "visits", "home", "none", "--json").out().lines())
                .containsExactly("{\"counter\":\"home\",\"value\":7}", "{\"counter\":\"none\",\"value\":0}");
    }
}
