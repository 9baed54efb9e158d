package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.NodeCacheContract;

final class JedisNodeCacheTest extends NodeCacheContract {

    @Override
    protected String scheme() {
        return "redis+jedis";
    }
}
