package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Directory.Roster;
import io.covey.cluster.spi.Directory.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a {@link Directory} promises of owners: who is alive, and that what the dead leave is handed on once. */
abstract class OwnerContract extends TransportContract {
    static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration LONGER_THAN_LEASE = Duration.ofSeconds(11);

    Directory directory;
    Directory elsewhere;

    @BeforeEach
    final void openDirectories() {
        directory = open().directory().orElseThrow();
        elsewhere = open().directory().orElseThrow();
    }

    @Test
    final void theFirstBeatIsNotARenewalAndTheNextIs() {
        assertThat(beat("ada").renewed()).isFalse();
        assertThat(beat("ada").renewed()).isTrue();
        assertThat(on(elsewhere.beat("ada", LEASE, 0)).renewed()).isTrue();
    }

    @Test
    final void aBeatTellsWhoIsAlive() {
        beat("ada");
        Roster roster = on(elsewhere.beat("bob", LEASE, 0));
        assertThat(roster.alive()).contains(Set.of("ada", "bob"));
        assertThat(roster.overdue()).isEmpty();
    }

    @Test
    final void theVersionGrowsWheneverAnOwnerComesOrGoes() {
        long one = beat("ada").version();
        assertThat(one).isPositive();
        long two = beat("bob").version();
        assertThat(two).isGreaterThan(one);
        assertThat(beat("ada").version()).isEqualTo(two);
        on(directory.bury("bob", true));
        assertThat(beat("ada").version()).isGreaterThan(two);
    }

    @Test
    final void whoKnowsTheVersionIsNotToldTheRosterAgain() {
        beat("ada");
        Roster before = beat("bob");
        Roster same = on(directory.beat("ada", LEASE, before.version()));
        assertThat(same.alive()).isEmpty();
        assertThat(same.version()).isEqualTo(before.version());
        beat("eve");
        assertThat(on(directory.beat("ada", LEASE, before.version())).alive()).contains(Set.of("ada", "bob", "eve"));
    }

    @Test
    final void whoseLeaseRanOutIsOverdueUntilBuriedAndAliveAgainIfItBeatsFirst() {
        beat("ada");
        beat("bob");
        backend().pass(LONGER_THAN_LEASE);
        Roster late = beat("bob");
        assertThat(late.renewed()).isTrue();
        assertThat(late.overdue()).containsExactly("ada");
        assertThat(late.alive()).contains(Set.of("bob"));
        assertThat(beat("bob").overdue()).containsExactly("ada");
        assertThat(beat("ada").renewed()).isTrue();
        Roster again = beat("bob");
        assertThat(again.overdue()).isEmpty();
        assertThat(again.alive()).contains(Set.of("ada", "bob"));
    }

