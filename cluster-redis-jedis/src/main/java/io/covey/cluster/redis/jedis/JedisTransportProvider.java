package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.RedisDriverProvider;
import io.covey.cluster.redis.RedisTransport;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.util.Set;

/** Redis and Valkey by Jedis: {@code redis+jedis://} and, where it is the only driver, {@code redis://}. */
public final class JedisTransportProvider implements RedisDriverProvider {

    /** For {@link java.util.ServiceLoader}. */
    public JedisTransportProvider() {}

    @Override
    public String artifact() {
        return "io.covey:cluster-redis-jedis";
    }

    @Override
    public Set<String> schemes() {
        return RedisUri.schemes("jedis");
    }

    @Override
    public Transport open(TransportConfig config) {
        return RedisTransport.open(config, drivers());
    }

    @Override
    public RedisDriverFactory drivers() {
        return RedisDriverFactory.over(JedisConnector::new);
    }
}
