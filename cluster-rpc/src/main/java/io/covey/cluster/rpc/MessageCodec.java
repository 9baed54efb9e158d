package io.covey.cluster.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.covey.cluster.Codec;
import io.covey.cluster.CodecException;

/** Messages as protobuf, known by one of them. */
record MessageCodec<M extends Message>(M prototype) implements Codec<M> {

    @Override
    public String name() {
        return "protobuf:" + prototype.getDescriptorForType().getName();
    }

    @Override
    public byte[] encode(M value) {
        String type = value.getDescriptorForType().getFullName();
        if (!type.equals(prototype.getDescriptorForType().getFullName())) {
            throw new CodecException("codec " + name() + " cannot write a " + type);
        }
        return value.toByteArray();
    }

    @Override
    @SuppressWarnings("unchecked")
    public M decode(byte[] bytes) {
        try {
            return (M) prototype.newBuilderForType().mergeFrom(bytes).build();
        } catch (InvalidProtocolBufferException e) {
            throw new CodecException("the bytes are not of this message", e);
        }
    }
}
