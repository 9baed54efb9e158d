package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.driver.RedisConnection;
import io.covey.cluster.redis.driver.RedisConnector;
import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.redis.driver.TlsFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/** Connections by Jedis, each with a thread of its own. */
final class JedisConnector implements RedisConnector {
    private static final AtomicInteger COUNT = new AtomicInteger();

    @Override
    public RedisConnection connect(
            RedisUri server, Duration timeout, Duration answerTimeout, RedisConnection.Listener listener) {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .resp3()
                .timeoutMillis(Math.toIntExact(timeout.toMillis()))
                .user(server.user().orElse(null))
                .password(server.password().orElse(null))
                .database(server.database());
        if (server.tls()) {
            config.sslOptions(ssl(server.files()));
        }
        RedisUri.Endpoint endpoint = server.endpoints().get(0);
        HostAndPort address = new HostAndPort(endpoint.host(), endpoint.port());
        return new JedisConnection(
                new JedisWire(address, config.build(), listener),
                listener,
                answerTimeout,
                "covey-redis-jedis-" + COUNT.incrementAndGet());
    }

    private static SslOptions ssl(TlsFiles files) {
        char[] password = TlsFiles.PASSWORD.toCharArray();
        SslOptions.Builder ssl = SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL);
        files.trusted().ifPresent(store -> ssl.trustStoreType(store.getType()).truststore(resource(store), password));
        files.identity().ifPresent(store -> ssl.keyStoreType(store.getType()).keystore(resource(store), password));
        return ssl.build();
    }

    private static SslOptions.Resource resource(KeyStore store) {
        return () -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                store.store(bytes, TlsFiles.PASSWORD.toCharArray());
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
            return new ByteArrayInputStream(bytes.toByteArray());
        };
    }

    @Override
    public void close() {}
}
