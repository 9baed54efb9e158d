package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tck.DirectoryContract;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class ContractRunTest {
    private static RedisServer server;

    @BeforeAll
    static void start() {
        server = RedisServer.builder().start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aContractHoldsOnAServerOfWhichOnlyTheUriIsKnown() {
        int passed = ContractRun.on(server.uri(), Members.class);
        assertThat(passed).isGreaterThan(10);
        assertThat(server.command("INFO", "commandstats")).contains("cmdstat_evalsha:");
        assertThat(System.getProperty("covey.redis.uri")).isNull();
    }

    @Test
    void whatFailsIsNamedWithItsReason() {
        assertThatThrownBy(() -> ContractRun.on(server.uri(), Broken.class, NeverStarted.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("2 failed on " + server.uri())
                .hasMessageContaining("Broken > Inner > breaks() - java.lang.AssertionError: first | second")
                .hasMessageContaining("NeverStarted - java.lang.IllegalStateException: no server")
                .hasMessageNotContaining("works()");
    }

    @Test
    void aRunInWhichNothingPassesIsAFailure() {
        assertThatThrownBy(() -> ContractRun.on(server.uri(), Skipped.class)).hasMessageContaining("no test ran");
    }

    static final class Members extends DirectoryContract {
        @Override
        protected TransportHarness harness() {
            return RedisHarness.of(RedisServer.start(), RedisDriverFactory.over(SocketConnector::new));
        }
    }

    static final class Broken {
        @Nested
        final class Inner {
            @Test
            void works() {}

            @Test
            void breaks() {
                fail("first\n  second");
            }
        }
    }

    static final class NeverStarted {
        @BeforeAll
        static void start() {
            throw new IllegalStateException("no server");
        }

        @Test
        void works() {}
    }

    static final class Skipped {
        @Test
        void skipped() {
            abort();
        }
    }
}
