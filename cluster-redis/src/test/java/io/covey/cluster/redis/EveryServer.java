package io.covey.cluster.redis;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.covey.cluster.redis.driver.PrivateCa;
import io.covey.cluster.redis.driver.TlsFiles;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.redis.operator.Rights;
import io.covey.cluster.redis.operator.Rights.Role;
import io.covey.cluster.tck.FaultProxy;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * What a run of the tests asks of every server that they start: {@code -Dcovey.test.servers=tls} has them speak TLS, with a
 * certificate of an authority that is made for this run and that their URIs name; {@code acl} has their URIs name a user with
 * the rights that the documentation asks for and no more.
 */
public final class EveryServer implements LauncherSessionListener {
    private static final String MODE = "covey.test.servers";
    private static final String TLS = "covey.redis.tls";
    private static final String USER = "covey.redis.user";
    private static final AtomicReference<@Nullable SSLContext> SIGHT = new AtomicReference<>();

    private @Nullable Path directory;

    /** A proxy in front of a server that sees the requests that pass it, encrypted or not; whoever called closes it. */
    public static FaultProxy seeing(RedisServer server) {
        return new FaultProxy(server.port(), SIGHT.get());
    }

    /** Skips a test that means nothing where that is asked of every server. */
    public static void isNot(String mode, String why) {
        assumeFalse(mode.equals(System.getProperty(MODE)), why);
    }

    private static SSLContext context(TlsFiles files) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(files.trusted().orElseThrow());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(files.identity().orElseThrow(), TlsFiles.PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        switch (System.getProperty(MODE, "")) {
            case "tls" -> encrypt();
            case "acl" -> System.setProperty(USER, "app s3cret " + String.join(" ", rights()));
            case "", "plain" -> {}
            default ->
                throw new IllegalArgumentException(
                        MODE + " must be plain, tls or acl, was " + System.getProperty(MODE));
        }
    }

    private void encrypt() {
        try {
            directory = Files.createTempDirectory("covey-tls-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        PrivateCa ca = new PrivateCa(directory, "ca");
        PrivateCa.Issued server = ca.issue("server", "127.0.0.1", "localhost");
        SIGHT.set(context(new TlsFiles(
                Optional.of(ca.certificate()), Optional.of(server.certificate()), Optional.of(server.key()))));
        System.setProperty(TLS, directory.toString());
    }

    /** In the namespaces that the tests use, those of actionhero too, and in any database; Redis wants each pattern that is subscribed to as it stands, and they have many. */
    static List<String> rights() {
        Rights rights = new Rights(Role.APPLICATION, "covey*", "resque*", 1, false, List.of());
        List<String> rules = new ArrayList<>(rights.rules(true));
        rules.replaceAll(rule -> rule.startsWith("&") ? "&*" : rule);
        rules.addAll(List.of(
                "~{resque*:*", "~actionhero:*", "~actionHero:*", "~{actionhero:*", "~app:*", "~other:*", "~{other:*"));
        return rules;
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        System.clearProperty(TLS);
        System.clearProperty(USER);
        SIGHT.set(null);
        if (directory != null) {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
