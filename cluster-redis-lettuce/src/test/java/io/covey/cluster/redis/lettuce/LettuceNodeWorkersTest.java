package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.NodeWorkersContract;

final class LettuceNodeWorkersTest extends NodeWorkersContract {
    @Override
    protected String scheme() {
        return "redis+lettuce";
    }
}
