package io.covey.cluster.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.embedded.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every driver does with TLS: the file of the URI, or else the trust store of the JDK, says who is trusted; the host's name
 * must match; and what is refused is said in one line with the host and the reason.
 */
public abstract class TlsContract extends DriverSuite {
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";
    private static final String PASSWORD = "changeit";
    private static final String EVERY = "covey.redis.tls";

    @TempDir
    static Path directory;

    private static PrivateCa ca;
    private static PrivateCa other;
    private static TlsServer secured;

    /** For the driver modules. */
    protected TlsContract() {}

    @BeforeAll
    static void startSecured() {
        ca = new PrivateCa(directory, "ca");
        other = new PrivateCa(directory, "other-ca");
        secured = TlsServer.start(ca.issue("server", "localhost"), ca.certificate(), "no");
    }

    @AfterAll
    static void stopSecured() {
        if (secured != null) {
            secured.close();
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(String uri) {
        RedisUri.Endpoint host = RedisUri.parse(uri).endpoints().get(0);
        return assertThatThrownBy(() -> open(uri))
                .isInstanceOf(TransportException.class)
                .hasMessageStartingWith("redis " + host + ": ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void commandsAndPushesPassEncrypted() {
        RedisDriver driver = open(secured.uri("localhost"));
        assertThat(text(reply(driver, "SET", "k", "v".repeat(100_000)))).isEqualTo("OK");
        assertThat((byte[]) reply(driver, "GET", "k")).hasSize(100_000);
        Heard heard = new Heard();
        driver.open(new LinkSpec("test", Optional.empty(), () -> List.of(RedisCommand.of("SUBSCRIBE", "a")), heard));
        heard.awaitUps(1);
        reply(driver.send(RedisCommand.of("PUBLISH", "a", "x")));
        within(30).until(() -> heard.pushes.contains("message [a, x]"));
    }

    /** Whoever encrypts all of it before reading an answer has Redis break the connection. */
    @Test
    void answersAreReadWhileALargeBatchIsWritten() {
        aLargeBatchIsAnswered(open(secured.uri("localhost"), Duration.ofSeconds(20), new States()));
    }

    @Test
    void whatCannotBeWrittenFailsInTimeToo() {
        RedisDriver driver = open(secured.uri("localhost"));
        isNotWrittenIn(driver, secured.server());
        usableWithin(3, driver);
    }

    @Test
    void aHostThatTheCertificateDoesNotNameIsRefused() {
        refused(secured.uri("127.0.0.1"))
                .hasMessageContaining("not for this host")
                .hasMessageContaining("subject alternative names");
    }

    @Test
    void anExpiredCertificateIsRefused() {
        try (TlsServer late = TlsServer.start(ca.expired("late", "localhost"), ca.certificate(), "no")) {
            refused(late.uri("localhost")).hasMessageContaining("has expired (NotAfter: ");
        }
    }

    @Test
    void aCertificateOfSomebodyElseIsRefused() {
        try (TlsServer stranger = TlsServer.start(other.issue("stranger", "localhost"), ca.certificate(), "no")) {
            refused(stranger.uri("localhost"))
                    .hasMessageContaining("not signed by anybody who is trusted")
                    .hasMessageContaining("?ca=FILE");
        }
        refused("rediss://localhost:" + secured.port()).hasMessageContaining("certification path");
    }

    @Test
    void aServerThatWantsACertificateIsShownOne() {
        PrivateCa.Issued client = ca.issue("client");
        PrivateCa.Issued strange = other.issue("strange-client");
        try (TlsServer mutual = TlsServer.start(ca.issue("mutual", "localhost"), ca.certificate(), "yes")) {
            String uri = mutual.uri("localhost");
            RedisDriver driver = open(uri + "&cert=" + client.certificate() + "&key=" + client.key());
            assertThat(text(reply(driver.send(RedisCommand.of("PING"))))).isEqualTo("PONG");
            refused(uri);
            refused(uri + "&cert=" + strange.certificate() + "&key=" + strange.key());
        }
    }

    @Test
    void aFileThatWasReplacedCountsFromTheNextConnectionOn() throws Exception {
        Path file = directory.resolve("changing.crt");
        Files.copy(other.certificate(), file, StandardCopyOption.REPLACE_EXISTING);
        String uri = "rediss://localhost:" + secured.port() + "?ca=" + file;
        refused(uri);
        Files.copy(ca.certificate(), file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(text(reply(open(uri).send(RedisCommand.of("PING"))))).isEqualTo("PONG");
    }

    @Test
    void aFileThatIsMissingOrHoldsSomethingElseIsNamed() throws Exception {
        String server = "rediss://localhost:" + secured.port();
        refused(server + "?ca=" + directory.resolve("nowhere.crt")).hasMessageContaining("nowhere.crt does not exist");
        Path junk = Files.writeString(directory.resolve("junk.crt"), "secret junk");
        refused(server + "?ca=" + junk)
                .hasMessageContaining("junk.crt holds no -----BEGIN CERTIFICATE-----")
                .hasMessageNotContaining("secret");
        refused(secured.uri("localhost") + "&cert=" + ca.certificate())
                .hasMessageContaining("ca.crt holds no -----BEGIN PRIVATE KEY-----");
    }

    @Test
    void theTrustStoreOfTheJdkCountsWithoutAFile() throws Exception {
        Path file = directory.resolve("trust.p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", Pem.certificates(ca.certificate()).get(0));
        try (var out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        System.setProperty(TRUST_STORE, file.toString());
        System.setProperty(TRUST_STORE + "Password", PASSWORD);
        try {
            assertThat(text(reply(open("rediss://localhost:" + secured.port()).send(RedisCommand.of("PING")))))
                    .isEqualTo("PONG");
        } finally {
            System.clearProperty(TRUST_STORE);
            System.clearProperty(TRUST_STORE + "Password");
        }
    }

    @Test
    void everyServerSpeaksTlsWhereAPropertyAsksForIt() throws Exception {
        Path files = Files.createDirectories(directory.resolve("every"));
        new PrivateCa(files, "ca").issue("server", "127.0.0.1");
        String before = System.getProperty(EVERY);
        System.setProperty(EVERY, files.toString());
        try (RedisServer asked = RedisServer.builder().start()) {
            RedisDriver driver = open(asked.uri());
            assertThat(text(reply(driver, "SET", "k", "v"))).isEqualTo("OK");
            refused("rediss://127.0.0.1:" + asked.port() + "?ca=" + other.certificate())
                    .hasMessageContaining("not signed by anybody who is trusted");
            asked.restart();
            within(30)
                    .ignoreExceptions()
                    .until(() -> text(reply(driver, "GET", "k")).equals("v"));
        } finally {
            if (before == null) {
                System.clearProperty(EVERY);
            } else {
                System.setProperty(EVERY, before);
            }
        }
    }

    @Test
    void aServerThatWantsTlsIsToldApart() {
        refused("redis://localhost:" + secured.port());
        assertThatThrownBy(() -> factory()
                        .open(
                                RedisUri.parse(
                                        "rediss://localhost:" + secured.server().port()),
                                Duration.ofMillis(500),
                                COMMAND,
                                new States()))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("TLS on this port");
    }
}
