package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tasks.Logged;
import org.junit.jupiter.api.Test;

final class StrayTasksTest {

    @Test
    void aListOfFailedTasksThatGrowsIsSpokenOfOnce() throws ReflectiveOperationException {
        try (RedisServer server = RedisServer.start();
                TaskBench bench = new TaskBench(server);
                Logged logged = new Logged(StrayTasks.class.getName())) {
            String failed = bench.keys.failed();
            server.command("EVAL", "for i = 1, 100001 do redis.call('RPUSH', KEYS[1], '{}') end return 1", "1", failed);
            bench.upkeep();
            await().until(() -> !logged.lines("entries").isEmpty());
            bench.upkeep();
            assertThat(logged.lines("entries"))
                    .singleElement()
                    .asString()
                    .endsWith(
                            failed
                                    + " has 100001 entries, and nothing removes them: retry or drop them, they fill the memory of Redis");
        }
    }
}
