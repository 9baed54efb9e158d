package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.NodeKilledContract;

final class LettuceNodeKilledTest extends NodeKilledContract {
    @Override
    protected String scheme() {
        return "redis+lettuce";
    }
}
