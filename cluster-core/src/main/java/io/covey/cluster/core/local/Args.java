package io.covey.cluster.core.local;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** The arguments of tasks: a JSON array, within the limits that other backends have too. */
final class Args {
    private static final int MOST_BYTES = 1 << 22;
    private static final int DEEPEST = 1000;
    private static final int LONG_NUMBER = 64;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(MOST_BYTES)
                    .maxNameLength(MOST_BYTES)
                    .build())
            .build();

    private Args() {}

    /**
     * Refuses what no backend would take.
     *
     * @return the {@link #canonical} text
     * @throws IllegalArgumentException if the arguments are no JSON array, or too large or too deep
     */
    static String check(String queue, String type, byte[] args) {
        try {
            return canonical(args);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Task " + type + " for queue " + queue + ": " + e.getMessage(), e);
        }
    }

    /** Whether both mean the same. */
    static boolean alike(byte[] one, byte[] other) {
        return Arrays.equals(one, other) || canonical(one).equals(canonical(other));
    }

    /**
     * The same text for arguments that mean the same: without white space, numbers in one form.
     *
     * @throws IllegalArgumentException if it is no JSON array, or too large or too deep
     */
    static String canonical(byte[] args) {
        if (args.length > MOST_BYTES) {
            throw refused(args.length + " bytes, the limit is " + MOST_BYTES);
        }
        StringBuilder out = new StringBuilder(args.length);
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text(args))) {
            int depth = 0;
            do {
                JsonToken token = parser.nextToken();
                if (token == null || depth == 0 && token != JsonToken.START_ARRAY) {
                    throw refused("they must be a JSON array");
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                write(parser, token, out);
            } while (depth > 0);
            if (parser.nextToken() != null) {
                throw refused("something follows the JSON array");
            }
        } catch (JacksonException e) {
            throw refused("no JSON: "
                    + e.getOriginalMessage().lines().findFirst().orElse("").replaceAll("[^\\x20-\\x7E]", "?"));
        }
        return out.toString();
    }

    private static void write(JsonParser parser, JsonToken token, StringBuilder out) {
        switch (token) {
            case PROPERTY_NAME, VALUE_STRING -> {
                String text = parser.getString();
                // the length tells where the text ends, whatever it holds
                out.append(token == JsonToken.PROPERTY_NAME ? 'n' : 's')
                        .append(text.length())
                        .append('"')
                        .append(text);
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> out.append(number(parser.getString()));
            default -> out.append(token.asString());
        }
        out.append(',');
    }

    private static String number(String digits) {
        if (digits.length() > LONG_NUMBER) {
            return digits;
        }
        try {
            return new BigDecimal(digits).stripTrailingZeros().toString();
        } catch (NumberFormatException e) {
            return digits;
        }
    }

    private static String text(byte[] args) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(args))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refused("they are not UTF-8");
        }
    }

    private static IllegalArgumentException refused(String reason) {
        return new IllegalArgumentException("Its arguments are refused: " + reason);
    }
}
