package io.covey.cluster.redis.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** How servers encrypt that were asked to by a system property: with what certificate, and who signed it. */
record ServerTls(Path authority, Path certificate, Path key) {
    static final String PROPERTY = "covey.redis.tls";

    /** What the property asks for, or null. */
    static @Nullable ServerTls asked() {
        String directory = System.getProperty(PROPERTY);
        if (directory == null || directory.isBlank()) {
            return null;
        }
        Path files = Path.of(directory).toAbsolutePath();
        return new ServerTls(files.resolve("ca.crt"), files.resolve("server.crt"), files.resolve("server.key"));
    }

    /** Lines of the configuration file, for a server that listens for nothing else. */
    List<List<String>> lines(int port) {
        return List.of(
                List.of("port", "0"),
                List.of("tls-port", Integer.toString(port)),
                List.of("tls-cert-file", certificate.toString()),
                List.of("tls-key-file", key.toString()),
                List.of("tls-ca-cert-file", authority.toString()),
                List.of("tls-auth-clients", "no"),
                List.of("tls-replication", "yes"));
    }

    /** What a client's URI ends with. */
    String query() {
        return "?tls=true&ca=" + RedisServer.encode(authority.toString()).replace("%2F", "/");
    }

    /** The same connection, encrypted; it closes the other. */
    Socket over(Socket plain) throws IOException {
        try (InputStream pem = Files.newInputStream(authority)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory().createSocket(plain, "127.0.0.1", plain.getPort(), true);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot trust " + authority + ": " + e.getMessage(), e);
        }
    }
}
