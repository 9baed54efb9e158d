package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.NodeBridgeContract;

final class LettuceNodeBridgeTest extends NodeBridgeContract {

    @Override
    protected String scheme() {
        return "redis+lettuce";
    }
}
