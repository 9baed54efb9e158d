package io.covey.cluster.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WritesTest {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stop() {
        thread.shutdownNow();
    }

    @Test
    void anAnswerThatNobodyTakesIsCutOff() throws Exception {
        Writes writes = new Writes(thread, Duration.ofMillis(200));
        try (ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel served = server.accept()) {
            assertThatThrownBy(() -> writes.run(() -> {
                        while (true) {
                            served.write(ByteBuffer.allocate(1 << 16));
                        }
                    }))
                    .isInstanceOf(ClosedByInterruptException.class);
            assertThat(served.isOpen()).isFalse();
            assertThat(client.isOpen()).isTrue();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    void whatIsWrittenInTimeIsLeftAlone() throws Exception {
        Writes writes = new Writes(thread, Duration.ofMillis(50));
        for (int i = 0; i < 1000; i++) {
            try {
                writes.run(() -> {});
            } finally {
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
            }
        }
    }
}
