package io.covey.cluster.tck;

import io.covey.cluster.tck.FaultConnection.Drop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on 127.0.0.1 that breaks the connections through it on demand. What is done to the traffic is one mode at
 * a time, for the connections there are and those to come, until the next call that sets one: {@link #pass()} (the mode
 * at the start), {@link #hold()}, {@link #blackhole()}, {@link #dropRequests()}, {@link #dropResponses()},
 * {@link #latency}, {@link #rate} and {@link #slice}. A mode takes effect at once, for what is on its way as well.
 *
 * <p>The three that lose bytes do so inside a stream, which TCP never does on a connection that survives: end them with
 * {@link #reset()}, then set another mode.
 */
public final class FaultProxy implements AutoCloseable {

    /** How a connection ends. */
    public enum Ending {
        /** At once, as if the peer had crashed: the other side sees "connection reset". */
        RST,
        /** In order: the other side sees the end of the stream. */
        FIN
    }

    // Below the ports that systems give to outgoing connections, so that refuse() does not lose the port.
    private static final int FIRST_PORT = 27_000;
    private static final int END_PORT = 32_700;

    private volatile int target;
    private final @Nullable SSLContext sight;
    private final int port;
    private final FaultGate gate = new FaultGate();
    private final AtomicReference<@Nullable Drop> armed = new AtomicReference<>();
    private final Set<FaultConnection> connections = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private ServerSocket listener;
    private Thread acceptor;
    private volatile boolean closed;

    /**
     * Listens on a free port.
     *
     * @param targetPort the port on 127.0.0.1 to which each connection is led; nobody needs to listen there yet
     * @throws IllegalStateException if there is no free port
     */
    public FaultProxy(int targetPort) {
        this(targetPort, null);
    }

    /**
     * In front of a server with TLS, and able to see what passes it for {@link #dropNextAnswerTo}: it is the server of its
     * clients and a client of the server. The other constructor leads TLS through unseen.
     *
     * @param targetPort as above
     * @param tls whom to be, and whether to trust the server; null for clear text
     * @throws IllegalStateException if there is no free port
     */
    public FaultProxy(int targetPort, @Nullable SSLContext tls) {
        target = targetPort;
        sight = tls;
        listener = listenSomewhere();
        port = listener.getLocalPort();
        acceptor = acceptFrom(listener);
    }

    /** Where clients connect. */
    public int port() {
        return port;
    }

    /** How many connections are open now. */
    public int connections() {
        return connections.size();
    }

    /**
     * Leads connections to come elsewhere, and leaves those that are open: what a name or a virtual address does after a
     * failover.
     *
     * @param targetPort the port on 127.0.0.1
     */
    public void lead(int targetPort) {
        target = targetPort;
    }

    /** Leads everything through. */
    public void pass() {
        gate.set(FaultMode.PASS);
    }

    /** Holds both directions back, to be delivered in the next mode: what a link does that is cut and mended. */
    public void hold() {
        gate.set(FaultMode.HOLD);
    }

    /** Swallows both directions; the sockets stay open. */
    public void blackhole() {
        gate.set(FaultMode.dropping(true, true));
    }

    /** Swallows what clients send: the server never hears of it. */
    public void dropRequests() {
        gate.set(FaultMode.dropping(true, false));
    }

    /** Swallows what the server sends: it has done what it was asked, and the client never hears. */
    public void dropResponses() {
        gate.set(FaultMode.dropping(false, true));
    }

    /** Delays each piece read, in both directions, by {@code base} and a random part of {@code jitter}; in order. */
    public void latency(Duration base, Duration jitter) {
        gate.set(FaultMode.slow(base, jitter));
    }

    /** Delivers at most so many bytes a second for each direction of each connection. */
    public void rate(int bytesPerSecond) {
        requirePositive("rate", bytesPerSecond);
        int piece = Math.max(1, bytesPerSecond / 20);
        slice(piece, Duration.ofNanos(piece * 1_000_000_000L / bytesPerSecond));
    }

    /** Delivers so many bytes at a time, each time followed by a pause. */
    public void slice(int bytes, Duration pause) {
        requirePositive("slice", bytes);
        gate.set(FaultMode.slices(bytes, pause));
    }

    /** Ends every connection at once with an RST to both sides. The mode stays. */
    public void reset() {
        connections.forEach(FaultConnection::reset);
    }

    /** Ends what clients hear (FIN); what they send still goes to the server, which notices nothing. */
    public void halfClose() {
        connections.forEach(FaultConnection::halfClose);
    }

    /** Refuses new connections; those there are go on. */
    public void refuse() {
        lock.lock();
        try {
            listener.close();
            // The port listens until the thread that accepts has let go of it.
            acceptor.join();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot stop listening on port " + port + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes new connections again after {@link #refuse()}, on the same port.
     *
     * @throws UncheckedIOException if the port was taken meanwhile
     */
    public void accept() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("The fault proxy on port " + port + " is closed");
            }
            if (listener.isClosed()) {
                listener = listen(port);
                acceptor = acceptFrom(listener);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on port " + port + " again: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Leads the next request, of any connection, that holds {@code pattern} to the server, and once the server begins to answer, ends the
     * connection to the client instead of giving it the answer. Once only; a later call replaces an earlier one.
     *
     * @param pattern bytes as ISO-8859-1, found across packets too
     * @return completes when the answer has been dropped and the connection ended
     */
    public CompletableFuture<Void> dropNextAnswerTo(String pattern, Ending ending) {
        Drop drop = new Drop(pattern, ending, new CompletableFuture<>());
        armed.set(drop);
        return drop.done();
    }

    /** Ends every connection with an RST and stops listening. Twice is fine. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            refuse();
        } finally {
            lock.unlock();
        }
        reset();
    }

    private static ServerSocket listenSomewhere() {
        for (int attempt = 0; attempt < 10_000; attempt++) {
            try {
                return listen(ThreadLocalRandom.current().nextInt(FIRST_PORT, END_PORT));
            } catch (IOException e) {
                // Taken; another one.
            }
        }
        throw new IllegalStateException("No free port between " + FIRST_PORT + " and " + END_PORT + " on 127.0.0.1");
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1024, InetAddress.getLoopbackAddress());
    }

    private Thread acceptFrom(ServerSocket from) {
        return daemon("accept", () -> {
            while (!from.isClosed()) {
                try {
                    Socket client = from.accept();
                    daemon("request", () -> lead(client));
                } catch (IOException e) {
                    // Closed, which ends the loop, or a client that was gone before it was accepted.
                }
            }
        });
    }

    private void lead(Socket client) {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            FaultConnection connection = new FaultConnection(
                    new FaultConnection.End(client, seen(client, false)),
                    new FaultConnection.End(server, seen(server, true)),
                    gate,
                    armed,
                    connections::remove);
            connections.add(connection);
            if (closed) {
                connection.reset();
            }
            daemon("response", connection::pumpResponses);
            connection.pumpRequests();
        } catch (IOException e) {
            FaultConnection.reset(client);
        }
    }

    private Socket seen(Socket wire, boolean asClient) throws IOException {
        if (sight == null) {
            return wire;
        }
        SSLSocket encrypted =
                (SSLSocket) sight.getSocketFactory().createSocket(wire, "127.0.0.1", wire.getPort(), true);
        encrypted.setUseClientMode(asClient);
        return encrypted;
    }

    private Thread daemon(String role, Runnable body) {
        Thread thread = new Thread(body, "fault-proxy-" + port + "-" + role);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1 byte, was " + value);
        }
    }
}
