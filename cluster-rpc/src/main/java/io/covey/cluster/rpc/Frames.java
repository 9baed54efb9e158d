package io.covey.cluster.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.covey.cluster.rpc.wire.RpcError;
import io.covey.cluster.rpc.wire.RpcRequest;
import io.covey.cluster.rpc.wire.RpcResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;

/** What travels in the envelopes, and on which channels. */
final class Frames {
    static final int REQUEST = 1;
    static final int RESPONSE = 2;

    /** Every node hears it. */
    static final String EVERYONE = "/cluster/rpc";

    private static final int CALL_ID_BYTES = 16;

    private Frames() {}

    /** The channel that one node hears: requests to it alone, and the answers to its own. */
    static String inbox(String node) {
        return "/cluster/node/" + node;
    }

    static byte[] request(UUID call, String procedure, byte[] argument, Duration timeout) {
        return RpcRequest.newBuilder()
                .setCallId(bytes(call))
                .setProcedure(procedure)
                .setArgument(UnsafeByteOperations.unsafeWrap(argument))
                .setTimeoutMs(Math.max(1, timeout.toMillis()))
                .build()
                .toByteArray();
    }

    static byte[] result(ByteString call, byte[] result) {
        return RpcResponse.newBuilder()
                .setCallId(call)
                .setResult(UnsafeByteOperations.unsafeWrap(result))
                .build()
                .toByteArray();
    }

    static byte[] error(ByteString call, RpcError.Code code, String type, String message) {
        return RpcResponse.newBuilder()
                .setCallId(call)
                .setError(RpcError.newBuilder().setCode(code).setType(type).setMessage(message))
                .build()
                .toByteArray();
    }

    /** Whether it could be the id of a call. */
    static boolean isCallId(ByteString id) {
        return id.size() == CALL_ID_BYTES;
    }

    static UUID callId(ByteString id) {
        ByteBuffer buffer = id.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    private static ByteString bytes(UUID call) {
        byte[] bytes = new byte[CALL_ID_BYTES];
        ByteBuffer.wrap(bytes).putLong(call.getMostSignificantBits()).putLong(call.getLeastSignificantBits());
        return UnsafeByteOperations.unsafeWrap(bytes);
    }
}
