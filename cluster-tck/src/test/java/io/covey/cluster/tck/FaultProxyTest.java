package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.tck.FaultProxy.Ending;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FaultProxyTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private EchoServer echo;
    private FaultProxy proxy;

    @BeforeEach
    void open() throws IOException {
        echo = new EchoServer();
        proxy = new FaultProxy(echo.port());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        proxy.close();
        echo.close();
    }

    @Test
    void atFirstEverythingPasses() throws IOException {
        try (Socket one = connect();
                Socket two = connect()) {
            assertThat(ask(one, "hello")).isEqualTo("hello");
            assertThat(ask(two, "world")).isEqualTo("world");
            assertThat(proxy.connections()).isEqualTo(2);
        }
        await().atMost(SOON).until(() -> proxy.connections() == 0 && echo.connections() == 0);
    }

    @Test
    void whatWasHeldIsDeliveredAfterwards() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "x");
            proxy.hold();
            send(socket, "held");
            assertSilent(socket);
            assertThat(echo.heard()).isEqualTo(1);
            proxy.pass();
            assertThat(receive(socket, 4)).isEqualTo("held");
        }
    }

    @Test
    void anEndIsHeldBackAsWell() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "x");
            proxy.hold();
        }
        try (Socket other = connect()) {
            send(other, "y");
            assertSilent(other);
            await().atMost(SOON).until(() -> echo.connections() == 2);
            proxy.pass();
            await().atMost(SOON).until(() -> echo.connections() == 1);
        }
    }

    @Test
    void aBlackHoleSwallowsBothWaysUntilTheReset() throws IOException {
        Socket socket = connect();
        ask(socket, "x");
        proxy.blackhole();
        send(socket, "lost");
        assertSilent(socket);
        socket.close();
        try (Socket later = connect()) {
            send(later, "lost");
            assertSilent(later);
            assertThat(proxy.connections())
                    .as("the closed one stays open towards the server")
                    .isEqualTo(2);
            proxy.reset();
            assertThat(proxy.connections()).isZero();
            assertReset(later);
        }
        await().atMost(SOON).until(() -> echo.connections() == 0);
        assertThat(echo.heard()).isEqualTo(1);
    }

    @Test
    void droppedRequestsNeverReachTheServer() throws IOException {
        try (Socket socket = connect()) {
            proxy.dropRequests();
            send(socket, "lost");
            assertSilent(socket);
            assertThat(echo.heard()).isZero();
        }
    }

    @Test
    void droppedResponsesLeaveTheWorkDone() throws IOException {
        try (Socket socket = connect()) {
            proxy.dropResponses();
            send(socket, "done");
            await().atMost(SOON).until(() -> echo.heard() == 4);
            assertSilent(socket);
        }
    }

    @Test
    void latencyDelaysEachWayAndEndsWithTheMode() throws IOException {
        try (Socket socket = connect()) {
            proxy.latency(Duration.ofMillis(60), Duration.ofMillis(20));
            long start = System.nanoTime();
            ask(socket, "x");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(120));

            proxy.latency(Duration.ofHours(1), Duration.ZERO);
            send(socket, "y");
            assertSilent(socket);
            proxy.pass();
            assertThat(receive(socket, 1)).isEqualTo("y");
        }
    }

    @Test
    void aRateIsNotExceeded() throws IOException {
        try (Socket socket = connect()) {
            proxy.rate(10_000);
            long start = System.nanoTime();
            ask(socket, "x".repeat(4_000));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(350));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> proxy.rate(0));
    }

    @Test
    void slicesArriveOneByOneAndInOrder() throws IOException {
        try (Socket socket = connect()) {
            proxy.slice(3, Duration.ofMillis(20));
            send(socket, "abcdefghij");
            byte[] first = new byte[10];
            assertThat(socket.getInputStream().read(first)).isLessThanOrEqualTo(3);
            proxy.pass();
            assertThat(receive(socket, 7)).endsWith("hij");
        }
    }

    @Test
    void aResetIsSeenOnBothSidesAndTheNextConnectionWorks() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "x");
            proxy.reset();
            assertReset(socket);
            await().atMost(SOON).until(() -> echo.connections() == 0);
        }
        try (Socket socket = connect()) {
            assertThat(ask(socket, "again")).isEqualTo("again");
        }
    }

    @Test
    void aHalfClosedClientHearsTheEndAndTheServerNothing() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "x");
            proxy.halfClose();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            send(socket, "more");
            await().atMost(SOON).until(() -> echo.heard() == 5);
            send(socket, "more");
            await().atMost(SOON).until(() -> echo.heard() == 9);
        }
        await().atMost(SOON).until(() -> proxy.connections() == 0 && echo.connections() == 0);
    }

    @Test
    void refusingKeepsTheConnectionsThereAre() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "x");
            proxy.refuse();
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            assertThat(ask(socket, "still")).isEqualTo("still");
            proxy.accept();
            try (Socket next = connect()) {
                assertThat(ask(next, "next")).isEqualTo("next");
            }
        }
    }

    @Test
    void anAnswerIsDroppedByAReset() throws IOException {
        try (Socket socket = connect();
                Socket other = connect()) {
            CompletableFuture<Void> done = proxy.dropNextAnswerTo("RPUSH", Ending.RST);
            assertThat(ask(socket, "GET")).isEqualTo("GET");
            send(socket, "RPU");
            assertThat(receive(socket, 3)).isEqualTo("RPU");
            assertThat(done).isNotDone();
            send(socket, "SH");
            assertReset(socket);
            assertThat(done).succeedsWithin(SOON);
            assertThat(echo.heard()).isEqualTo(8);
            assertThat(ask(other, "RPUSH")).as("once only").isEqualTo("RPUSH");
            await().atMost(SOON).until(() -> echo.connections() == 1);
        }
    }

    @Test
    void anAnswerIsDroppedByACleanEnd() throws IOException {
        try (Socket socket = connect()) {
            CompletableFuture<Void> done = proxy.dropNextAnswerTo("RPUSH", Ending.FIN);
            send(socket, "RPUSH");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(done).succeedsWithin(SOON);
            assertThat(echo.heard()).isEqualTo(5);
        }
        await().atMost(SOON).until(() -> proxy.connections() == 0 && echo.connections() == 0);
    }

    @Test
    void aServerThatIsDownEndsTheClient() throws IOException {
        echo.close();
        try (Socket socket = connect()) {
            assertReset(socket);
        }
    }

    @Test
    void theEndOfTheServersSideReachesTheClient() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "x");
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aClosedProxyEndsEverything() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "x");
            proxy.close();
            assertReset(socket);
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            assertThatIllegalStateException().isThrownBy(proxy::accept);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) SOON.toMillis());
        return socket;
    }

    private static String ask(Socket socket, String text) throws IOException {
        send(socket, text);
        return receive(socket, text.length());
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static String receive(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), US_ASCII);
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(150);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout((int) SOON.toMillis());
    }

    private static void assertReset(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }
}
