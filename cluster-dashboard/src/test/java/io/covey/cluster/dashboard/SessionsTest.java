package io.covey.cluster.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class SessionsTest {
    private final AtomicLong now = new AtomicLong();
    private final Sessions sessions = new Sessions(Duration.ofHours(12), Duration.ofHours(1), now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void aSessionEndsAnHourAfterItsLastUse() {
        Sessions.Opened ada = sessions.open("ada", Role.OPERATOR);
        pass(Duration.ofMinutes(59));
        assertThat(sessions.find(ada.token())).contains(ada.session());
        pass(Duration.ofMinutes(59));
        assertThat(sessions.find(ada.token())).contains(ada.session());
        pass(Duration.ofMinutes(61));
        assertThat(sessions.find(ada.token())).isEmpty();
        assertThat(sessions.goesOn(ada.session())).isFalse();
    }

    @Test
    void anOpenPageIsUseButNotLongerThanTwelveHours() {
        Sessions.Opened ada = sessions.open("ada", Role.OPERATOR);
        for (int i = 0; i < 24; i++) {
            assertThat(sessions.goesOn(ada.session())).isTrue();
            pass(Duration.ofMinutes(30));
        }
        pass(Duration.ofMinutes(1));
        assertThat(sessions.goesOn(ada.session())).isFalse();
        assertThat(sessions.find(ada.token())).isEmpty();
    }

    @Test
    void aSessionMayLastForAsLongAsThereIsTime() {
        Duration ever = ChronoUnit.FOREVER.getDuration();
        Sessions endless = new Sessions(ever, ever, now::get);
        Sessions.Opened ada = endless.open("ada", Role.OPERATOR);
        pass(Duration.ofDays(1000));
        assertThat(endless.find(ada.token())).contains(ada.session());
        assertThat(endless.goesOn(ada.session())).isTrue();
    }

    @Test
    void whatTheBrowserKeepsIsNotKeptHere() {
        Sessions.Opened ada = sessions.open("ada", Role.VIEWER);
        assertThat(ada.session().id()).isNotEqualTo(ada.token());
        assertThat(sessions.find(ada.session().id())).isEmpty();
        assertThat(sessions.find("")).isEmpty();
    }

    @Test
    void theOneUnusedLongestGivesWayToTheFiveHundredAndFirst() {
        Sessions.Opened first = sessions.open("first", Role.VIEWER);
        pass(Duration.ofSeconds(1));
        Sessions.Opened second = sessions.open("second", Role.VIEWER);
        for (int i = 0; i < 499; i++) {
            pass(Duration.ofMillis(1));
            sessions.open("n" + i, Role.VIEWER);
        }
        assertThat(sessions.find(first.token())).isEmpty();
        assertThat(sessions.find(second.token())).isPresent();
    }
}
