package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerialTest {
    private final Serial serial = new Serial();
    private final List<String> done = new ArrayList<>();

    @Test
    void whatIsGivenWhileOneRunsRunsBehindIt() {
        serial.execute(() -> {
            serial.execute(() -> done.add("second"));
            done.add("first");
        });
        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void behindATaskThatThrowsTheNextRun() {
        serial.execute(() -> {
            serial.execute(() -> done.add("waited"));
            throw new AssertionError("on purpose");
        });
        serial.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        serial.execute(() -> done.add("came later"));
        assertThat(done).containsExactly("waited", "came later");
    }
}
