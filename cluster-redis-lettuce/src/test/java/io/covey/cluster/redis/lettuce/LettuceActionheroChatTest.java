package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.ActionheroChatContract;

final class LettuceActionheroChatTest extends ActionheroChatContract {

    @Override
    protected String scheme() {
        return "redis+lettuce";
    }
}
