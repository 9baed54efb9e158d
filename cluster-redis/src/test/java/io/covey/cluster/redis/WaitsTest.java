package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.driver.HashSlots;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WaitsTest {
    private final List<String> said = new ArrayList<>();

    private Waits waits(String name, boolean cluster) {
        return new Waits(name, cluster, Duration.ofSeconds(5), said::add, said::add);
    }

    @Test
    void aMovingSlotIsToldOnceWithItsNumberAndItsQueue() {
        Waits waits = waits("redis-cluster://a:1,b:2", true);
        RedisCommand command = RedisCommand.keyed("LLEN", "{resque}:queue:mail");
        RedisError error = new RedisError("TRYAGAIN Multiple keys request during rehashing of slot");
        for (int i = 0; i < 100; i++) {
            waits.refused(command, error);
        }
        assertThat(said)
                .containsExactly("redis-cluster://a:1,b:2, slot " + HashSlots.of("resque")
                        + " refuses for now: TRYAGAIN, the slot is being moved to another master"
                        + " (TRYAGAIN Multiple keys request during rehashing of slot). Calls such as that for"
                        + " {resque}:queue:mail wait and are repeated, each for up to 5000 ms");
        said.clear();
        Waits.Wait wait = waits.refused(command, error);
        wait.over();
        wait.over();
        assertThat(said).hasSize(1).allMatch(text -> text.contains("goes on, TRYAGAIN lasted "));
    }

    @Test
    void eachReasonAndEachSlotIsToldByItself() {
        Waits waits = waits("redis-cluster://a:1", true);
        waits.refused(RedisCommand.keyed("GET", "{a}x"), new RedisError("TRYAGAIN later"));
        waits.refused(RedisCommand.keyed("GET", "{a}y"), new RedisError("TRYAGAIN later"));
        waits.refused(RedisCommand.keyed("GET", "{b}x"), new RedisError("TRYAGAIN later"));
        waits.refused(RedisCommand.keyed("GET", "{a}x"), new RedisError("CLUSTERDOWN Hash slot not served"));
        assertThat(said).hasSize(3);
    }

    @Test
    void aServerThatIsAloneIsNamedWithoutASlot() {
        Waits waits = waits("redis://h:6379", false);
        waits.refused(RedisCommand.of("TIME"), new RedisError("LOADING Redis is loading the dataset in memory"));
        assertThat(said)
                .containsExactly("redis://h:6379 refuses for now: LOADING, it is loading its data (LOADING Redis is"
                        + " loading the dataset in memory). Calls wait and are repeated, each for up to 5000 ms");
    }
}
