package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.PrivateCa;
import io.covey.cluster.redis.driver.TlsServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The contracts over TLS, with a CA of their own, client certificates on both sides, and as a user who has the rights that the
 * documentation asks for and no more.
 */
public final class TlsSuite {
    private TlsSuite() {}

    /**
     * Runs test classes that take their server from {@code RedisServer.start()}.
     *
     * @param directory for certificates
     * @param contracts the test classes
     * @return how many tests passed
     * @throws AssertionError naming each test that failed, and why
     */
    public static int run(Path directory, Class<?>... contracts) {
        PrivateCa ca = new PrivateCa(directory, "ca");
        PrivateCa.Issued client = ca.issue("client");
        try (TlsServer server = TlsServer.start(ca.issue("server", "localhost"), ca.certificate(), "yes")) {
            List<String> words = new ArrayList<>(List.of("ACL", "SETUSER", "suite", "reset", "on", ">s3cret"));
            words.addAll(EveryServer.rights());
            server.server().command(words.toArray(String[]::new));
            String uri = server.uri("localhost").replace("://", "://suite:s3cret@");
            return ContractRun.on(uri + "&cert=" + client.certificate() + "&key=" + client.key(), contracts);
        }
    }
}
