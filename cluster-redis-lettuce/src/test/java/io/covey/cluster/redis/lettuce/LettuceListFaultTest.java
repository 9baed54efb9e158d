package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.ListFaultContract;

final class LettuceListFaultTest extends ListFaultContract {

    @Override
    protected String scheme() {
        return "redis+lettuce";
    }
}
