package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.Transport.LinkState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a {@link Transport} promises of its backend besides what it stores: the clock, the facts and the state. */
public abstract class BackendContract extends TransportContract {
    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_VALUE = 500;

    private Transport here;
    private Transport elsewhere;

    @BeforeEach
    final void openTransports() {
        here = open();
        elsewhere = open();
    }

    @Test
    final void allConnectionsHaveOneClockThatGoesForward() {
        Instant last = on(here.time());
        for (int i = 0; i < 10; i++) {
            Instant next = on((i % 2 == 0 ? elsewhere : here).time());
            assertThat(next).isAfterOrEqualTo(last);
            last = next;
        }
    }

    @Test
    final void factsAreNamesAndValuesOfOneLineForPeople() {
        facts(here).forEach((name, value) -> {
            assertThat(name).isNotBlank().hasSizeLessThan(LONGEST_NAME);
            assertThat(value).as(name).isNotNull().hasSizeLessThan(LONGEST_VALUE);
            assertThat(name + value).matches(text -> text.chars().noneMatch(Character::isISOControl), "is one line");
        });
    }

    @Test
    final void whoeverAsksAgainIsToldTheSameFactsInTheSameOrder() {
        List<String> names = List.copyOf(facts(here).keySet());
        assertThat(facts(here).keySet()).containsExactlyElementsOf(names);
        assertThat(facts(elsewhere).keySet()).containsExactlyElementsOf(names);
        String version = "redis_version";
        if (names.contains(version)) {
            assertThat(facts(here).get(version)).matches("\\d+(\\.\\d+)+.*");
            assertThat(facts(elsewhere)).containsEntry(version, facts(here).get(version));
        }
    }

    @Test
    final void whatItTellsOfItselfHasNoSecrets() {
        String told = here.description() + facts(here);
        assertThat(backend().secrets()).allSatisfy(secret -> assertThat(told).doesNotContain(secret));
        assertThat(here.description()).isNotBlank().doesNotContain("\n");
        // Paths and settings of the server are nobody's business either.
        assertThat(facts(here).keySet()).noneMatch(name -> name.matches(".*(pass|file|executable|path).*"));
    }

    @Test
    final void whoeverAsksForFactsAfterTheEndIsNotLeftWaiting() throws Exception {
        here.close();
        assertThat(here.facts()
                        .handle((facts, thrown) -> true)
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    final void eachListenerToTheStateHearsThePresentOneOnceThoughAnotherThrows() {
        here.onState(state -> {
            throw new IllegalStateException("on purpose");
        });
        List<LinkState> heard = new CopyOnWriteArrayList<>();
        Registration twice = here.onState(heard::add);
        eventually().until(() -> heard.size() == 1);
        assertThat(heard).containsExactly(new LinkState(true, ""));
        here.onState(heard::add);
        eventually().until(() -> heard.size() == 2);
        twice.close();
        twice.close();
        on(here.time());
        assertThat(heard).containsExactly(new LinkState(true, ""), new LinkState(true, ""));
    }

    private static Map<String, String> facts(Transport transport) {
        return on(transport.facts());
    }
}
