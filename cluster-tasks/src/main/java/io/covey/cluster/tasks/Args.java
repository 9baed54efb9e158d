package io.covey.cluster.tasks;

import io.covey.cluster.Codec;
import io.covey.cluster.CodecException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * How payloads of one type become the argument list of a task and back.
 *
 * @param <P> the type of the payload
 */
interface Args<P> {

    byte[] encode(P payload);

    P decode(byte[] args);

    /** The payload is the whole list. */
    static Args<String> text() {
        return new Args<>() {
            @Override
            public byte[] encode(String payload) {
                JsonCheck.array(payload);
                return payload.getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public String decode(byte[] args) {
                return new String(args, StandardCharsets.UTF_8);
            }
        };
    }

    /** The payload is the one element of the list. */
    static <P> Args<P> of(Codec<P> codec, Class<?> type) {
        if (codec.name().startsWith("json")) {
            Codec<P> portable = codec.portable();
            return new Single<>(codec.name()) {
                @Override
                byte[] element(P payload) {
                    return portable.encode(payload);
                }

                @Override
                public byte[] encode(P payload) {
                    byte[] list = super.encode(payload);
                    JsonCheck.array(list);
                    return list;
                }

                @Override
                P payload(byte[] element) {
                    return codec.decode(element);
                }
            };
        }
        boolean text = type == String.class;
        return new Single<>(codec.name()) {
            @Override
            byte[] element(P payload) {
                if (text) {
                    JsonCheck.text((String) payload);
                }
                byte[] bytes = codec.encode(payload);
                return JsonString.quoted(text ? bytes : Base64.getEncoder().encode(bytes));
            }

            @Override
            P payload(byte[] element) {
                byte[] bytes = JsonString.unquoted(element);
                try {
                    return codec.decode(text ? bytes : Base64.getDecoder().decode(bytes));
                } catch (IllegalArgumentException e) {
                    throw new CodecException("Not Base64, which a payload of " + codec.name() + " is written in", e);
                }
            }
        };
    }

    /** A list of one element. */
    abstract class Single<P> implements Args<P> {
        private static final byte[] NOTHING = {'{', '}'};
        private final String format;

        Single(String format) {
            this.format = format;
        }

        abstract byte[] element(P payload);

        abstract P payload(byte[] element);

        @Override
        public byte[] encode(P payload) {
            byte[] element = element(payload);
            byte[] list = new byte[element.length + 2];
            list[0] = '[';
            System.arraycopy(element, 0, list, 1, element.length);
            list[list.length - 1] = ']';
            return list;
        }

        @Override
        public P decode(byte[] args) {
            List<JsonArray.Span> elements = JsonArray.elements(args);
            if (elements.isEmpty()) {
                return payload(NOTHING);
            }
            if (elements.size() > 1) {
                throw new CodecException("The task has " + elements.size() + " arguments, " + format
                        + " is one; a handler of TaskType.raw takes any number");
            }
            JsonArray.Span only = elements.get(0);
            return payload(Arrays.copyOfRange(args, only.from(), only.to()));
        }
    }
}