    @Test
    final void whoHasUsedUpHalfOfItsOwnLeaseIsLateUntilItBeatsOrIsOverdue() {
        Duration minute = Duration.ofMinutes(1);
        on(directory.beat("ada", minute, 0));
        on(directory.beat("eve", minute.multipliedBy(10), 0));
        assertThat(on(directory.beat("bob", minute, 0)).late()).isEmpty();
        backend().pass(Duration.ofSeconds(40));
        Roster roster = on(elsewhere.beat("bob", minute, 0));
        assertThat(roster.late()).containsOnlyKeys("ada");
        assertThat(roster.late().get("ada")).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(20));
        assertThat(roster.alive()).contains(Set.of("ada", "bob", "eve"));
        assertThat(on(directory.beat("bob", minute, roster.version())).late()).containsOnlyKeys("ada");
        assertThat(on(directory.beat("ada", minute, 0)).late()).isEmpty();
        assertThat(on(directory.beat("bob", minute, 0)).late()).isEmpty();
        backend().pass(minute.plusSeconds(1));
        Roster late = on(directory.beat("bob", minute, 0));
        assertThat(late.overdue()).containsExactly("ada");
        assertThat(late.late()).isEmpty();
        on(directory.bury("ada", false));
        assertThat(on(directory.beat("bob", minute, 0)).late()).isEmpty();
    }

    @Test
    final void theBuriedAreNeitherAliveNorOverdueAndTheirNextBeatIsAFirst() {
        beat("ada");
        beat("bob");
        put("nodes", "1", "ada");
        backend().pass(LONGER_THAN_LEASE);
        beat("bob");
        assertThat(on(elsewhere.bury("ada", false))).hasSize(1);
        Roster roster = beat("bob");
        assertThat(roster.alive()).contains(Set.of("bob"));
        assertThat(roster.overdue()).isEmpty();
        assertThat(beat("ada").renewed()).isFalse();
        assertThat(find("nodes", "1")).isEmpty();
    }

    @Test
    final void anOwnerThatIsAliveCanOnlyBeRemovedByItself() {
        beat("ada");
        put("nodes", "1", "ada");
        assertThat(on(elsewhere.bury("ada", false))).isEmpty();
        assertThat(find("nodes", "1")).isPresent();
        assertThat(beat("ada").renewed()).isTrue();
        assertThat(on(directory.bury("ada", true))).hasSize(1);
        assertThat(find("nodes", "1")).isEmpty();
        assertThat(beat("ada").renewed()).isFalse();
    }

    @Test
    final void anOverdueOwnerThatBeatsBeforeItsBurialIsAliveAgainAndKeepsItsRows() {
        beat("ada");
        beat("bob");
        put("nodes", "1", "ada");
        backend().pass(LONGER_THAN_LEASE);
        assertThat(beat("bob").overdue()).contains("ada");
        beat("ada");
        assertThat(on(directory.bury("ada", false))).isEmpty();
        assertThat(find("nodes", "1")).isPresent();
    }

    @Test
    final void buryingANobodyHandsOutNothing() {
        assertThat(on(directory.bury("nobody", false))).isEmpty();
        assertThat(on(directory.bury("nobody", true))).isEmpty();
        assertThat(beat("ada").alive()).contains(Set.of("ada"));
    }

    @Test
    final void eachRowOfADeadOwnerIsHandedToOneOfEightCallers() throws Exception {
        beat("dead");
        beat("ada");
        Set<String> written = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            put(i % 2 == 0 ? "even" : "odd", "m" + i, "dead");
            written.add("m" + i + "=data of m" + i);
        }
        put("even", "spared", "ada");
        backend().pass(LONGER_THAN_LEASE);
        beat("ada");
        List<String> handed = new ArrayList<>();
        for (List<Row> rows : Race.of(8, number -> on((number % 2 == 0 ? directory : elsewhere).bury("dead", false)))) {
            rows.forEach(row -> {
                assertThat(row.owner()).isEqualTo("dead");
                assertThat(row.group()).isIn("even", "odd");
                handed.add(row.member() + "=" + new String(row.data(), UTF_8));
            });
        }
        assertThat(handed).containsExactlyInAnyOrderElementsOf(written);
        assertThat(on(directory.counts(Set.of("even", "odd"))))
                .containsEntry("even", 1L)
                .containsEntry("odd", 0L);
        assertThat(on(directory.bury("dead", false))).isEmpty();
    }

    @Test
    final void rowsOfTheDeadAreFoundUntilTheyAreBuried() {
        beat("ada");
        beat("bob");
        put("nodes", "1", "ada");
        backend().pass(LONGER_THAN_LEASE);
        beat("bob");
        assertThat(find("nodes", "1")).isPresent();
        assertThat(on(directory.page("nodes", Optional.empty(), 10)).items()).hasSize(1);
        on(directory.bury("ada", false));
        assertThat(find("nodes", "1")).isEmpty();
        assertThat(on(directory.page("nodes", Optional.empty(), 10)).items()).isEmpty();
    }

    @Test
    final void aSilenceOfEverybodyKillsNobody() {
        Duration lease = Duration.ofMillis(500);
        on(directory.beat("ada", lease, 0));
        on(elsewhere.beat("bob", lease, 0));
        put("nodes", "1", "bob");
        backend().elapse(lease.multipliedBy(3));
        Roster roster = on(directory.beat("ada", lease, 0));
        assertThat(roster.renewed()).isTrue();
        assertThat(roster.overdue()).isEmpty();
        assertThat(roster.alive()).contains(Set.of("ada", "bob"));
        assertThat(on(directory.bury("bob", false))).isEmpty();
        assertThat(on(elsewhere.beat("bob", lease, 0)).renewed()).isTrue();
    }

    @Test
    final void aSilenceOfEverybodyKillsNobodyAlsoWhenOneWithALongerLeaseBeatLast() {
        Duration lease = Duration.ofMillis(500);
        on(directory.beat("short", lease, 0));
        on(elsewhere.beat("long", lease.multipliedBy(20), 0));
        backend().elapse(lease.multipliedBy(3));
        assertThat(on(elsewhere.beat("long", lease.multipliedBy(20), 0)).overdue())
                .isEmpty();
        assertThat(on(elsewhere.bury("short", false))).isEmpty();
        assertThat(on(directory.beat("short", lease, 0)).renewed()).isTrue();
    }

    final Roster beat(String owner) {
        return on(directory.beat(owner, LEASE, 0));
    }

    final void put(String group, String member, String owner) {
        on(directory.put(row(group, member, owner)));
    }

    final Optional<Row> find(String group, String member) {
        return on(elsewhere.find(group, member));
    }

    static Row row(String group, String member, String owner) {
        return new Row(group, member, owner, ("data of " + member).getBytes(UTF_8));
    }
}
