package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrongValuesTest extends CommandsOnRedis {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "failed list --limit=0",
                "failed list --limit=-1",
                "failed list --skip=-1",
                "failed groups --limit=-1",
                "failed groups --newest=0",
                "tasks --queue=mail --state=waiting --limit=0",
                "tasks --queue=mail --state=active --limit=-1",
                "tasks --queue=mail --state=failed --limit=-1",
                "cache keys profiles --limit=0",
                "locks list --limit=-1",
                "rooms --limit=0",
                "connections --limit=-1",
                "subscribe /chat --count=0",
                "top --count=0",
            })
    void aNumberThatShowsNothingIsRefused(String typed) {
        Shell.Run run = cluster(typed.split(" "));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(typed.replaceAll(".* (--[a-z]+)=.*", "$1"), typed.replaceAll(".*=", ""));
    }

    @Test
    void toSkipMoreThanThereAreShowsNone() {
        failed(2, "{\"payload\":{\"class\":\"greet\",\"args\":[]},\"queue\":\"greetings\",\"error\":\"late\"}");
        assertThat(cluster("failed", "list", "--skip=" + Long.MAX_VALUE).out()).isEqualTo("0 of 2 failed tasks\n");
    }
}
