package io.covey.cluster.examples.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.Transport.LinkState;
import io.covey.cluster.spi.TransportConfig;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the contracts do not ask. */
@Timeout(120)
final class JdbcTransportTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void aLostDatabaseIsToldAndSoIsItsReturnAndLocksAreStillHeld() throws SQLException {
        Server server = serve("0");
        String port = Integer.toString(server.getPort());
        String url = "jdbc:h2:tcp://127.0.0.1:" + port + "/mem:outage;DB_CLOSE_DELAY=-1";
        Queue<LinkState> states = new ConcurrentLinkedQueue<>();
        try (Transport transport = open(url)) {
            Registration listening = transport.onState(states::add);
            await().until(() -> states.size() == 1);
            assertThat(acquire(transport, "ada")).isTrue();

            server.stop();
            await().atMost(PATIENCE).until(() -> states.size() == 2);
            assertThatThrownBy(() -> acquire(transport, "ada")).isInstanceOf(TransportException.class);

            server = serve(port);
            await().atMost(PATIENCE).until(() -> states.size() == 3);
            assertThat(states).extracting(LinkState::up).containsExactly(true, false, true);
            assertThat(acquire(transport, "bob")).isFalse();
            assertThat(acquire(transport, "ada")).isTrue();
            listening.close();
        } finally {
            server.stop();
        }
    }

    @Test
    void aDatabaseThatIsNotThereIsRefusedWithItsNameAndWithoutItsPassword() {
        String url = "jdbc:h2:tcp://127.0.0.1:1/mem:none;USER=sa;PASSWORD=secret";
        assertThatThrownBy(() -> open(url))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("jdbc:h2:tcp://127.0.0.1:1/mem:none cannot be reached")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aClosedTransportFailsEveryCallAndLeavesNoThread() {
        Transport transport = open("jdbc:h2:mem:closing");
        CompletionStage<?> before = transport.time();
        transport.close();
        transport.close();
        assertThat(before).isNotNull();
        await().atMost(PATIENCE).until(before.toCompletableFuture()::isDone);
        assertThatThrownBy(() -> acquire(transport, "ada"))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> transport.onState(state -> {})).isInstanceOf(TransportException.class);
        await().atMost(PATIENCE)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("covey-jdbc-")));
    }

    @Test
    void anErrorInATransactionGivesBackTheRowThatItHeld() {
        try (JdbcTransport tables = JdbcTransport.open(config("jdbc:h2:mem:errors"));
                Database database = new Database(config("jdbc:h2:mem:errors"), DatabaseClock::ofTheServer)) {
            assertThatThrownBy(() -> database.inTransaction(session -> {
                        QueueRow.lock(session, "n", "q");
                        throw new StackOverflowError("too deep");
                    }))
                    .hasMessage("too deep");
            assertThat(database.<String>inTransaction(session -> QueueRow.lock(session, "n", "q").name))
                    .isEqualTo("q");
            assertThat(tables.tasks()).isPresent();
        }
    }

    @Test
    void aListenerThatThrowsAnErrorHearsOfTheNextChange() {
        AtomicInteger heard = new AtomicInteger();
        try (Database database = new Database(config("jdbc:h2:mem:changes"), DatabaseClock::ofTheServer);
                Watcher watcher = new Watcher(database)) {
            database.inTransaction(session -> session.update("CREATE SEQUENCE looks"));
            Registration watching =
                    watcher.onChange("SELECT NEXT VALUE FOR looks WHERE ? <> ?", "n", Set.of("q"), name -> {
                        if (heard.incrementAndGet() == 1) {
                            throw new StackOverflowError("too deep");
                        }
                    });
            await().atMost(PATIENCE).until(() -> heard.get() > 1);
            watching.close();
        }
    }

    private static Server serve(String port) throws SQLException {
        return Server.createTcpServer("-tcpPort", port, "-ifNotExists").start();
    }

    private static Transport open(String url) {
        return new JdbcTransportProvider().open(config(url));
    }

    private static TransportConfig config(String url) {
        return TransportConfig.of(url).withTimeouts(PATIENCE, PATIENCE);
    }

    private static boolean acquire(Transport transport, String owner) {
        return Await.on(
                        transport.locks().orElseThrow().acquire("l", owner, Duration.ofMinutes(5)),
                        PATIENCE,
                        "acquire a lock")
                .fence()
                .isPresent();
    }
}
