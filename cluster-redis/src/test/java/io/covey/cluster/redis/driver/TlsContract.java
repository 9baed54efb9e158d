package io.covey.cluster.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.embedded.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every driver does with TLS: the trust store of the JDK decides, and the host's name must match. */
public abstract class TlsContract extends DriverSuite {
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";
    private static final String PASSWORD = "changeit";

    @TempDir
    static Path directory;

    private static RedisServer secured;
    private static int port;

    /** For the driver modules. */
    protected TlsContract() {}

    @BeforeAll
    static void startSecured() throws Exception {
        Path store = directory.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "redis",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = read(store);
        byte[] certificate = keys.getCertificate("redis").getEncoded();
        Path pem = pem("CERTIFICATE", certificate);
        Path key =
                pem("PRIVATE KEY", keys.getKey("redis", PASSWORD.toCharArray()).getEncoded());
        System.setProperty(TRUST_STORE, store.toString());
        System.setProperty(TRUST_STORE + "Password", PASSWORD);
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        secured = RedisServer.builder()
                .setting("tls-port", String.valueOf(port))
                .setting("tls-cert-file", pem.toString())
                .setting("tls-key-file", key.toString())
                .setting("tls-ca-cert-file", pem.toString())
                .setting("tls-auth-clients", "no")
                .start();
    }

    @AfterAll
    static void stopSecured() {
        System.clearProperty(TRUST_STORE);
        System.clearProperty(TRUST_STORE + "Password");
        secured.close();
    }

    @Test
    void commandsAndPushesPassEncrypted() {
        RedisDriver driver = open("rediss://localhost:" + port);
        assertThat(text(reply(driver, "SET", "k", "v".repeat(100_000)))).isEqualTo("OK");
        assertThat((byte[]) reply(driver, "GET", "k")).hasSize(100_000);
        Heard heard = new Heard();
        driver.open(new LinkSpec("test", Optional.empty(), () -> List.of(RedisCommand.of("SUBSCRIBE", "a")), heard));
        heard.awaitUps(1);
        reply(driver.send(RedisCommand.of("PUBLISH", "a", "x")));
        within(5).until(() -> heard.pushes.contains("message [a, x]"));
    }

    @Test
    void aHostThatTheCertificateDoesNotNameIsRefused() {
        assertThatThrownBy(() -> open("rediss://127.0.0.1:" + port))
                .isInstanceOf(TransportException.class)
                .hasMessageStartingWith("redis 127.0.0.1:" + port + ": ")
                .hasMessageContaining("subject alternative names")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aCertificateThatIsNotTrustedIsRefused() {
        String trusted = System.clearProperty(TRUST_STORE);
        try {
            assertThatThrownBy(() -> open("rediss://localhost:" + port))
                    .isInstanceOf(TransportException.class)
                    .hasMessageStartingWith("redis localhost:" + port + ": ")
                    .hasMessageContaining("certification path");
        } finally {
            System.setProperty(TRUST_STORE, trusted);
        }
    }

    @Test
    void aServerThatWantsTlsIsToldApart() {
        assertThatThrownBy(() -> open("redis://localhost:" + port))
                .isInstanceOf(TransportException.class)
                .hasMessageStartingWith("redis localhost:" + port + ": ")
                .hasMessageNotContaining("\n");
    }

    private static KeyStore read(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static Path pem(String kind, byte[] der) throws IOException {
        return Files.writeString(
                directory.resolve(kind.replace(' ', '-') + ".pem"),
                "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + kind
                        + "-----\n");
    }
}
