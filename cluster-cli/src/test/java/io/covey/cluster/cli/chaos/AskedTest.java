package io.covey.cluster.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class AskedTest {

    @Test
    void aNameIsThatCaseAloneAndPartOfANameAllThatHaveIt() {
        assertThat(asked("kill")).containsExactly("kill");
        assertThat(asked("redis-kill")).containsExactly("redis-kill");
        assertThat(asked("news-")).containsExactlyInAnyOrder("news-half-open", "news-kill", "news-redis-kill");
        assertThat(asked("")).hasSameSizeAs(Asked.CASES);
    }

    @Test
    void aNameOfNoCaseIsRefusedAndSoIsACaseThatIsNotListed() {
        assertThatThrownBy(() -> Asked.matches("kill", "kil-"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("kil-", "redis-kill");
        assertThatThrownBy(() -> Asked.matches("new", "")).hasMessageContaining("new");
    }

    private static List<String> asked(String only) {
        return Asked.CASES.stream().filter(name -> Asked.matches(name, only)).toList();
    }
}
