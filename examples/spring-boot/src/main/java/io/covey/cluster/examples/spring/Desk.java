package io.covey.cluster.examples.spring;

import io.covey.cluster.rpc.RpcMethod;
import io.covey.cluster.rpc.RpcService;

/** What nodes ask one another. A bean that implements it is served on its node. */
@RpcService
public interface Desk {

    /** How many orders this node has made up. */
    @RpcMethod(idempotent = true)
    int madeUp();
}
