package io.covey.cluster.spring.cache;

import io.covey.cluster.Cluster;
import io.covey.cluster.Codec;
import io.covey.cluster.CodecException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.springframework.cache.support.NullValue;
import org.springframework.core.ResolvableType;

/**
 * The format of values of one type: that of {@link Cluster#codec}, but texts in JSON too, so that a value can be told from
 * another without its type; and null.
 */
final class CacheFormat implements Codec<Object> {
    /** Neither UTF-8 nor protobuf. */
    private static final byte[] NULL = "\u00ff\u00fecovey:null".getBytes(StandardCharsets.ISO_8859_1);

    private final Cluster cluster;
    private final Class<?> raw;
    private final Codec<Object> typed;

    /** {@code Object} for values of which no type is known: they come back as JSON has them. */
    CacheFormat(Cluster cluster, Type type) {
        this.cluster = cluster;
        this.raw = ResolvableType.forType(type).resolve(Object.class);
        this.typed = CharSequence.class.isAssignableFrom(raw)
                ? codec(cluster.codec(Object.class))
                : codec(cluster.codecOf(type));
    }

    @SuppressWarnings("unchecked") // It is only given values of its type.
    private static Codec<Object> codec(Codec<?> codec) {
        return (Codec<Object>) codec;
    }

    @Override
    public String name() {
        return "spring:" + typed.name();
    }

    @Override
    public byte[] encode(Object value) {
        if (value instanceof NullValue) {
            return NULL.clone();
        }
        if (value instanceof CharSequence text) {
            return codec(cluster.codec(Object.class)).encode(text.toString());
        }
        return raw != Object.class && raw.isInstance(value)
                ? typed.encode(value)
                : codec(cluster.codec(value.getClass())).encode(value);
    }

    @Override
    public Object decode(byte[] bytes) {
        if (Arrays.equals(bytes, NULL)) {
            return NullValue.INSTANCE;
        }
        Object value = typed.decode(bytes);
        if (raw == String.class && !(value instanceof String)) {
            throw new CodecException("it is no text");
        }
        return value;
    }
}
