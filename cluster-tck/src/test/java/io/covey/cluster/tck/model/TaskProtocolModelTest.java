package io.covey.cluster.tck.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.tck.model.Search.Found;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The protocol keeps its promises in every state within bounds, and each of its rules is needed for that. */
final class TaskProtocolModelTest {
    private static final Bounds DEATHS = Bounds.of(1, 2).dying(2, 1, 1).losing(2, 0);
    private static final Bounds COPIES = Bounds.of(1, 2).dying(2, 1, 0).losing(1, 1);
    private static final Bounds GIVING =
            Bounds.of(1, 2).dying(3, 1, 1).losing(1, 0).giving(1, 1);
    private static final Bounds BATCHES = Bounds.of(2, 2).dying(2, 1, 0).losing(0, 0);
    private static final Bounds LAST_TRIES = Bounds.of(2, 1).dying(2, 1, 0).giving(1, 0);
    private static final Bounds LIMITED = Bounds.of(2, 2).dying(2, 0, 1).limited(1);
    private static final Bounds FAILOVER =
            Bounds.of(1, 2).dying(3, 1, 0).losing(1, 0).failingOver();

    private static final Map<Rule, Bounds> WHERE = new EnumMap<>(Map.ofEntries(
            Map.entry(Rule.CLAIM_IN_ONE_STEP, DEATHS),
            Map.entry(Rule.FENCE, DEATHS),
            Map.entry(Rule.KNOWN_IDS, DEATHS),
            Map.entry(Rule.REAP_ONCE, DEATHS),
            Map.entry(Rule.LATE_SETTLEMENT_REMOVES, DEATHS),
            Map.entry(Rule.REPEATS_ARE_ANSWERED_AGAIN, BATCHES.losing(1, 0)),
            Map.entry(Rule.REAP_ONLY_THE_SILENT, DEATHS),
            Map.entry(Rule.RESOURCE_CHECKS_FENCE, DEATHS),
            Map.entry(Rule.GIVING_UP_ENDS_THE_FENCE, GIVING),
            Map.entry(Rule.OLDER_CALLS_ARE_STALE, COPIES),
            Map.entry(Rule.EMPTY_ANSWERS_ARE_RECORDED, COPIES),
            Map.entry(Rule.RELEASED_LAST_TRY_STAYS_ONE, LAST_TRIES),
            Map.entry(Rule.LATE_SETTLEMENT_OF_ALL_KINDS, GIVING),
            Map.entry(Rule.REAP_ALL_OF_AN_OWNER, BATCHES),
            Map.entry(Rule.SETTLE_BEFORE_CLAIM, LIMITED),
            Map.entry(Rule.FENCES_OUTLIVE_A_FAILOVER, FAILOVER),
            Map.entry(Rule.TAKING_BACK_NEEDS_A_PLACE, LIMITED)));

    @TestFactory
    Stream<DynamicTest> everyPromiseHoldsInEveryStateAndTheEndCanBeReachedFromEach() {
        return Stream.of(DEATHS, COPIES, GIVING, BATCHES, LAST_TRIES, LIMITED, FAILOVER)
                .map(bounds -> DynamicTest.dynamicTest(bounds.toString(), () -> holds(bounds)));
    }

    @TestFactory
    Stream<DynamicTest> aModelInWhichOneRuleIsBrokenBreaksAPromise() {
        return Stream.of(Rule.values())
                .map(rule -> DynamicTest.dynamicTest(rule.name(), () -> {
                    Found found = new Search(WHERE.get(rule), Set.of(rule)).run();
                    assertThat(found.broken()).as("broken without %s", rule).isNotNull();
                }));
    }

    @Test
    @Tag("long")
    void everyPromiseHoldsInEveryStateOfLargerBounds() {
        List.of(
                        Bounds.of(1, 2).dying(3, 2, 1).losing(2, 0),
                        Bounds.of(1, 2).dying(2, 1, 1).losing(1, 1),
                        Bounds.of(1, 2).dying(3, 1, 1).losing(1, 0).giving(1, 1),
                        Bounds.of(2, 1).dying(2, 2, 0).giving(1, 0))
                .forEach(TaskProtocolModelTest::holds);
    }

    private static void holds(Bounds bounds) {
        Found found = new Search(bounds, Set.of()).run();
        assertThat(found.broken())
                .as("%s after %s", found.broken(), found.path())
                .isNull();
        assertThat(found.stuck()).isZero();
        assertThat(found.states()).isGreaterThan(500);
    }
}
