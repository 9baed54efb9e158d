package io.covey.cluster.redis.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.operator.Rights.Role;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RightsTest {
    private static List<String> rules(Role role, int database) {
        return new Rights(role, "covey", "resque", database, false, List.of("/app/*")).rules(true);
    }

    @ParameterizedTest
    @EnumSource(value = Role.class, mode = EnumSource.Mode.EXCLUDE, names = "CLIENT")
    void whoComesToAnotherDatabaseThanTheFirstMaySelectIt(Role role) {
        assertThat(rules(role, 1)).contains("+select");
        assertThat(rules(role, 0)).doesNotContain("+select");
    }

    @Test
    void aClientReachesNoDatabase() {
        assertThat(rules(Role.CLIENT, 1)).doesNotContain("+select");
    }
}
