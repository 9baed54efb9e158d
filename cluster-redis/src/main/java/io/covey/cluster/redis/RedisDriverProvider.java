package io.covey.cluster.redis;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.spi.TransportProvider;
import java.util.List;
import java.util.ServiceLoader;

/** A provider of transports whose client library may be used by itself, to look after servers. */
public interface RedisDriverProvider extends TransportProvider {

    /**
     * The client library.
     *
     * @return what opens drivers of it
     */
    RedisDriverFactory drivers();

    /**
     * The client library that a URI names, or any if it names none.
     *
     * @param uri as {@link RedisUri} reads it
     * @return what opens drivers of it
     * @throws TransportException if there is none on the class path
     */
    static RedisDriverFactory named(String uri) {
        String scheme = uri.substring(0, Math.max(0, uri.indexOf(':')));
        List<RedisDriverProvider> providers = ServiceLoader.load(TransportProvider.class).stream()
                .filter(provider -> RedisDriverProvider.class.isAssignableFrom(provider.type()))
                .map(provider -> (RedisDriverProvider) provider.get())
                .filter(provider -> provider.schemes().contains(scheme))
                .toList();
        if (providers.isEmpty()) {
            throw new TransportException("No Redis driver on the class path answers to " + scheme
                    + "://; add io.covey:cluster-redis-lettuce or io.covey:cluster-redis-jedis");
        }
        return providers.get(0).drivers();
    }
}
