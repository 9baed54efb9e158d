package io.covey.cluster.core.codec;

import com.google.common.primitives.Primitives;
import com.google.protobuf.Message;
import io.covey.cluster.Codec;
import io.covey.cluster.CodecException;
import io.covey.cluster.spi.Await;
import java.lang.reflect.Type;
import java.util.Optional;
import java.util.function.Supplier;

/** The default format of each type. */
public final class Codecs {
    private static final JsonFormat JSON = new JsonFormat();

    /** The same object each time, so that who asks for the same type twice gets the same format. */
    private static final ClassValue<Codec<?>> KNOWN = new ClassValue<>() {
        @Override
        protected Codec<?> computeValue(Class<?> type) {
            return make(type);
        }
    };

    private Codecs() {}

    /**
     * The default format of a type.
     *
     * @param <T> the type
     * @param type the type
     * @return its codec
     */
    @SuppressWarnings("unchecked")
    public static <T> Codec<T> of(Class<T> type) {
        return (Codec<T>) KNOWN.get(type);
    }

    /**
     * The default format of a type that may have arguments.
     *
     * @param type the type; primitive ones as their boxes
     * @return its codec
     */
    public static Codec<?> of(Type type) {
        return type instanceof Class<?> plain ? KNOWN.get(Primitives.wrap(plain)) : JSON.codec(type);
    }

    private static Codec<?> make(Class<?> type) {
        if (type == byte[].class) {
            return new BytesCodec();
        }
        if (type == String.class) {
            return new StringCodec();
        }
        if (Message.class.isAssignableFrom(type)) {
            return ProtobufCodec.of(type.asSubclass(Message.class));
        }
        return JSON.codec(type);
    }

    /**
     * Encodes a value; whatever goes wrong names the place.
     *
     * @param <T> the type of the value
     * @param codec the format
     * @param value the value
     * @param where such as {@code cache profiles, key "ada"}
     * @return the bytes
     */
    public static <T> byte[] encode(Codec<T> codec, T value, String where) {
        return encode(codec, value, () -> where);
    }

    /**
     * Encodes a value; whatever goes wrong names the place.
     *
     * @param <T> the type of the value
     * @param codec the format
     * @param value the value
     * @param where asked only if something goes wrong
     * @return the bytes
     */
    public static <T> byte[] encode(Codec<T> codec, T value, Supplier<String> where) {
        try {
            return codec.encode(value);
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            throw new CodecException(
                    where.get() + ": codec " + codec.name() + " cannot write the value: " + reason(e), e);
        }
    }

    /**
     * Decodes a value; whatever goes wrong names the place.
     *
     * @param <T> the type of the value
     * @param codec the format
     * @param bytes the bytes
     * @param where such as {@code cache profiles, key "ada"}
     * @return the value
     */
    public static <T> T decode(Codec<T> codec, byte[] bytes, String where) {
        return decode(codec, bytes, () -> where);
    }

    /**
     * Decodes a value; whatever goes wrong names the place.
     *
     * @param <T> the type of the value
     * @param codec the format
     * @param bytes the bytes
     * @param where asked only if something goes wrong
     * @return the value
     */
    public static <T> T decode(Codec<T> codec, byte[] bytes, Supplier<String> where) {
        try {
            return codec.decode(bytes);
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            throw new CodecException(
                    where.get() + ": codec " + codec.name() + " cannot read these " + bytes.length + " bytes: "
                            + reason(e),
                    e);
        }
    }

    /** The class alone: what a parser says may quote the content. */
    private static String reason(Throwable thrown) {
        Throwable t = Await.unwrap(thrown);
        while (t instanceof CodecException && t.getCause() != null) {
            t = t.getCause();
        }
        return t instanceof CodecException
                ? Optional.ofNullable(t.getMessage()).orElse("no reason given")
                : t.getClass().getSimpleName();
    }
}
