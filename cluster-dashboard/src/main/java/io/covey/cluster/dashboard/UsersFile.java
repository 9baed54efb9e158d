package io.covey.cluster.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Users in a file, one a line: name, role, password or its hash. */
record UsersFile(Path path) {
    private static final int LONGEST = 64 << 10;
    private static final int FIELDS = 3;

    /**
     * @throws IllegalArgumentException naming file and line, never a password
     */
    List<User> read() {
        List<User> users = new ArrayList<>();
        int number = 0;
        for (String line : text().split("\n", -1)) {
            number++;
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                users.add(user(text, number));
            }
        }
        if (users.isEmpty()) {
            throw new IllegalArgumentException(
                    "There is no user in " + path + ": write a line such as: ada operator A-LONG-PASSWORD");
        }
        return users;
    }

    private User user(String line, int number) {
        String[] fields = line.split("\\s+", FIELDS);
        if (fields.length < FIELDS) {
            throw new IllegalArgumentException(
                    "Line " + number + " of " + path + " has not the form: NAME viewer|operator PASSWORD-OR-HASH");
        }
        Role role;
        try {
            role = Role.valueOf(fields[1].toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The second word of line " + number + " of " + path + " must be viewer or operator", e);
        }
        try {
            String secret = fields[2];
            return new User(
                    fields[0],
                    role,
                    PasswordHash.isText(secret) ? PasswordHash.parse(secret) : PasswordHash.of(secret));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Line " + number + " of " + path + ": " + e.getMessage(), e);
        }
    }

    private String text() {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                throw new IllegalArgumentException(
                        "The file of users " + path + " has over " + LONGEST + " bytes, the most; none of it was used");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The file of users " + path + " cannot be read: " + e, e);
        }
    }
}
