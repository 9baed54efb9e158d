package io.covey.cluster.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(value = OS.LINUX, disabledReason = "signals have these numbers on Linux")
class SignalsTest {

    @Test
    void usr2IsFreeWhereTheJvmHasAnotherSignalForItself() {
        assertThat(Signals.isUsr2Free(Map.of("_JAVA_SR_SIGNUM", "40"))).isTrue();
    }

    /** The JVM takes the number of USR2, or does not take the number and stays with USR2. */
    @ParameterizedTest
    @ValueSource(strings = {"12", "11", "7", "0", "-1", "65", "", "USR1", "99999999999"})
    void usr2IsNotFreeWhereTheJvmHasNoOther(String number) {
        assertThat(Signals.isUsr2Free(Map.of("_JAVA_SR_SIGNUM", number))).isFalse();
        assertThat(Signals.isUsr2Free(Map.of())).isFalse();
    }
}
