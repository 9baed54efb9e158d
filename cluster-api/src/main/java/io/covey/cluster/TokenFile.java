package io.covey.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of server tokens, one a line: the first signs, all are accepted. Empty lines and lines that begin with
 * {@code #} are passed over.
 *
 * @param path where it is
 */
public record TokenFile(Path path) {
    private static final int LONGEST = 64 << 10;

    /**
     * Reads the tokens.
     *
     * @return at least one, the one that signs first
     * @throws UncheckedIOException if the file cannot be read
     * @throws IllegalArgumentException if there is no token in it, more than {@link Security#MOST_TOKENS}, or one that is
     *     too weak; the message names file and line and tells no token
     */
    public List<Secret> read() {
        List<Secret> tokens = new ArrayList<>();
        int number = 0;
        for (String line : text().split("\n", -1)) {
            number++;
            String token = line.strip();
            if (!token.isEmpty() && !token.startsWith("#")) {
                tokens.add(Secret.of(token, "The server token in line " + number + " of " + path, "that line"));
            }
        }
        if (tokens.isEmpty()) {
            throw new IllegalArgumentException("There is no server token in " + path + ", the file of "
                    + ClusterConfig.TOKEN_FILE_VARIABLE + " or of the settings: write one of at least 16 random bytes");
        }
        return Security.checked(tokens);
    }

    private String text() {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                throw new IllegalArgumentException(
                        "The token file " + path + " has over " + LONGEST + " bytes, the most; none of it was used");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The token file " + path + " cannot be read: " + e, e);
        }
    }
}
