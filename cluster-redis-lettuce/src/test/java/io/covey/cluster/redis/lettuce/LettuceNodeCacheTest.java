package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.NodeCacheContract;

final class LettuceNodeCacheTest extends NodeCacheContract {

    @Override
    protected String scheme() {
        return "redis+lettuce";
    }
}
