package io.covey.cluster.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.cli.chaos.Ledger.Run;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the judge of the fault suite excuses, and what not. */
class VerdictTest {
    private static final Run FIRST = new Run(1, "a", 10, 1000, OptionalLong.empty());
    private static final Run FIRST_DONE = new Run(1, "a", 10, 1000, OptionalLong.of(1900));
    private static final Run SECOND = new Run(1, "b", 20, 7000, OptionalLong.of(8000));

    private static Verdict verdict(Run first, Strike strike) {
        return Verdict.of(Set.of(1), Map.of(1, List.of(first, SECOND)), List.of(strike), 10);
    }

    private static Strike strike(String process, long at, Map<Integer, Long> held) {
        return new Strike(process, at, at + 10, held);
    }

    @Test
    void whatWasInTheHandsOfAStruckProcessMayStartAgainInTime() {
        Verdict verdict = verdict(FIRST, strike("a", 2000, Map.of(1, 10L)));
        assertThatCode(() -> verdict.check("held", true)).doesNotThrowAnyException();
        assertThat(verdict.inFlight()).isEqualTo(1);
        Run late = new Run(1, "b", 20, 90_000, OptionalLong.of(91_000));
        Verdict tooLate =
                Verdict.of(Set.of(1), Map.of(1, List.of(FIRST, late)), List.of(strike("a", 2000, Map.of(1, 10L))), 10);
        assertThatThrownBy(() -> tooLate.check("late", true)).hasMessageContaining("the slowest second run");
    }

    @Test
    void whatHappenedBeforeTheFirstStartOrAfterTheSecondExplainsNothing() {
        assertNeedless(FIRST, strike("a", 900, Map.of()));
        assertNeedless(FIRST, strike("a", 7100, Map.of(1, 10L)));
        assertNeedless(FIRST, strike("b", 7100, Map.of(1, 20L)));
        assertNeedless(FIRST, strike("b", 2000, Map.of(1, 10L)));
    }

    @Test
    void anEndThatRedisKnewIsNotExcusedHoweverShortlyBefore() {
        assertNeedless(FIRST_DONE, strike("a", 1901, Map.of()));
        Verdict untold = verdict(FIRST_DONE, strike("a", 1901, Map.of(1, 10L)));
        assertThatCode(() -> untold.check("untold", true)).doesNotThrowAnyException();
        assertThat(untold.secondDone()).isEqualTo(1);
    }

    @Test
    void anEffectAfterThePauseIsASecondCompletion() {
        Verdict verdict = verdict(new Run(1, "a", 10, 1000, OptionalLong.of(7500)), strike("a", 2000, Map.of(1, 10L)));
        assertThatThrownBy(() -> verdict.check("zombie", true)).hasMessageContaining("second completions");
    }

    @Test
    void whatIsNeverDoneIsLost() {
        Verdict verdict = Verdict.of(Set.of(1, 2), Map.of(1, List.of(SECOND), 2, List.of(FIRST)), List.of(), 10);
        assertThat(verdict.lost()).containsExactly(2);
    }

    private static void assertNeedless(Run first, Strike strike) {
        Verdict verdict = verdict(first, strike);
        assertThatThrownBy(() -> verdict.check("needless", true)).hasMessageContaining("started again");
    }
}
