package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.NodeSchedulersContract;

final class LettuceNodeSchedulersTest extends NodeSchedulersContract {
    @Override
    protected String scheme() {
        return "redis+lettuce";
    }
}
