package io.covey.cluster.core.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker.NewTask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
}
