package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForeignTimesTest extends CommandsOnRedis {
    @Test
    void aTaskOfAnotherFleetThatIsDelayedForEverIsListed() {
        delayed("1700000000000000000", "{\"class\":\"greet\",\"queue\":\"mail\",\"args\":[]}");
        Shell.Run run = cluster("tasks", "--queue=mail", "--state=delayed");
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("greet");
    }

    @Test
    void aWorkerOfAnotherFleetThatCountsNanosecondsIsListed() {
        worker("host:12", "mail", "{\"time\":1700000000000000000}");
        Shell.Run run = cluster("workers", "--json");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("host:12:mail");
    }
}
