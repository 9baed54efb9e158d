package io.covey.cluster.rpc;

import com.google.protobuf.UnsafeByteOperations;
import io.covey.cluster.rpc.wire.RpcRequest;
import java.util.Map;
import java.util.UUID;

/**
 * A request as it is sent, and sent again.
 *
 * @param id of the call
 * @param procedure its name
 * @param argument in the format of its type
 * @param headers what travels with it
 * @param repeatable whether it may be sent to a node that may have run it
 * @param wantsStack whether the caller wants to see the stack trace of a failure
 */
record Request(
        UUID id,
        String procedure,
        byte[] argument,
        Map<String, String> headers,
        boolean repeatable,
        boolean wantsStack) {

    byte[] frame(long timeoutMillis) {
        RpcRequest.Builder request = RpcRequest.newBuilder()
                .setCallId(Frames.bytes(id))
                .setProcedure(procedure)
                .setArgument(UnsafeByteOperations.unsafeWrap(argument))
                .setTimeoutMs(Math.max(1, timeoutMillis))
                .setRepeatable(repeatable)
                .setWantsStack(wantsStack);
        if (!headers.isEmpty()) {
            request.putAllHeaders(headers);
        }
        return request.build().toByteArray();
    }
}
