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

    /**
     * The same format for readers of any make, in any language: it refuses to encode what others would read as something else,
     * such as a {@code NaN}, for which JSON has no form. Tasks are written so, whose workers may be of another fleet.
     *
     * @return this codec if it encodes nothing of that kind
     */
    default Codec<T> portable() {
        return this;
    }
}
