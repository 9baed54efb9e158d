package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.ActionheroContract;

final class LettuceActionheroTest extends ActionheroContract {

    @Override
    protected String scheme() {
        return "redis+lettuce";
    }
}
