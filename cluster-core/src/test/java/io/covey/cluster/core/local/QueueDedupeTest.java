package io.covey.cluster.core.local;

import static io.covey.cluster.core.local.QueueFixture.QUEUE;
import static io.covey.cluster.core.local.QueueFixture.on;
import static io.covey.cluster.core.local.QueueFixture.types;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskBroker.Dedupe;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Release;
import io.covey.cluster.spi.TaskBroker.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class QueueDedupeTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private final QueueFixture queue = new QueueFixture();

    @Test
    void aUniqueTaskIsAddedAgainWhenItIsDoneAndNotWhileItIsRetriedOrRedone() {
        Dedupe unique = new Dedupe.Unique(Optional.empty(), Until.DONE, HOUR);
        assertThat(enqueue("[1.0]", unique)).isTrue();
        assertThat(enqueue("[ 1 ]", unique)).as("the same arguments").isFalse();
        assertThat(enqueue("[2]", unique)).isTrue();
        Lease lease = queue.claim("ada", 1).get(0);
        end(lease, new Outcome.Retry(Duration.ZERO));
        assertThat(enqueue("[1]", unique)).isFalse();
        lease = queue.claim("ada", 1).get(0);
        queue.allDie();
        assertThat(enqueue("[1]", unique)).isFalse();
        lease = queue.claim("ada", 1).get(0);
        end(lease, new Outcome.Done());
        assertThat(enqueue("[1]", unique)).isTrue();
    }

    @Test
    void aUniqueTaskThatFailsOrIsPoisonOrIsRemovedCanBeAddedAgain() {
        Dedupe unique = new Dedupe.Unique(Optional.of("k"), Until.DONE, HOUR);
        enqueue("[]", unique);
        Lease lease = queue.claim("ada", 1).get(0);
        end(
                lease,
                Optional.of("k"),
                new Outcome.Fail(new Failure(lease.content(), "E", "m", List.of(), "w", queue.clock.instant())));
        assertThat(enqueue("[]", unique)).isTrue();
        for (int i = 0; i < QueueFixture.MAX_DELIVERIES; i++) {
            assertThat(enqueue("[]", unique)).isFalse();
            queue.claimSolo("ada" + i);
            queue.allDie();
        }
        assertThat(enqueue("[]", unique)).isTrue();
        assertThat(on(control().removeType(QUEUE, "t"))).isEqualTo(1);
        assertThat(enqueue("[]", unique)).isTrue();
    }

    @Test
    void aTaskUniqueUntilItsStartCanBeAddedWhileItRuns() {
        Dedupe unique = new Dedupe.Unique(Optional.empty(), Until.STARTED, HOUR);
        enqueue("[]", unique);
        Lease lease = queue.claim("ada", 1).get(0);
        assertThat(enqueue("[]", unique)).isFalse();
        on(control().release(QUEUE, new Release(Optional.empty(), lease.content())));
        assertThat(enqueue("[]", unique)).isTrue();
        assertThat(enqueue("[]", unique)).isFalse();
    }

    @Test
    void aThrottledTaskCanBeAddedAgainAfterItsTimeOnly() {
        Dedupe throttle = new Dedupe.Unique(Optional.empty(), Until.EXPIRY, Duration.ofSeconds(2));
        enqueue("[]", throttle);
        queue.settle(queue.claim("ada", 1).get(0), new Outcome.Done());
        assertThat(enqueue("[]", throttle)).isFalse();
        queue.clock.advance(Duration.ofMillis(1999));
        assertThat(enqueue("[]", throttle)).isFalse();
        queue.clock.advance(Duration.ofMillis(1));
        assertThat(enqueue("[]", throttle)).isTrue();
    }

    @Test
    void aLockThatAnotherTaskHoldsByNowIsNotFreedByTheOneBeforeIt() {
        on(control().change(QUEUE, settings -> settings.withKind(QueueSettings.Kind.OWN)));
        Dedupe unique = new Dedupe.Unique(Optional.of("k"), Until.DONE, Duration.ofSeconds(1));
        enqueue("[1]", unique);
        Lease late = queue.claim("ada", 1).get(0);
        queue.clock.advance(Duration.ofSeconds(1));
        Dedupe longer = new Dedupe.Unique(Optional.of("k"), Until.DONE, HOUR);
        assertThat(enqueue("[2]", longer)).isTrue();
        end(late, Optional.of("k"), new Outcome.Done());
        assertThat(enqueue("[3]", longer)).isFalse();
    }

    @Test
    void anIdOfATaskThatWasNotAddedIsNotTaken() {
        Dedupe unique = new Dedupe.Unique(Optional.of("k"), Until.EXPIRY, Duration.ofSeconds(1));
        assertThat(enqueue("[]", unique)).isTrue();
        assertThat(enqueue("[]", Optional.of("id"), unique)).isFalse();
        queue.clock.advance(Duration.ofSeconds(1));
        assertThat(enqueue("[]", Optional.of("id"), unique)).isTrue();
    }

    @Test
    void ofTasksThatAreDebouncedTheLastRunsOnceItHasBeenQuiet() {
        Dedupe debounce = new Dedupe.Debounce(Optional.empty(), Duration.ofSeconds(1));
        for (int i = 1; i <= 5; i++) {
            assertThat(enqueue("[" + i + "]", debounce)).isTrue();
            queue.clock.advance(Duration.ofMillis(999));
            assertThat(queue.claim("ada", 5)).isEmpty();
        }
        queue.clock.advance(Duration.ofMillis(1));
        Lease lease = queue.claim("ada", 5).get(0);
        assertThat(new String(((Readable) lease.content()).args(), UTF_8)).isEqualTo("[5]");
        enqueue("[6]", debounce);
        queue.clock.advance(Duration.ofSeconds(1));
        assertThat(queue.claim("bob", 5)).as("what has started is not replaced").hasSize(1);
    }

    @Test
    void aDebouncedTaskThatIsDueButHasNotStartedIsReplaced() {
        Dedupe debounce = new Dedupe.Debounce(Optional.of("k"), Duration.ofSeconds(1));
        enqueue("[1]", debounce);
        queue.clock.advance(Duration.ofSeconds(2));
        queue.upkeep();
        enqueue("[2]", debounce);
        assertThat(queue.claim("ada", 5)).isEmpty();
        queue.clock.advance(Duration.ofSeconds(1));
        assertThat(types(queue.claim("ada", 5))).hasSize(1);
    }

    private boolean enqueue(String args, Dedupe dedupe) {
        return enqueue(args, Optional.empty(), dedupe);
    }

    private boolean enqueue(String args, Optional<String> id, Dedupe dedupe) {
        NewTask task = new NewTask(
                "t", args.getBytes(UTF_8), id, Optional.empty(), Map.of(), Optional.empty(), Optional.of(dedupe));
        return queue.enqueue(queue.nextCall(), List.of(task)).accepted().get(0);
    }

    private void end(Lease lease, Outcome outcome) {
        end(lease, Optional.empty(), outcome);
    }

    private void end(Lease lease, Optional<String> key, Outcome outcome) {
        Settlement settlement =
                new Settlement(lease.id(), lease.fence(), outcome, Optional.of(new Release(key, lease.content())));
        queue.turn(queue.nextCall(), "any", 0, false, List.of(settlement));
    }

    private QueueControl control() {
        return queue.broker.control().orElseThrow();
    }
}
