package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.TaskBroker.QueueState;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LastTriesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LastTries lastTries = new LastTries();
    private final WorkedQueue queue = new WorkedQueue("q");
    private final List<WorkedQueue> queues = List.of(queue);
    private long now = -SECOND;

    @Test
    void whoHasNothingElseToDoTakesOneAtOnce() {
        waiting(1);
        see(true);
        assertThat(lastTries.ask(true)).contains(queue);
    }

    @Test
    void whoIsBusyWaitsAWhileBeforeItDrains() {
        waiting(1);
        assertThat(secondsUntil(true)).isBetween(10L, 20L);
        assertThat(lastTries.ask(false)).isEmpty();
        assertThat(lastTries.ask(true)).contains(queue);
    }

    @Test
    void whoDoesNotGetEmptyClaimsAgainAndWaitsLongerTheNextTime() {
        waiting(1);
        secondsUntil(true);
        for (long standstill = 30; standstill <= 480; standstill *= 2) {
            assertThat(secondsUntil(false)).isEqualTo(standstill);
            assertThat(secondsUntil(true)).isBetween(2 * standstill, 6 * standstill);
        }
        assertThat(lastTries.ask(true)).contains(queue);
    }

    @Test
    void whoGetsEmptyWhileItClaimsAgainTakesOneAtOnce() {
        waiting(1);
        secondsUntil(true);
        secondsUntil(false);
        see(true);
        assertThat(lastTries.ask(true)).contains(queue);
    }

    @Test
    void whoSeesThatAnotherHadItGoesOn() {
        waiting(1);
        secondsUntil(true);
        secondsUntil(false);
        secondsUntil(true);
        waiting(0);
        see(false);
        assertThat(lastTries.alone()).isFalse();
        waiting(1);
        assertThat(secondsUntil(true)).isBetween(10L, 20L);
        assertThat(secondsUntil(false)).isEqualTo(30);
    }

    private void waiting(long tries) {
        queue.answered(new QueueState(0, tries, "epoch"), 0, 0, now);
    }

    private void see(boolean idle) {
        lastTries.see(queues, idle, now);
    }

    private long secondsUntil(boolean alone) {
        long begun = now;
        see(false);
        while (lastTries.alone() != alone) {
            now += SECOND;
            see(false);
        }
        return (now - begun) / SECOND;
    }
}
