package io.covey.cluster.tck;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Sends back what it receives, and ends a connection when its client does. */
final class EchoServer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicLong heard = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();

    EchoServer() throws IOException {
        start(() -> {
            while (!listener.isClosed()) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                start(() -> echo(socket));
            }
        });
    }

    int port() {
        return listener.getLocalPort();
    }

    long heard() {
        return heard.get();
    }

    int connections() {
        return connections.get();
    }

    private void echo(Socket socket) throws IOException {
        try (socket) {
            byte[] buffer = new byte[4096];
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                heard.addAndGet(n);
                socket.getOutputStream().write(buffer, 0, n);
            }
        } finally {
            connections.decrementAndGet();
        }
    }

    private static void start(Body body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } catch (IOException e) {
                        // The listener or the connection was ended; that is how the thread ends.
                    }
                },
                "echo");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private interface Body {
        void run() throws IOException;
    }
}
