package io.covey.cluster.micrometer;

import io.covey.cluster.rpc.RpcMiddleware.OutgoingCall;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.HashMap;
import java.util.Map;

/** A call that a node makes, as it is observed. */
public final class RpcCallContext extends SenderContext<Map<String, String>> {
    private final OutgoingCall call;
    private final Map<String, String> headers;

    RpcCallContext(OutgoingCall call) {
        super(
                (carrier, name, value) -> {
                    if (carrier != null) {
                        carrier.put(name, value);
                    }
                },
                Kind.CLIENT);
        this.call = call;
        this.headers = new HashMap<>(call.headers());
        setCarrier(headers);
    }

    /**
     * The call.
     *
     * @return whom and what
     */
    public OutgoingCall call() {
        return call;
    }

    Map<String, String> headers() {
        return headers;
    }
}
