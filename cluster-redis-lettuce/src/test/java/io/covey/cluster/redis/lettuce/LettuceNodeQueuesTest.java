package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.NodeQueuesContract;

final class LettuceNodeQueuesTest extends NodeQueuesContract {
    @Override
    protected String scheme() {
        return "redis+lettuce";
    }
}
