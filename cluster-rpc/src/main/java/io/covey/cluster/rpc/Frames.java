package io.covey.cluster.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.covey.cluster.rpc.wire.RpcCancel;
import io.covey.cluster.rpc.wire.RpcError;
import io.covey.cluster.rpc.wire.RpcResponse;
import java.nio.ByteBuffer;
import java.util.UUID;

/** What travels in the envelopes, and on which channels. */
final class Frames {
    static final int REQUEST = 1;
    static final int RESPONSE = 2;
    static final int CANCEL = 3;
    static final int OFFER = 4;
    /** To each inbox: the sender runs no more, and has answered all that it ran. Without a payload. */
    static final int GOODBYE = 5;

    /** Every node hears it. */
    static final String EVERYONE = "/cluster/rpc";

    private static final int CALL_ID_BYTES = 16;

    private Frames() {}

    /** The channel that one node hears: requests to it alone, and the answers to its own. */
    static String inbox(String node) {
        return "/cluster/node/" + node;
    }

    /** Reads a message; its bytes are parts of the payload, not copies. */
    static <M> M read(Parser<M> parser, byte[] payload) throws InvalidProtocolBufferException {
        CodedInputStream in = UnsafeByteOperations.unsafeWrap(payload).newCodedInput();
        in.enableAliasing(true);
        M message = parser.parseFrom(in, ExtensionRegistryLite.getEmptyRegistry());
        in.checkLastTagWas(0);
        return message;
    }

    static byte[] cancel(UUID call) {
        return RpcCancel.newBuilder().setCallId(bytes(call)).build().toByteArray();
    }

    static byte[] result(ByteString call, byte[] result) {
        return RpcResponse.newBuilder()
                .setCallId(call)
                .setResult(UnsafeByteOperations.unsafeWrap(result))
                .build()
                .toByteArray();
    }

    static byte[] error(ByteString call, RpcError error) {
        return RpcResponse.newBuilder().setCallId(call).setError(error).build().toByteArray();
    }

    /** Whether it could be the id of a call. */
    static boolean isCallId(ByteString id) {
        return id.size() == CALL_ID_BYTES;
    }

    static UUID callId(ByteString id) {
        ByteBuffer buffer = id.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    static ByteString bytes(UUID call) {
        byte[] bytes = new byte[CALL_ID_BYTES];
        ByteBuffer.wrap(bytes).putLong(call.getMostSignificantBits()).putLong(call.getLeastSignificantBits());
        return UnsafeByteOperations.unsafeWrap(bytes);
    }
}
