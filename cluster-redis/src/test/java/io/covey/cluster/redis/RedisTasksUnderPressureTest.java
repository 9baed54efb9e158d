package io.covey.cluster.redis;

import static io.covey.cluster.redis.TaskBench.Q;
import static io.covey.cluster.redis.TaskBench.on;
import static io.covey.cluster.redis.TaskBench.task;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueControl.Cancelled;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.QueueSettings.Rate;
import io.covey.cluster.spi.TaskBroker.Dedupe;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Result;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import io.covey.cluster.spi.TaskNotes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    @Test
    void aFullRedisRefusesKeyedTasksAndNotesWholeAndDrainsAQueueOfOurs() {
        try (RedisServer server = RedisServer.builder()
                        .setting("maxmemory", "0")
                        .setting("maxmemory-policy", "noeviction")
                        .start();
                TaskBench bench = new TaskBench(server)) {
            QueueControl control = bench.broker.control().orElseThrow();
            on(control.change(
                    Q,
                    settings -> settings.withKind(Kind.OWN)
                            .withKeyLimits(Optional.of(2), Optional.of(new Rate(1000, Duration.ofSeconds(1), 1000)))));
            for (int i = 0; i < 6; i++) {
                assertThat(bench.enqueue(Q, keyed("A"), keyed("B"), unique("u" + i), later())
                                .accepted())
                        .doesNotContain(false);
            }
            Lease held = bench.claim("ada", 1).get(0);
            server.command("CONFIG", "SET", "maxmemory", "1mb");
            long before = (Long) bench.ask("HLEN", bench.keys.queue(Q).raw());
            for (NewTask task : List.of(keyed("A"), unique("more"), later(), debounced())) {
                assertThatThrownBy(() -> bench.enqueue(Q, task))
                        .isInstanceOf(TransportException.class)
                        .hasMessageContaining("nothing was added");
            }
            assertThatThrownBy(() -> on(bench.broker
                            .notes()
                            .orElseThrow()
                            .put(held.held(), "x", TaskNotes.PROGRESS, new byte[10], Duration.ofHours(1))))
                    .isInstanceOf(TransportException.class);
            assertThat(bench.ask("HLEN", bench.keys.queue(Q).raw())).isEqualTo(before);
            assertThat(bench.ask("HLEN", bench.keys.queue(Q).locks())).isEqualTo(6L);

            Outcome result = new Outcome.Done(Optional.of(new Result("x", new byte[10], Duration.ofHours(1))));
            assertThat(bench.settle("ada", Q, List.of(new Settlement(held.id(), held.fence(), result)), 0)
                            .settled())
                    .containsExactly(Settled.DONE);
            assertThat(on(bench.broker.notes().orElseThrow().get(Q, "x", TaskNotes.RESULT)))
                    .isPresent();
            List<Lease> leases = bench.claim("ada", 9);
            assertThat(on(control.cancel(Q, leases.get(0).id()))).isEqualTo(Cancelled.TOLD);
            on(bench.broker.beat("ada", TaskBench.LEASE, List.of(leases.get(0).held())));
            Settlement retry =
                    new Settlement(leases.get(1).id(), leases.get(1).fence(), new Outcome.Retry(Duration.ZERO));
            bench.settle("ada", Q, List.of(retry), 0);
            server.command("CONFIG", "SET", "maxmemory", "0");
            bench.harness.pass(TaskBench.LEASE.plusSeconds(1), Q);
            server.command("CONFIG", "SET", "maxmemory", "1mb");
            assertThat(bench.upkeep()).hasSize(8);
            on(control.change(Q, settings -> settings.withPaused(true)));
            on(control.giveBack(Q));
            on(control.change(Q, settings -> settings.withPaused(false)));
            int done = 1;
            for (List<Lease> some = bench.claim("bob", 9); !some.isEmpty(); some = bench.claim("bob", 9)) {
                bench.turn("bob", Q, some, 0);
                done += some.size();
            }
            assertThat(done).isEqualTo(18);
            assertThat(on(control.removeDelayed(Q, "later", "[]".getBytes(UTF_8))))
                    .isEqualTo(6);
            assertThat(bench.ask(
                            "EXISTS",
                            bench.keys.queue(Q).raw(),
                            bench.keys.queue(Q).meta(),
                            bench.keys.queue(Q).keyed()))
                    .isEqualTo(0L);
        }
    }

    private static NewTask keyed(String key) {
        return new NewTask(
                "t",
                "[]".getBytes(UTF_8),
                none(),
                Optional.empty(),
                Map.of("h", "v"),
                Optional.of(key),
                Optional.empty());
    }

    private static NewTask unique(String key) {
        Dedupe unique = new Dedupe.Unique(Optional.of(key), Dedupe.Until.EXPIRY, Duration.ofHours(1));
        return new NewTask("t", "[]".getBytes(UTF_8), none(), Optional.empty(), Map.of(), none(), Optional.of(unique));
    }

    private static NewTask debounced() {
        Dedupe debounce = new Dedupe.Debounce(Optional.of("d"), Duration.ofHours(1));
        return new NewTask(
                "t", "[]".getBytes(UTF_8), none(), Optional.empty(), Map.of(), none(), Optional.of(debounce));
    }

    private static NewTask later() {
        return task("later", "[]", Optional.of(Instant.now().plus(Duration.ofHours(1))));
    }

    private static Optional<String> none() {
        return Optional.empty();
    }
}
