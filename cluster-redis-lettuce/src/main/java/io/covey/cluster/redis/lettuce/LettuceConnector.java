package io.covey.cluster.redis.lettuce;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.RedisConnection;
import io.covey.cluster.redis.driver.RedisConnector;
import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.redis.driver.TlsFiles;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Connections by Lettuce. Its own reconnecting is off: it repeats commands that were already written when the connection
 * ends with a clean FIN.
 */
final class LettuceConnector implements RedisConnector {
    /** What Lettuce says of a connection that has ended before it looked at it. */
    static final String GONE = "RedisHandshakeHandler not registered";

    private static final int MOST_ATTEMPTS = 3;

    private final ClientResources resources = DefaultClientResources.builder()
            .threadFactoryProvider(pool -> new DefaultThreadFactory("covey-redis-" + pool, true))
            // The JDK's, so that names mean what they mean to the rest of the process.
            .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .nettyCustomizer(new NettyCustomizer() {
                @Override
                public void afterChannelInitialized(Channel channel) {
                    LettuceWire.into(channel);
                }
            })
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .build();
    private final RedisClient client = RedisClient.create(resources);
    private final Set<CompletableFuture<Void>> closing = ConcurrentHashMap.newKeySet();

    @Override
    public RedisConnection connect(
            RedisUri server, Duration timeout, Duration answerTimeout, RedisConnection.Listener listener) {
        ClientOptions.Builder options = ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .protocolVersion(ProtocolVersion.RESP3)
                // The session's own limit is enough; this would be a timer for each command.
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(timeout)
                        .keepAlive(true)
                        .build());
        if (server.tls()) {
            options.sslOptions(ssl(server.files(), timeout));
        }
        client.setOptions(options.build());
        RedisURI uri = uri(server, timeout);
        long end = System.nanoTime() + timeout.toNanos();
        for (int attempt = 1; ; attempt++) {
            Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
            try {
                return new LettuceConnection(connected(uri, left, timeout), listener, this::closing).begin();
            } catch (ExecutionException e) {
                if (attempt == MOST_ATTEMPTS || !wasGone(e.getCause())) {
                    throw new IllegalStateException(e.getCause());
                }
            }
        }
    }

    private StatefulRedisConnection<byte[], byte[]> connected(RedisURI uri, Duration left, Duration timeout)
            throws ExecutionException {
        CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connecting =
                client.connectAsync(ByteArrayCodec.INSTANCE, uri).toCompletableFuture();
        try {
            return connecting.get(left.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            connecting.thenAccept(StatefulRedisConnection::closeAsync);
            throw new TransportException("no answer in " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            connecting.thenAccept(StatefulRedisConnection::closeAsync);
            Thread.currentThread().interrupt();
            throw new TransportException("interrupted while connecting", e);
        }
    }

    /**
     * Whether a connection was refused, and gone again, before Lettuce looked at it. What it then says has nothing of the
     * reason, which the next attempt will tell.
     */
    private static boolean wasGone(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalStateException && GONE.equals(cause.getMessage())) {
                return true;
            }
        }
        return false;
    }

    private void closing(CompletableFuture<Void> end) {
        closing.add(end);
        end.whenComplete((done, failure) -> closing.remove(end));
    }

    /** Connections that are just being closed are let go first: Lettuce would warn about a second close. */
    @Override
    public void close() {
        CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, 1, TimeUnit.SECONDS)
                .exceptionally(failure -> null)
                .join();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private static SslOptions ssl(TlsFiles files, Duration timeout) {
        SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider().handshakeTimeout(timeout);
        files.trusted().ifPresent(store -> ssl.trustManager(trust(store)));
        files.identity().ifPresent(store -> ssl.keyManager(keys(store)));
        return ssl.build();
    }

    private static TrustManagerFactory trust(KeyStore store) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return trust;
        } catch (GeneralSecurityException e) {
            throw new TransportException("The certificates of the CA cannot be trusted: " + e.getMessage(), e);
        }
    }

    private static KeyManagerFactory keys(KeyStore store) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, TlsFiles.PASSWORD.toCharArray());
            return keys;
        } catch (GeneralSecurityException e) {
            throw new TransportException("The client's key cannot be used: " + e.getMessage(), e);
        }
    }

    private static RedisURI uri(RedisUri server, Duration timeout) {
        RedisUri.Endpoint endpoint = server.endpoints().get(0);
        RedisURI.Builder uri = RedisURI.builder()
                .withHost(endpoint.host())
                .withPort(endpoint.port())
                .withDatabase(server.database())
                .withSsl(server.tls())
                .withVerifyPeer(SslVerifyMode.FULL)
                .withTimeout(timeout);
        // A provider that answers at once: with any other, and so with what the builder makes of a password, Lettuce
        // tells of the connection on another thread, sometimes before it takes commands.
        server.password()
                .ifPresent(password -> uri.withAuthentication((RedisCredentialsProvider)
                        new StaticCredentialsProvider(server.user().orElse(null), password.toCharArray())));
        return uri.build();
    }
}
