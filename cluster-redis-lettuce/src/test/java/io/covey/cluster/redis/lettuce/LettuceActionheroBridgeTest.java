package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.ActionheroBridgeContract;

final class LettuceActionheroBridgeTest extends ActionheroBridgeContract {

    @Override
    protected String scheme() {
        return "redis+lettuce";
    }
}
