package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.WorkerRegistry;
import io.covey.cluster.spi.WorkerRegistry.Running;
import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the list of workers promises. */
public abstract class WorkerRegistryContract extends TaskContract {
    private WorkerRegistry workers;
    private WorkerRegistry others;
    private Instant now;

    @BeforeEach
    final void openRegistries() {
        workers = broker.workers().orElseThrow();
        others = elsewhere.workers().orElseThrow();
        now = on(transport.time());
    }

    @Test
    final void aWorkerIsListedAsItLastReported() {
        Running running = new Running(Q, "id-7", "mail.send", "[{\"to\":[]},1]".getBytes(UTF_8), now.minusSeconds(3));
        on(workers.report(info("host.w-1", 0, List.of())));
        on(workers.report(info("host.w-1", 41, List.of(running))));
        on(workers.report(info("host.w-1", 42, List.of(running))));
        WorkerInfo listed = only();
        assertThat(listed.owner()).isEqualTo("host.w-1");
        assertThat(listed.host()).isEqualTo("host");
        assertThat(listed.pid()).isEqualTo(4711);
        assertThat(listed.queues()).containsExactly(Q, "own");
        assertThat(listed.processed()).isEqualTo(42);
        assertThat(listed.failed()).isEqualTo(3);
        assertThat(listed.concurrency()).isEqualTo(8);
        near(listed.since(), now.minus(Duration.ofMinutes(5)));
        assertThat(listed.seen())
                .isBetween(now.minusSeconds(2), on(transport.time()).plusSeconds(2));
        assertThat(listed.running()).hasSize(1);
        Running shown = listed.running().get(0);
        assertThat(shown.queue()).isEqualTo(Q);
        assertThat(shown.id()).isEqualTo("id-7");
        assertThat(shown.type()).isEqualTo("mail.send");
        assertThat(new String(shown.args(), UTF_8)).isEqualTo("[{\"to\":[]},1]");
        near(shown.since(), now.minusSeconds(3));
    }

    @Test
    final void aWorkerThatRunsNothingAnyMoreIsListedSo() {
        Running running = new Running(Q, "id", "t", "[]".getBytes(UTF_8), now);
        on(workers.report(info("w", 1, List.of(running))));
        on(workers.report(info("w", 2, List.of())));
        assertThat(only().running()).isEmpty();
        assertThat(only().processed()).isEqualTo(2);
    }

    @Test
    final void workersAreListedByOwner() {
        on(workers.report(info("c", 1, List.of())));
        on(others.report(info("a:1", 2, List.of())));
        on(workers.report(info("b.2-x_Y", 3, List.of())));
        assertThat(on(others.list()).stream().map(WorkerInfo::owner)).containsExactly("a:1", "b.2-x_Y", "c");
        assertThat(on(openElsewhere()
                        .tasks()
                        .orElseThrow()
                        .workers()
                        .orElseThrow()
                        .list()))
                .isEmpty();
    }

    @Test
    final void aRetiredWorkerIsListedNoMore() {
        on(workers.report(info("a", 1, List.of())));
        on(workers.report(info("b", 1, List.of())));
        on(others.retire("a"));
        on(workers.retire("a"));
        on(workers.retire("nobody-knows"));
        assertThat(on(workers.list()).stream().map(WorkerInfo::owner)).containsExactly("b");
        on(workers.report(info("a", 7, List.of())));
        assertThat(on(workers.list())).hasSize(2);
    }

    @Test
    final void listingWorkersTouchesNoTasks() {
        producer.enqueue(Q, "a");
        var lease = ada.claimOne(Q);
        on(workers.report(info(ada.owner, 1, List.of(new Running(Q, lease.id(), "a", "[]".getBytes(UTF_8), now)))));
        on(workers.retire(ada.owner));
        assertThat(ada.beat(lease)).isEmpty();
        assertThat(info(Q).active()).isEqualTo(1);
    }

    private WorkerInfo info(String owner, long processed, List<Running> running) {
        return new WorkerInfo(
                owner,
                "host",
                4711,
                List.of(Q, "own"),
                now.minus(Duration.ofMinutes(5)),
                now,
                processed,
                3,
                8,
                running);
    }

    private WorkerInfo only() {
        List<WorkerInfo> all = on(others.list());
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static void near(Instant shown, Instant meant) {
        assertThat(shown).isBetween(meant.minusSeconds(1), meant.plusSeconds(1));
    }
}
