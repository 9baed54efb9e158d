package io.covey.cluster.core.members;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SuspectsTest {
    private static final Duration STEADY = Duration.ofNanos(150);
    private static final Duration LEFT = Duration.ofSeconds(1);
    private static final Set<String> KNOWN = Set.of("ada", "bob", "self");

    private final Suspects suspects = new Suspects(STEADY, 0);

    @Test
    void whoIsLateIsSuspectedOnce() {
        assertThat(suspects.suspect(Map.of("ada", LEFT), KNOWN, 100)).containsExactly("ada");
        assertThat(suspects.suspect(Map.of("ada", LEFT), KNOWN, 200)).isEmpty();
        assertThat(suspects.ids()).containsExactly("ada");
        assertThat(suspects.resume(Map.of("ada", LEFT), Set.of(), KNOWN)).isEmpty();
        assertThat(suspects.resume(Map.of(), Set.of(), KNOWN)).containsExactly("ada");
        assertThat(suspects.ids()).isEmpty();
    }

    @Test
    void whoWasAwayItselfSuspectsNobodyAtItsFirstLook() {
        assertThat(suspects.suspect(Map.of("ada", LEFT), KNOWN, 151)).isEmpty();
        assertThat(suspects.suspect(Map.of("ada", LEFT), KNOWN, 251)).containsExactly("ada");
    }

    @Test
    void whoIsNotKnownYetIsNotSuspected() {
        assertThat(suspects.suspect(Map.of("eve", LEFT), KNOWN, 100)).isEmpty();
        assertThat(suspects.nextDeath()).isEmpty();
    }

    @Test
    void whoIsOverdueOrGoneHasNotResumed() {
        suspects.suspect(Map.of("ada", LEFT, "bob", LEFT), KNOWN, 100);
        assertThat(suspects.resume(Map.of(), Set.of("ada"), KNOWN)).containsExactly("bob");
        assertThat(suspects.ids()).containsExactly("ada");
        assertThat(suspects.resume(Map.of(), Set.of(), Set.of("self"))).isEmpty();
        assertThat(suspects.ids()).isEmpty();
    }

    @Test
    void theNextDeathIsThatOfTheLeastLeaseLeft() {
        suspects.suspect(Map.of("ada", LEFT, "bob", LEFT.dividedBy(2), "eve", Duration.ZERO), KNOWN, 100);
        assertThat(suspects.nextDeath()).contains(LEFT.dividedBy(2));
        suspects.suspect(Map.of(), KNOWN, 200);
        assertThat(suspects.nextDeath()).isEmpty();
    }
}
