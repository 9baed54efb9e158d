package io.covey.cluster.rpc;

import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.wire.RpcResponse;

/** A call that has no end yet. Its methods run nothing of the user's but codecs. */
sealed interface OpenCall permits OneCall, AllCall {

    /** Sends it. */
    void start();

    /** An answer came. One of a node that was not asked, or that answered already, is not looked at. */
    void answer(String sender, RpcResponse response);

    /** A node will not answer. */
    void lost(String node, Reason reason, String why);

    /** The link was lost for a while: answers may have been. */
    void gap(String why);

    /** A node runs no more, and has answered all that it ran. */
    void goodbye(String node);

    /** Does what is due, and answers when the next of it is. */
    long tick(long now);

    /** Nothing more will come. */
    void abort(RuntimeException why);
}
