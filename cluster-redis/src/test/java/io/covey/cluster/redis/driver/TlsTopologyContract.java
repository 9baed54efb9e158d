package io.covey.cluster.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.redis.embedded.RedisServerBuilder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every driver does with TLS where servers name others: behind Sentinel, and on Redis Cluster. */
public abstract class TlsTopologyContract extends DriverSuite {
    private static final int SLOTS = 16_384;

    @TempDir
    Path directory;

    private PrivateCa ca;
    private PrivateCa.Issued own;

    /** For the driver modules. */
    protected TlsTopologyContract() {}

    @BeforeEach
    void makeCertificates() {
        ca = new PrivateCa(directory, "ca");
        own = ca.issue("server", "localhost", "127.0.0.1");
    }

    private RedisServer secured(RedisServerBuilder builder, int port) {
        return closing(TlsServer.start(
                TlsServer.settings(builder, port, own, ca.certificate(), "no").setting("tls-replication", "yes")));
    }

    @Test
    void theMasterThatASentinelNamesIsReachedEncrypted() {
        int port = TlsServer.freePort();
        secured(RedisServer.builder(), port);
        int door = TlsServer.freePort();
        secured(
                RedisServer.sentinel().setting("sentinel", "monitor", "main", "127.0.0.1", Integer.toString(port), "1"),
                door);
        String uri = "redis-sentinel://localhost:" + door + "/main?tls=true&ca=";
        RedisDriver driver = open(uri + ca.certificate());
        assertThat(text(reply(driver, "SET", "k", "v"))).isEqualTo("OK");
        assertThatThrownBy(() -> open(uri + new PrivateCa(directory, "other").certificate()))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining(
                        "redis localhost:" + door + ": its certificate is not signed by anybody who is trusted");
    }

    @Test
    void theMastersOfAClusterAreReachedEncrypted() {
        int[] ports = {TlsServer.freePort(), TlsServer.freePort()};
        RedisServer[] nodes = new RedisServer[ports.length];
        for (int i = 0; i < ports.length; i++) {
            nodes[i] = secured(
                    RedisServer.builder()
                            .setting("cluster-enabled", "yes")
                            .setting("cluster-port", Integer.toString(TlsServer.freePort()))
                            .setting("tls-cluster", "yes"),
                    ports[i]);
            int first = i * SLOTS / ports.length;
            int last = (i + 1) * SLOTS / ports.length - 1;
            nodes[i].command("CLUSTER", "ADDSLOTSRANGE", Integer.toString(first), Integer.toString(last));
            nodes[i].command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
        }
        String bus = nodes[1].command("CONFIG", "GET", "cluster-port").replaceAll("[^0-9]", "");
        nodes[0].command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(ports[1]), bus);
        for (RedisServer node : nodes) {
            within(60).until(() -> node.command("CLUSTER", "INFO").contains("cluster_slots_ok:" + SLOTS));
            within(60).until(() -> node.command("CLUSTER", "INFO").contains("cluster_state:ok"));
        }
        RedisDriver driver = open("redis-cluster://localhost:" + ports[0] + "?tls=true&ca=" + ca.certificate());
        for (String key : List.of("a", "b", "c", "d", "e", "f")) {
            assertThat(text(reply(driver, "SET", key, "v"))).isEqualTo("OK");
        }
        assertThat(nodes[0].command("DBSIZE")).isNotEqualTo("0");
        assertThat(nodes[1].command("DBSIZE")).isNotEqualTo("0");
    }
}
