package io.covey.cluster.core.codec;

import io.covey.cluster.Codec;
import io.covey.cluster.CodecException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

final class JsonCodec<T> implements Codec<T> {
    private final String name;
    private final ObjectWriter writer;
    private final ObjectReader reader;
    private final @Nullable Codec<T> portable;

    /** @param portable the same for readers of any make; null if this is it */
    JsonCodec(String name, ObjectWriter writer, ObjectReader reader, @Nullable Codec<T> portable) {
        this.name = name;
        this.writer = writer;
        this.reader = reader;
        this.portable = portable;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Codec<T> portable() {
        return portable == null ? this : portable;
    }

    @Override
    public byte[] encode(T value) {
        try {
            return writer.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw e.getCause() instanceof CodecException refused
                    ? refused
                    : new CodecException("the value cannot be written as JSON", e);
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
