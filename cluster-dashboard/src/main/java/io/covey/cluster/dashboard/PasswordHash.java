package io.covey.cluster.dashboard;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password as it is kept: PBKDF2 with a salt of its own. Comparing takes a good tenth of a second of a processor, and the
 * same time whatever is compared.
 */
public final class PasswordHash {
    private static final String PREFIX = "pbkdf2-sha512";
    private static final int ROUNDS = 210_000;
    private static final int FEWEST_ROUNDS = 100_000;
    private static final int MOST_ROUNDS = 5_000_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 256;
    private static final int SHORTEST = 10;
    private static final int LONGEST = 1000;
    private static final int FEWEST_CHARACTERS = 4;
    private static final Pattern TEXT =
            Pattern.compile(PREFIX + ":([0-9]{6,7}):([A-Za-z0-9_-]{22}):([A-Za-z0-9_-]{43})");
    /** Of these the samples are made that people forget to change. */
    private static final Pattern SAMPLES = Pattern.compile(
            "changeme|change|replaceme|default|example|sample|secret|password|passwd|dashboard|cluster|covey"
                    + "|admin|operator|viewer|letmein|welcome|qwertyuiop|qwerty|0123456789|1234567890|123456789|12345678"
                    + "|[\\p{Punct}\\s]");

    private final int rounds;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordHash(int rounds, byte[] salt, byte[] hash) {
        this.rounds = rounds;
        this.salt = salt;
        this.hash = hash;
    }

    /**
     * Hashes a password.
     *
     * @param password 10 to 1,000 characters, not a well-known default
     * @return its hash, each time another
     * @throws IllegalArgumentException if it is too weak; the message does not tell it
     */
    public static PasswordHash of(String password) {
        if (password.length() < SHORTEST || password.length() > LONGEST) {
            throw new IllegalArgumentException("A password of the dashboard must have " + SHORTEST + " to " + LONGEST
                    + " characters, had " + password.length());
        }
        String rest = SAMPLES.matcher(password.toLowerCase(Locale.ROOT)).replaceAll("");
        if (rest.chars().distinct().count() < FEWEST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "A password of the dashboard is a well-known default or easily guessed: take a long random one");
        }
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new PasswordHash(ROUNDS, salt, derive(password, salt, ROUNDS));
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @param text from a file
     * @return the hash
     * @throws IllegalArgumentException if it is none; the message does not tell the text
     */
    public static PasswordHash parse(String text) {
        Matcher found = TEXT.matcher(text);
        if (!found.matches()) {
            throw new IllegalArgumentException("no hash of a password: it looks like " + PREFIX + ":ROUNDS:SALT:HASH");
        }
        int rounds = Integer.parseInt(found.group(1));
        if (rounds < FEWEST_ROUNDS || rounds > MOST_ROUNDS) {
            throw new IllegalArgumentException(
                    "a hash of a password has " + FEWEST_ROUNDS + " to " + MOST_ROUNDS + " rounds, this one " + rounds);
        }
        Base64.Decoder decoder = Base64.getUrlDecoder();
        return new PasswordHash(rounds, decoder.decode(found.group(2)), decoder.decode(found.group(3)));
    }

    /** Whether a text is meant to be a hash and not a password. */
    static boolean isText(String text) {
        return text.startsWith(PREFIX + ":");
    }

    /**
     * Whether a password is this one.
     *
     * @param password what somebody typed
     * @return whether it is
     */
    public boolean matches(String password) {
        String tried = password.length() > LONGEST ? "" : password;
        return MessageDigest.isEqual(hash, derive(tried, salt, rounds));
    }

    private static byte[] derive(String password, byte[] salt, int rounds) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, rounds, HASH_BITS);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This runtime has no PBKDF2WithHmacSHA512", e);
        } finally {
            spec.clearPassword();
        }
    }

    /**
     * As it is written into a file of users.
     *
     * @return {@code pbkdf2-sha512:ROUNDS:SALT:HASH}
     */
    public String text() {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return PREFIX + ":" + rounds + ":" + encoder.encodeToString(salt) + ":" + encoder.encodeToString(hash);
    }

    /** Three stars. */
    @Override
    public String toString() {
        return "***";
    }
}
