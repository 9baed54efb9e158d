package io.covey.cluster.core.rooms;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.core.rooms.Told.News;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ToldTest {
    private final Told told = new Told();

    private static Seat seat(String member, long stamp) {
        return new Seat(new SeatId("lobby", member), "node", stamp, Instant.ofEpochMilli(stamp), Map.of());
    }

    @Test
    void whatComesTwiceIsToldOnce() {
        assertThat(told.joined(seat("ada", 1))).isEqualTo(News.NEW);
        assertThat(told.joined(seat("ada", 1))).isEqualTo(News.KNOWN);
        assertThat(told.left(seat("ada", 1))).contains(seat("ada", 1));
        assertThat(told.left(seat("ada", 1))).isEmpty();
        assertThat(told.joined(seat("ada", 1))).isEqualTo(News.KNOWN);
        assertThat(told.present()).isEmpty();
    }

    @Test
    void anEndThatOvertakesItsBeginningIsToldAfterIt() {
        assertThat(told.left(seat("ada", 1))).isEmpty();
        assertThat(told.joined(seat("ada", 1))).isEqualTo(News.OVER);
        assertThat(told.joined(seat("ada", 1))).isEqualTo(News.KNOWN);
        assertThat(told.present()).isEmpty();
    }

    @Test
    void newsOfAnotherMembershipThatIsOverAreNotToldWhileHeIsThere() {
        told.joined(seat("ada", 2));
        told.left(seat("ada", 1));
        assertThat(told.joined(seat("ada", 1))).isEqualTo(News.DOUBTFUL);
        assertThat(told.joined(seat("ada", 1))).isEqualTo(News.KNOWN);
        assertThat(told.present()).containsExactly(seat("ada", 2));
    }

    @Test
    void theEndOfWhatWasReplacedEndsNothing() {
        told.joined(seat("ada", 1));
        assertThat(told.joined(seat("ada", 2))).isEqualTo(News.CHANGED);
        assertThat(told.left(seat("ada", 1))).isEmpty();
        assertThat(told.joined(seat("ada", 1))).isEqualTo(News.KNOWN);
        assertThat(told.present()).containsExactly(seat("ada", 2));
    }

    @Test
    void whatIsMissingIsCountedFromWhenItWasFirstMissed() {
        told.joined(seat("ada", 1));
        assertThat(told.without(Map.of())).containsExactly(seat("ada", 1));
        assertThat(told.missedFor(seat("ada", 1), 100)).isZero();
        assertThat(told.missedFor(seat("ada", 1), 150)).isEqualTo(50);
        assertThat(told.without(Map.of("ada", seat("ada", 1)))).isEmpty();
        assertThat(told.missedFor(seat("ada", 1), 200)).isZero();
    }

    /** Each membership has one beginning and one end; whatever the order of the news, both are told once and in order. */
    @Test
    void inWhateverOrderNewsComeEachMembershipBeginsAndEndsOnce() {
        Random random = new Random(42);
        for (int round = 0; round < 200; round++) {
            Told view = new Told();
            List<Runnable> news = new ArrayList<>();
            Map<String, Integer> balance = new HashMap<>();
            for (int i = 0; i < 20; i++) {
                Seat seat = seat("m" + i, i);
                Runnable joined = () -> {
                    News what = view.joined(seat);
                    if (what == News.NEW) {
                        balance.merge(seat.id().member(), 1, Integer::sum);
                    }
                    assertThat(what).isNotEqualTo(News.CHANGED);
                };
                Runnable left = () -> view.left(seat)
                        .ifPresent(known -> balance.merge(known.id().member(), -1, Integer::sum));
                news.addAll(List.of(joined, joined, left, left));
            }
            Collections.shuffle(news, random);
            news.forEach(Runnable::run);
            assertThat(view.present()).isEmpty();
            assertThat(balance.values()).allMatch(value -> value == 0);
        }
    }
}
