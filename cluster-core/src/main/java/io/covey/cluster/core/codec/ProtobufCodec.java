package io.covey.cluster.core.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.covey.cluster.Codec;
import io.covey.cluster.CodecException;

final class ProtobufCodec<T extends Message> implements Codec<T> {
    private final Class<T> type;
    private final Parser<? extends Message> parser;

    private ProtobufCodec(Class<T> type, Parser<? extends Message> parser) {
        this.type = type;
        this.parser = parser;
    }

    static <T extends Message> ProtobufCodec<T> of(Class<T> type) {
        try {
            Message empty = (Message) type.getMethod("getDefaultInstance").invoke(null);
            return new ProtobufCodec<>(type, empty.getParserForType());
        } catch (ReflectiveOperationException | NullPointerException e) {
            throw new CodecException(
                    "protobuf:" + type.getSimpleName() + " is not a generated message: it has no getDefaultInstance()",
                    e);
        }
    }

    @Override
    public String name() {
        return "protobuf:" + type.getSimpleName();
    }

    @Override
    public byte[] encode(T value) {
        return value.toByteArray();
    }

    @Override
    public T decode(byte[] bytes) {
        try {
            return type.cast(parser.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new CodecException("the bytes are not of this message", e);
        }
    }
}
