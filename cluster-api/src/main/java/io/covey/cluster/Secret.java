package io.covey.cluster;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The cluster's server token: what nodes sign their messages with. Never printed. */
public final class Secret {
    private static final int SHORTEST = 16;
    private static final Set<String> KNOWN = Set.of("change-me", "changemechangeme", "my-server-token");

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /**
     * Wraps a token.
     *
     * @param token at least 16 bytes of UTF-8, not a well-known default
     * @return the secret
     * @throws IllegalArgumentException if it is too weak
     */
    public static Secret of(String token) {
        int length = token.getBytes(StandardCharsets.UTF_8).length;
        if (length < SHORTEST) {
            throw new IllegalArgumentException("The server token must be at least " + SHORTEST + " bytes, was " + length
                    + ": set COVEY_TOKEN to a long random value");
        }
        if (KNOWN.contains(token) || token.chars().distinct().count() < 4) {
            throw new IllegalArgumentException(
                    "The server token is a well-known default: set COVEY_TOKEN to a long random value");
        }
        return new Secret(token);
    }

    /**
     * The token itself, to derive keys from.
     *
     * @return its UTF-8 bytes, a copy
     */
    public byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /** Three stars. */
    @Override
    public String toString() {
        return "***";
    }
}
