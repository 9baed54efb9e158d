package io.covey.cluster.redis;

import io.covey.cluster.Cluster;
import io.covey.cluster.Codec;
import io.covey.cluster.CodecException;
import org.jspecify.annotations.Nullable;

/**
 * Values as a part of somebody else's JSON.
 *
 * @param <V> the type of the values
 */
abstract class ActionheroJson<V> {

    /**
     * @return as {@link Json} reads it
     */
    abstract @Nullable Object tree(V value, String where);

    abstract V value(@Nullable Object tree, String where);

    @SuppressWarnings("unchecked")
    static <V> ActionheroJson<V> of(Cluster cluster, Class<V> type) {
        if (type == String.class) {
            return (ActionheroJson<V>) new Text();
        }
        Codec<V> codec = cluster.codec(type);
        if (!codec.name().startsWith("json:")) {
            throw new IllegalArgumentException("actionhero reads JSON alone, but " + type.getName() + " is written as "
                    + codec.name() + ": give a codec that writes JSON");
        }
        return of(codec);
    }

    static <V> ActionheroJson<V> of(Codec<V> codec) {
        return new Coded<>(codec);
    }

    /**
     * @throws CodecException if nobody here could read them again
     */
    static byte[] bounded(byte[] bytes, String where) {
        if (bytes.length > Json.MOST_BYTES) {
            throw new CodecException(where + ": with actionhero's fields the value has " + bytes.length
                    + " bytes of JSON, the limit is " + Json.MOST_BYTES + "; nothing was written");
        }
        return bytes;
    }

    /** What a codec writes. */
    private static final class Coded<V> extends ActionheroJson<V> {
        private final Codec<V> codec;

        private Coded(Codec<V> codec) {
            this.codec = codec;
        }

        @Override
        @Nullable
        Object tree(V value, String where) {
            byte[] bytes;
            try {
                bytes = codec.encode(value);
            } catch (RuntimeException e) {
                throw new CodecException(where + ": codec " + codec.name() + " cannot write the value", e);
            }
            try {
                return Json.read(bytes);
            } catch (Json.MalformedException e) {
                throw new CodecException(
                        where + ": actionhero reads JSON alone, what codec " + codec.name() + " writes is none: "
                                + e.getMessage(),
                        e);
            }
        }

        @Override
        V value(@Nullable Object tree, String where) {
            try {
                return codec.decode(JsonWriter.faithful(tree));
            } catch (RuntimeException e) {
                throw new CodecException(where + ": codec " + codec.name() + " cannot read the value", e);
            }
        }
    }

    /** Text, whose own codec writes it without quotation marks. */
    private static final class Text extends ActionheroJson<String> {

        @Override
        Object tree(String value, String where) {
            return value;
        }

        @Override
        String value(@Nullable Object tree, String where) {
            if (tree instanceof String text) {
                return text;
            }
            throw new CodecException(where + ": the value is no text");
        }
    }
}
