package io.covey.cluster.core.codec;

import io.covey.cluster.Codec;
import io.covey.cluster.CodecException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

final class JsonCodec<T> implements Codec<T> {
    private final Class<T> type;
    private final JsonMapper mapper;

    JsonCodec(Class<T> type, JsonMapper mapper) {
        this.type = type;
        this.mapper = mapper;
    }

    @Override
    public String name() {
        return "json:" + type.getSimpleName();
    }

    @Override
    public byte[] encode(T value) {
        try {
            return mapper.writerFor(type).writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new CodecException("the value cannot be written as JSON", e);
        }
    }

    @Override
    public T decode(byte[] bytes) {
        T value;
        try {
            value = mapper.readValue(bytes, type);
        } catch (JacksonException e) {
            throw new CodecException("the bytes are not JSON of this type", e);
        }
        if (value == null) {
            throw new CodecException("the JSON is null");
        }
        return value;
    }
}
