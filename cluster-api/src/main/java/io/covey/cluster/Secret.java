package io.covey.cluster;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** A server token: what nodes sign their messages with. Never printed. Two of the same token are equal. */
public final class Secret {
    private static final int SHORTEST = 16;
    private static final int FEWEST_CHARACTERS = 4;
    /** Of these the samples are made that people forget to change. */
    private static final Pattern SAMPLES = Pattern.compile(
            "changeme|change|replaceme|default|example|sample|secret|"
                    + "password|passwd|token|server|cluster|covey|actionhero|admin|0123456789|123456789|12345678|[\\p{Punct}\\s]");

    private final byte[] value;

    private Secret(byte[] value) {
        this.value = value;
    }

    /**
     * Wraps a token.
     *
     * @param token at least 16 bytes of UTF-8, not a well-known default
     * @return the secret
     * @throws IllegalArgumentException if it is too weak; the message does not tell the token
     */
    public static Secret of(String token) {
        return of(token, "The server token", ClusterConfig.TOKEN_VARIABLE);
    }

    /**
     * Wraps a token of some place.
     *
     * @param token the token
     * @param what what it is, for the message
     * @param setting where it was set, for the message
     * @return the secret
     * @throws IllegalArgumentException if it is too weak; the message does not tell the token
     */
    static Secret of(String token, String what, String setting) {
        byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < SHORTEST) {
            throw new IllegalArgumentException(what + " must have at least " + SHORTEST + " bytes, had " + bytes.length
                    + ": set " + setting + " to a long random value");
        }
        String rest = SAMPLES.matcher(token.toLowerCase(Locale.ROOT)).replaceAll("");
        if (rest.chars().distinct().count() < FEWEST_CHARACTERS) {
            throw new IllegalArgumentException(
                    what + " is a well-known default or easily guessed: set " + setting + " to a long random value");
        }
        return new Secret(bytes);
    }

    /**
     * The token itself, to derive keys from.
     *
     * @return its UTF-8 bytes, a copy
     */
    public byte[] bytes() {
        return value.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(value, secret.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    /** Three stars. */
    @Override
    public String toString() {
        return "***";
    }
}
