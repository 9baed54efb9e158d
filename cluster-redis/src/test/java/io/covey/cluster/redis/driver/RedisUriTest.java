package io.covey.cluster.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.redis.driver.RedisUri.Endpoint;
import io.covey.cluster.redis.driver.RedisUri.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedisUriTest {

    @Test
    void aPlainUriHasTheDefaults() {
        assertThat(RedisUri.parse("redis://localhost"))
                .isEqualTo(new RedisUri(
                        Topology.STANDALONE,
                        false,
                        List.of(new Endpoint("localhost", 6379)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        Optional.empty(),
                        TlsFiles.NONE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redis://h:7/3|redis://h:7/3",
                "redis+jedis://h:7/3|redis://h:7/3",
                "redis+lettuce://h|redis://h:6379",
                "rediss://h|rediss://h:6379",
                "rediss+jedis://h/|rediss://h:6379",
                "redis://h?tls=true|rediss://h:6379",
                "redis://h/2?tls=false|redis://h:6379/2",
                "redis://[::1]:7000/1|redis://[::1]:7000/1",
                "redis://[fe80::1]|redis://[fe80::1]:6379",
                "redis-sentinel://a,b:7/main|redis-sentinel://a:26379,b:7/main",
                "redis-sentinel+jedis://a/main/4?tls=true|redis-sentinel://a:26379/main/4?tls=true",
                "redis-cluster+lettuce://a:1,[::1]:2|redis-cluster://a:1,[::1]:2",
                "redis-cluster://a?tls=true|redis-cluster://a:6379?tls=true",
                "rediss://h?ca=/etc/a%20b.pem|rediss://h:6379?ca=/etc/a%20b.pem",
                "redis-cluster://a?tls=true&cert=c.pem&key=k.pem|redis-cluster://a:6379?tls=true&cert=c.pem&key=k.pem",
                "redis://:secret@h|redis://***@h:6379",
                "redis://h?replicas=1|redis://h:6379?replicas=1&replicaTimeout=500ms",
                "redis-sentinel://a/m?tls=true&replicas=2&replicaTimeout=2s"
                        + "|redis-sentinel://a:26379/m?tls=true&replicas=2&replicaTimeout=2000ms",
            })
    void everyFormIsReadAndPrinted(String uri, String printed) {
        assertThat(RedisUri.parse(uri)).hasToString(printed);
        if (!printed.contains("***")) {
            assertThat(RedisUri.parse(printed)).isEqualTo(RedisUri.parse(uri));
        }
    }

    @Test
    void userAndPasswordAreDecoded() {
        RedisUri uri = RedisUri.parse("redis://ad%40m:p+%3A%2F%25%40w@h");
        assertThat(uri.user()).contains("ad@m");
        assertThat(uri.password()).contains("p+:/%@w");
        assertThat(RedisUri.parse("redis://:a/b?c@d@h:1").password()).contains("a/b?c@d");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://h|scheme http is not one of redis://",
                "redis:h|no scheme and //",
                "redis://|there is no host",
                "redis://a,b|one is allowed",
                "redis://h:x|is not host, host:port",
                "redis://h:70000|1 to 65535, was 70000",
                "redis://::1|is not host",
                "redis://h/x|the database must be a number such as 0, was x",
                "redis-sentinel://h|the master's name is missing",
                "redis-cluster://h/1|only database 0, was 1",
            })
    void whatIsWrongIsSaidWithTheValueAndWhatIsAllowed(String uri, String message) {
        assertThatThrownBy(() -> RedisUri.parse(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(uri);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redis://h?replicas=0|replicas must be 1 to 100, was 0",
                "redis://h?replicas=x|replicas must be 1 to 100, was x",
                "redis://h?replicas=1&replicaTimeout=0ms|replicaTimeout must be 1ms to 60s, as in 500ms or 2s, was 0ms",
                "redis://h?replicas=1&replicaTimeout=2m|replicaTimeout must be 1ms to 60s, as in 500ms or 2s, was 2m",
                "redis://h?replicaTimeout=1s|replicaTimeout needs replicas",
                "redis://h?ca=ca.pem|ca, cert and key are for TLS: write rediss:// or tls=true",
                "rediss://h?key=k.pem|key needs cert",
                "rediss://h?ca=|ca must be the path of a file",
                "rediss://h:1?ca=/etc/a@b|an @ behind the ? must be written %40",
                "rediss://u:p@h?tls=true&ca=/etc/a@b|an @ behind the ? must be written %40",
                "redis://h?tls=1|tls must be true or false, was 1",
            })
    void aParameterThatIsWrongIsSaidWithItsValue(String uri, String message) {
        assertThatThrownBy(() -> RedisUri.parse(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void filesThatAreNotNamedAreTakenFromTheEnvironment() {
        TlsFiles environment =
                TlsFiles.NONE.orElse(Map.of("COVEY_TLS_CA", "/ca", "COVEY_TLS_CERT", "/cert", "COVEY_TLS_KEY", "/key"));
        assertThat(environment)
                .isEqualTo(new TlsFiles(
                        Optional.of(Path.of("/ca")), Optional.of(Path.of("/cert")), Optional.of(Path.of("/key"))));
        TlsFiles own = RedisUri.parse("rediss://h?cert=own").files();
        assertThat(own.orElse(Map.of("COVEY_TLS_CERT", "/cert", "COVEY_TLS_KEY", "/key")))
                .as("a key of another certificate is no use")
                .isEqualTo(own);
        assertThat(TlsFiles.NONE.orElse(Map.of("COVEY_TLS_KEY", "/key"))).isEqualTo(TlsFiles.NONE);
    }

    @Test
    void anUnknownParameterIsNamedWithoutItsValue() {
        assertThatThrownBy(() -> RedisUri.parse("redis://h?ssl=1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("redis://h?***")
                .hasMessageContaining("only tls, ca, cert, key, replicas and replicaTimeout are allowed, was ssl=***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://user:secret@h:x",
                "redis://:secret@",
                "redis://secret@h",
                "redis://:secret%zz@h",
                "redis://:sec/secret@h/x",
                "http://u:secret@h",
                "redis:secret@h",
                "redis:/:secret@h:6379",
                "redis://h?password=secret",
            })
    void noMessageHoldsASecret(String uri) {
        assertThatThrownBy(() -> RedisUri.parse(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }
}
