package io.covey.cluster.redis.driver;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.redis.embedded.RedisServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;

/** A server that also listens for TLS; {@code redis-server} of a PATH may have been built without. */
public final class TlsServer implements AutoCloseable {
    private final RedisServer server;
    private final int port;
    private final Path ca;

    private TlsServer(RedisServer server, int port, Path ca) {
        this.server = server;
        this.port = port;
        this.ca = ca;
    }

    /**
     * Starts one.
     *
     * @param own the server's certificate
     * @param ca who signs the certificates of clients, and most likely the server's
     * @param clients {@code yes} if clients must show a certificate, {@code no} if not
     */
    public static TlsServer start(PrivateCa.Issued own, Path ca, String clients) {
        int port = freePort();
        return new TlsServer(start(settings(RedisServer.builder(), port, own, ca, clients)), port, ca);
    }

    static RedisServerBuilder settings(
            RedisServerBuilder builder, int port, PrivateCa.Issued own, Path ca, String clients) {
        return builder.setting("tls-port", String.valueOf(port))
                .setting("tls-cert-file", own.certificate().toString())
                .setting("tls-key-file", own.key().toString())
                .setting("tls-ca-cert-file", ca.toString())
                .setting("tls-auth-clients", clients);
    }

    /** Skips the test where the server has been built without TLS. */
    static RedisServer start(RedisServerBuilder secured) {
        try {
            return secured.start();
        } catch (IllegalStateException e) {
            assumeFalse(
                    String.valueOf(e.getMessage()).matches("(?s).*(tls-port.*Bad directive|finding TLS support).*"),
                    "the server has been built without TLS");
            throw e;
        }
    }

    static int freePort() {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens for TLS. */
    public int port() {
        return port;
    }

    /** The process, for what a test does to it past TLS. */
    public RedisServer server() {
        return server;
    }

    /** As a client writes it who trusts the authority. */
    public String uri(String host) {
        return "rediss://" + host + ":" + port + "?ca=" + ca;
    }

    @Override
    public void close() {
        server.close();
    }
}
