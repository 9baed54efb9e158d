package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the locks of running tasks promise, by which workers of every make let a task wait. */
public abstract class RunLockContract extends FeatureContract {
    private static final byte[] ONE = "[1]".getBytes(UTF_8);
    private static final byte[] TWO = "[2]".getBytes(UTF_8);

    @Test
    final void ofTasksAlikeOneHolderAtATimeHasTheLock() {
        assertThat(lock(Q, "a", ONE, "ada")).isTrue();
        assertThat(on(elsewhere.control().orElseThrow().lockRun(Q, "a", ONE, "bob", LONG)))
                .isFalse();
        assertThat(lock(Q, "a", ONE, "ada")).isTrue();
        assertThat(lock(Q, "a", TWO, "bob")).isTrue();
        assertThat(lock(Q, "b", ONE, "bob")).isTrue();
        assertThat(lock("other", "a", ONE, "bob")).isTrue();
    }

    @Test
    final void argumentsThatMeanTheSameHaveOneLock() {
        assertThat(lock(Q, "a", ONE, "ada")).isTrue();
        assertThat(lock(Q, "a", " [ 1 ] ".getBytes(UTF_8), "bob")).isFalse();
        on(control.unlockRun(Q, "a", "[1 ]".getBytes(UTF_8), "ada", false));
        assertThat(lock(Q, "a", ONE, "bob")).isTrue();
    }

    @Test
    final void onlyItsHolderFreesALock() {
        lock(Q, "a", ONE, "ada");
        unlock("bob", false);
        assertThat(lock(Q, "a", ONE, "bob")).isFalse();
        unlock("ada", true);
        unlock("ada", true);
        assertThat(lock(Q, "a", ONE, "bob")).isTrue();
        unlock("ada", false);
        assertThat(lock(Q, "a", ONE, "ada")).isFalse();
    }

    @Test
    final void aLockThatNobodyFreesIsFreeAfterItsLongestTime() {
        assertThat(on(control.lockRun(Q, "a", ONE, "ada", Duration.ofSeconds(1))))
                .isTrue();
        elapseUntil(() -> lock(Q, "a", ONE, "bob"));
        assertThat(lock(Q, "a", ONE, "ada")).isFalse();
    }

    @Test
    final void ofManyWhoLockAtOnceOneHasTheLock() throws Exception {
        List<Boolean> had = Race.of(
                6,
                number -> on((number % 2 == 0 ? broker : elsewhere)
                        .control()
                        .orElseThrow()
                        .lockRun(Q, "a", ONE, "worker-" + number, LONG)));
        assertThat(had).containsOnlyOnce(true);
    }

    private boolean lock(String queue, String type, byte[] args, String holder) {
        return on(control.lockRun(queue, type, args, holder, LONG));
    }

    private void unlock(String holder, boolean done) {
        on(control.unlockRun(Q, "a", ONE, holder, done));
    }
}
