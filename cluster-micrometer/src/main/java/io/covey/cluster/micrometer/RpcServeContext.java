package io.covey.cluster.micrometer;

import io.covey.cluster.rpc.CallContext;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.Map;

/** A call that a node answers, as it is observed. */
public final class RpcServeContext extends ReceiverContext<Map<String, String>> {
    private final CallContext call;

    RpcServeContext(CallContext call) {
        super(Map::get, Kind.SERVER);
        this.call = call;
        setCarrier(call.headers());
    }

    /**
     * The call.
     *
     * @return as its handler sees it
     */
    public CallContext call() {
        return call;
    }
}
