package io.covey.cluster.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.covey.cluster.Codec;
import io.covey.cluster.CodecException;
import io.covey.cluster.rpc.wire.RpcArguments;
import java.util.List;

/** The arguments of a method: none is no bytes, one is its own format, so that it can be called by a constant too. */
record ArgumentsCodec(List<Codec<Object>> codecs) implements Codec<Object[]> {
    private static final Object[] NONE = {};

    @Override
    public String name() {
        return "arguments";
    }

    @Override
    public byte[] encode(Object[] values) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                throw new CodecException("argument " + (i + 1) + " is null");
            }
        }
        if (codecs.isEmpty()) {
            return new byte[0];
        }
        if (codecs.size() == 1) {
            return codecs.get(0).encode(values[0]);
        }
        RpcArguments.Builder all = RpcArguments.newBuilder();
        for (int i = 0; i < codecs.size(); i++) {
            all.addArgument(UnsafeByteOperations.unsafeWrap(codecs.get(i).encode(values[i])));
        }
        return all.build().toByteArray();
    }

    @Override
    public Object[] decode(byte[] bytes) {
        if (codecs.isEmpty()) {
            return NONE;
        }
        if (codecs.size() == 1) {
            return new Object[] {codecs.get(0).decode(bytes)};
        }
        List<ByteString> parts = parts(bytes);
        if (parts.size() != codecs.size()) {
            throw new CodecException("there are " + parts.size() + " arguments instead of " + codecs.size());
        }
        Object[] values = new Object[parts.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = codecs.get(i).decode(parts.get(i).toByteArray());
        }
        return values;
    }

    private static List<ByteString> parts(byte[] bytes) {
        try {
            return RpcArguments.parseFrom(bytes).getArgumentList();
        } catch (InvalidProtocolBufferException e) {
            throw new CodecException("the bytes are not arguments of a method", e);
        }
    }
}
