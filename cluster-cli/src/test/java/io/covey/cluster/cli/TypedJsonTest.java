package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TypedJsonTest extends CommandsOnRedis {
    @Test
    void whatIsNoJsonIsSaidByWhereItEnds() {
        Shell.Run enqueue = cluster("enqueue", "--type=greet", "--args=[1");
        assertThat(enqueue.status()).isEqualTo(1);
        assertThat(enqueue.out())
                .startsWith("REFUSED line 1: --args is no JSON: ")
                .contains("at character 3")
                .doesNotContain("REDACTED");
        Shell.Run publish = cluster("publish", "/chat", "{\"a\":");
        assertThat(publish.status()).isEqualTo(1);
        assertThat(publish.err()).contains("The message is no JSON: ").doesNotContain("REDACTED");
    }

    @Test
    void nothingIsNoJson() {
        Shell.Run run = cluster("publish", "/chat", "");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("is no JSON: it is empty");
    }

    @Test
    void aNumberBeyondAllLimitsIsRefused() {
        Shell.Run run = cluster("enqueue", "--type=greet", "--args=[1e9999999999999]");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).startsWith("REFUSED line 1: --args has a number beyond all limits");
    }

    @Test
    void numbersStayAsTheyWereTyped() {
        String args = "[0.1234567890123456789012345,12345678901234567890123]";
        assertThat(cluster("enqueue", "--queue=money", "--type=pay", "--args=" + args)
                        .status())
                .isZero();
        assertThat(cluster("tasks", "--queue=money", "--state=waiting").out()).contains(args);
        assertThat(cluster("tasks", "--queue=money", "--state=waiting", "--json")
                        .out())
                .contains(args);
    }
}
