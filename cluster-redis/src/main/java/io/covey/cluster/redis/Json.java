package io.covey.cluster.redis;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON as JSON.parse reads it: texts are {@link String}, numbers {@link Num} with the digits that were read, objects
 * {@link Map} in the order of their keys, arrays {@link List}, {@code true}, {@code false} and {@code null} themselves.
 */
final class Json {
    static final int MOST_BYTES = 1 << 22;
    private static final int DEEPEST = 1000;
    /** What a reader that does not mind puts where there is no UTF-8; it may also be meant. */
    private static final char REPLACEMENT = '\uFFFD';

    private static final JsonFactory FACTORY = factory(DEEPEST);
    private static final JsonFactory JOB_FACTORY = factory(DEEPEST + 1);
    private static final JsonFactory RECORD_FACTORY = factory(DEEPEST + 2);
    private static final int SHALLOW = 64;
    private static final JsonFactory SHALLOW_FACTORY = factory(SHALLOW);

    private Json() {}

    /** A number as it was written. */
    record Num(String digits) {}

    /** It is no JSON, or too large or too deep; the message says why in one line. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String reason) {
            super(reason);
        }
    }

    /**
     * @param bytes one JSON value in UTF-8, at most {@link #MOST_BYTES}
     * @throws MalformedException if they are not
     */
    static @Nullable Object read(byte[] bytes) throws MalformedException {
        return read(bytes, MOST_BYTES, FACTORY);
    }

    /** As {@link #read}, with a level more, so that what is in an object may itself be as deep as that. */
    static @Nullable Object readJob(byte[] bytes) throws MalformedException {
        return read(bytes, MOST_BYTES, JOB_FACTORY);
    }

    /** As {@link #readJob}, with another level more and of any length: what was written around a job is never refused. */
    static @Nullable Object readRecord(byte[] bytes) throws MalformedException {
        return read(bytes, Integer.MAX_VALUE, RECORD_FACTORY);
    }

    /** As {@link #read}, at most 64 levels deep. */
    static @Nullable Object readShallow(byte[] bytes) throws MalformedException {
        return read(bytes, MOST_BYTES, SHALLOW_FACTORY);
    }

    private static JsonFactory factory(int deepest) {
        return JsonFactory.builder()
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(deepest)
                        .maxNumberLength(MOST_BYTES)
                        .maxNameLength(MOST_BYTES)
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    private static @Nullable Object read(byte[] bytes, int most, JsonFactory factory) throws MalformedException {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text(bytes, most))) {
            if (parser.nextToken() == null) {
                throw new MalformedException("it is empty");
            }
            Object value = tree(parser);
            if (parser.nextToken() != null) {
                throw new MalformedException("something follows the JSON value");
            }
            return value;
        } catch (JacksonException e) {
            throw new MalformedException("no JSON: " + reason(e));
        }
    }

    private static String text(byte[] bytes, int most) throws MalformedException {
        if (bytes.length > most) {
            throw new MalformedException(bytes.length + " bytes, the limit is " + most);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("it is not UTF-8");
        }
    }

    /**
     * Without a frame for each level: a thousand of them are more than some stacks have room for. A key that comes twice keeps
     * its first place and its last value.
     */
    private static @Nullable Object tree(JsonParser parser) throws MalformedException {
        Object root = value(parser);
        Deque<Object> open = new ArrayDeque<>();
        if (holds(parser.currentToken())) {
            open.push(root);
        }
        while (!open.isEmpty()) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
                open.pop();
            } else if (token != JsonToken.PROPERTY_NAME) {
                Object value = value(parser);
                add(open.getFirst(), parser.currentName(), value);
                if (holds(token)) {
                    open.push(value);
                }
            }
        }
        return root;
    }

    private static boolean holds(JsonToken token) {
        return token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY;
    }

    @SuppressWarnings("unchecked") // What is open was made by value.
    private static void add(Object open, @Nullable String name, @Nullable Object value) {
        if (open instanceof Map<?, ?> object) {
            ((Map<@Nullable String, @Nullable Object>) object).put(name, value);
        } else {
            ((List<@Nullable Object>) open).add(value);
        }
    }

    /** Of an object or array only that it is one. */
    private static @Nullable Object value(JsonParser parser) throws MalformedException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> new LinkedHashMap<String, @Nullable Object>();
            case START_ARRAY -> new ArrayList<@Nullable Object>();
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Num(parser.getString());
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> throw new MalformedException("no JSON: unexpected " + token);
        };
    }

    private static String reason(JacksonException e) {
        String message = e.getOriginalMessage();
        int end = message.indexOf('\n');
        return (end < 0 ? message : message.substring(0, end)).replaceAll("[^\\x20-\\x7E]", "?");
    }
}
