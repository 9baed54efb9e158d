package io.covey.cluster.core.codec;

import io.covey.cluster.Codec;
import io.covey.cluster.CodecException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strict UTF-8, so that what was read is what was written. */
final class StringCodec implements Codec<String> {
    /** What a reader that does not mind puts where there is no UTF-8; it may also be meant. */
    private static final char REPLACEMENT = '\uFFFD';

    @Override
    public String name() {
        return "string";
    }

    @Override
    public byte[] encode(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isSurrogate(value.charAt(i))) {
                return strict(value);
            }
        }
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : strict(bytes);
    }

    private static byte[] strict(String value) {
        try {
            ByteBuffer buffer = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new CodecException("a text with half a surrogate pair is not UTF-8");
        }
    }

    private static String strict(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CodecException("the bytes are not UTF-8");
        }
    }
}
