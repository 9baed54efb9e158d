package io.covey.cluster;

/**
 * Turns values of one type into bytes and back. Stateless and thread-safe.
 *
 * @param <T> the type of the values
 */
public interface Codec<T> {

    /**
     * Short name of the format, used in error messages.
     *
     * @return for example {@code json:Profile}
     */
    String name();

    /**
     * Encodes a value.
     *
     * @param value the value
     * @return its bytes, not shared
     * @throws CodecException if the value cannot be encoded
     */
    byte[] encode(T value);

    /**
     * Decodes a value.
     *
     * @param bytes what {@link #encode} made, possibly by another version of the application
     * @return the value
     * @throws CodecException if the bytes are not of this format
     */
    T decode(byte[] bytes);
}
