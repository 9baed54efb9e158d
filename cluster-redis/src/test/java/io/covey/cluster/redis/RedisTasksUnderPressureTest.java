package io.covey.cluster.redis;

import static io.covey.cluster.redis.TaskBench.Q;
import static io.covey.cluster.redis.TaskBench.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A Redis that is full and evicts nothing must refuse what adds and let through what drains. */
final class RedisTasksUnderPressureTest {

    @Test
    void aFullRedisRefusesAnEnqueueWholeAndDrainsByClaimsAndSettlements() {
        try (RedisServer server = RedisServer.builder()
                        .setting("maxmemory", "4mb")
                        .setting("maxmemory-policy", "noeviction")
                        .start();
                TaskBench bench = new TaskBench(server)) {
            String large = "[\"" + "x".repeat(20_000) + "\"]";
            int added = 0;
            try {
                while (added < 1000) {
                    bench.enqueue(Q, task("t", large, Optional.empty()), task("t", large, Optional.empty()));
                    added += 2;
                }
            } catch (RefusedException full) {
                assertThat(full)
                        .hasMessageContaining("out of memory")
                        .hasMessageContaining("2 tasks for queue mail refused, nothing was added");
            }
            assertThat(added).isBetween(10, 500);
            long waiting = (Long) bench.ask("LLEN", bench.keys.queue(Q).list());
            assertThat(waiting).isEqualTo(added);
            // well below what is used, so that no buffer that is freed makes room
            server.command("CONFIG", "SET", "maxmemory", "2mb");
            assertThatThrownBy(() -> bench.enqueue(Q, task("t", large, Optional.empty())))
                    .isInstanceOf(RefusedException.class);
            assertThatThrownBy(() -> bench.ask("SET", "fill", large)).isInstanceOf(TransportException.class);

            TurnAnswer first = bench.turn("ada", Q, List.of(), 6);
            assertThat(first.leases()).hasSize(6);
            server.command("CONFIG", "SET", "maxmemory", "0");
            bench.harness.pass(TaskBench.LEASE.plusSeconds(1), Q);
            server.command("CONFIG", "SET", "maxmemory", "2mb");
            assertThat(bench.upkeep()).hasSize(6);
            List<Lease> leases = new ArrayList<>(bench.claim("bob", 6));
            List<Settlement> settlements = List.of(
                    new Settlement(leases.get(0).id(), leases.get(0).fence(), new Outcome.Done()),
                    new Settlement(leases.get(1).id(), leases.get(1).fence(), new Outcome.Release()),
                    new Settlement(leases.get(2).id(), leases.get(2).fence(), new Outcome.Retry(Duration.ZERO)));
            assertThat(bench.settle("bob", Q, settlements, 0).settled())
                    .containsExactly(Settled.DONE, Settled.DONE, Settled.DONE);
            int done = 1;
            List<Lease> held = new ArrayList<>(leases.subList(3, 6));
            while (!held.isEmpty()) {
                TurnAnswer answer = bench.turn("bob", Q, held, 10);
                assertThat(answer.settled()).containsOnly(Settled.DONE);
                done += held.size();
                held = answer.leases();
                bench.upkeep();
            }
            assertThat(done).isEqualTo(added);
            server.command("CONFIG", "SET", "maxmemory", "4mb");
            bench.enqueue(Q, task("t", large, Optional.empty()));
        }
    }
}
