package io.covey.cluster.core.codec;

import io.covey.cluster.Codec;
import io.covey.cluster.CodecException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

final class JsonCodec<T> implements Codec<T> {
    private final String name;
    private final ObjectWriter writer;
    private final ObjectReader reader;

    JsonCodec(JavaType type, JsonMapper mapper) {
        this.name = "json:" + type.getRawClass().getSimpleName();
        this.writer = mapper.writerFor(type);
        this.reader = mapper.readerFor(type);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public byte[] encode(T value) {
        try {
            return writer.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new CodecException("the value cannot be written as JSON", e);
        }
    }

    @Override
    public T decode(byte[] bytes) {
        T value;
        try {
            value = reader.readValue(bytes);
        } catch (JacksonException e) {
            throw new CodecException("the bytes are not JSON of this type", e);
        }
        if (value == null) {
            throw new CodecException("the JSON is null");
        }
        return value;
    }
}
