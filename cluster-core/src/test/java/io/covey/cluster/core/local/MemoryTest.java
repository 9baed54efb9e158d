package io.covey.cluster.core.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.ListStore.Bound;
import io.covey.cluster.spi.ListStore.Side;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.TaskBroker.Dedupe;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Result;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Nothing that ended stays for ever. */
final class MemoryTest {
    private final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));

    @Test
    void entriesThatExpiredUnnoticedAreSweptByLaterWrites() {
        Entries entries = new Entries(clock);
        for (int i = 0; i < 10_000; i++) {
            entries.put("session" + i, new byte[0], new Expiry.After(Duration.ofSeconds(1)), new Match.Any());
            clock.advance(Duration.ofMillis(1));
        }
        assertThat(entries.size()).isLessThan(3_000);
    }

    @Test
    void listsThatExpiredUnnoticedAreSweptByLaterPushes() {
        ListTable lists = new ListTable(clock);
        Bound second = new Bound(OptionalLong.empty(), Optional.of(Duration.ofSeconds(1)));
        for (int i = 0; i < 10_000; i++) {
            lists.push(new Call("lane" + i, 1), "list" + i, List.of(new byte[0]), Side.END, second);
            clock.advance(Duration.ofMillis(1));
        }
        assertThat(lists.size()).isLessThan(3_000);
        clock.advance(Duration.ofMinutes(2));
        lists.push(new Call("lane", 1), "list", List.of(new byte[0]), Side.END, second);
        assertThat(lists.lanes()).isEqualTo(1);
    }

    @Test
    void locksAreForgottenADayAfterTheyWereLastHeld() {
        LockTable locks = new LockTable(clock);
        for (int i = 0; i < 2_000; i++) {
            locks.acquire("lock" + i, "ada", Duration.ofSeconds(1));
        }
        clock.advance(Duration.ofDays(2));
        for (int i = 0; i < 1_100; i++) {
            locks.acquire("one", "owner" + i, Duration.ofSeconds(1));
        }
        assertThat(locks.size()).isEqualTo(1);
    }

    @Test
    void semaphoresAreForgottenWhenAllTheirPermitsAreReleasedOrRanOut() {
        PermitTable permits = new PermitTable(clock);
        for (int i = 0; i < 2_000; i++) {
            permits.acquire("semaphore" + i, "ada", 2, Duration.ofSeconds(1));
            permits.acquire("released", "ada", 2, Duration.ofSeconds(1));
            permits.release("released", "ada");
        }
        clock.advance(Duration.ofSeconds(2));
        for (int i = 0; i < 1_100; i++) {
            permits.acquire("one", "owner" + i, 2, Duration.ofSeconds(1));
        }
        assertThat(permits.size()).isEqualTo(1);
    }

    @Test
    void callRecordsOfClosedConnectionsAreForgottenInAnHourAndOthersAndIdsInADay() {
        TaskSpace space = new TaskSpace(clock);
        LocalQueue queue = space.queue("mail");
        NewTask named = new NewTask("a", new byte[0], Optional.of("id"), Optional.empty());
        queue.enqueue(new Call("gone", 1), List.of(named), () -> true);
        queue.enqueue(new Call("open", 1), List.of(), () -> false);
        assertThat(queue.remembered()).isEqualTo(3);
        clock.advance(Duration.ofMinutes(61));
        queue.upkeep(QueueFixture.LEASE, 3);
        assertThat(queue.remembered()).isEqualTo(2);
        clock.advance(Duration.ofDays(1));
        queue.upkeep(QueueFixture.LEASE, 3);
        assertThat(queue.remembered()).isZero();
    }

    @Test
    void whatIsKeptBesideTasksOfAQueueIsForgottenWhenItsTimeIsOver() {
        QueueFixture queue = new QueueFixture();
        QueueControl control = queue.broker.control().orElseThrow();
        QueueFixture.on(control.change(
                QueueFixture.QUEUE,
                settings -> settings.withKind(QueueSettings.Kind.OWN)
                        .withKeyLimits(
                                Optional.of(5), Optional.of(QueueSettings.Rate.of(100, Duration.ofSeconds(1))))));
        Dedupe unique = new Dedupe.Unique(Optional.empty(), Dedupe.Until.EXPIRY, Duration.ofSeconds(1));
        for (int i = 0; i < 5_000; i++) {
            NewTask task = new NewTask(
                    "t",
                    ("[" + i + "]").getBytes(UTF_8),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of("h", "v"),
                    Optional.of("key" + i),
                    Optional.of(unique));
            String id =
                    queue.enqueue(queue.nextCall(), List.of(task)).receipts().get(0);
            Lease lease = queue.claim("ada", 1).get(0);
            QueueFixture.on(control.cancel(QueueFixture.QUEUE, id));
            queue.settle(lease, new Outcome.Done(Optional.of(new Result(id, new byte[1], Duration.ofSeconds(1)))));
            queue.clock.advance(Duration.ofMillis(10));
        }
        assertThat(remembered(queue)).as("without any upkeep").isLessThan(4 * 2_100);
        queue.clock.advance(Duration.ofMinutes(2));
        queue.upkeep();
        assertThat(remembered(queue)).isZero();
    }

    private static int remembered(QueueFixture queue) {
        return queue.backend
                .tasks(TransportConfig.of("local:").taskNamespace())
                .queue(QueueFixture.QUEUE)
                .with(QueueParts::remembered);
    }
}
