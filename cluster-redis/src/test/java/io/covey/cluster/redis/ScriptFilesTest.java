package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.embedded.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be seen of a script without running it. */
final class ScriptFilesTest {
    private static final Path FOLDER = Path.of("src/main/resources/io/covey/cluster/redis");
    private static final Pattern CALL = Pattern.compile("redis\\.p?call\\(\\s*([^,)]+)(?:,\\s*([^,)]+))?");
    private static final Set<String> WITHOUT_KEY = Set.of("TIME", "PUBLISH", "SPUBLISH");
    private static final Set<String> NEVER = Set.of(
            "KEYS", "SCAN", "FLUSHALL", "FLUSHDB", "CONFIG", "INFO", "DEBUG", "MONITOR", "EVAL", "SCRIPT", "SELECT");

    static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".lua"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void aScriptBeginsWithWhatItDoesItsKeysArgumentsAndReply(Path file) throws IOException {
        List<String> header = Files.readAllLines(file).stream()
                .takeWhile(line -> line.startsWith("--"))
                .toList();
        assertThat(header).hasSizeGreaterThanOrEqualTo(4);
        assertThat(header.get(0)).matches("-- [A-Z].*");
        assertThat(header).anyMatch(line -> line.startsWith("-- KEYS "));
        assertThat(header).anyMatch(line -> line.startsWith("-- ARGV "));
        assertThat(header).anyMatch(line -> line.startsWith("-- Reply:"));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void aScriptTouchesOnlyItsKeys(Path file) throws IOException {
        String body = Files.readString(file);
        Set<String> aliases = Pattern.compile("local (\\w+) = KEYS\\[")
                .matcher(body)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        Matcher call = CALL.matcher(body);
        while (call.find()) {
            String name = call.group(1).replace("'", "");
            // A helper that is given the command is given the key with it, checked where it is called.
            boolean helper = name.equals("cmd");
            if (!helper && !WITHOUT_KEY.contains(name)) {
                String key = call.group(2);
                assertThat(key).as("key of %s", call.group()).isNotNull();
                assertThat(key.startsWith("KEYS[") || aliases.contains(key))
                        .as("%s touches one of KEYS", call.group())
                        .isTrue();
            }
            assertThat(NEVER).doesNotContain(name.toUpperCase(Locale.ROOT));
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void aScriptUsesNeitherTheClockOfLuaNorJson(Path file) throws IOException {
        assertThat(Files.readString(file)).doesNotContain("os.", "cjson", "cmsgpack", "loadstring", "math.random");
    }

    @Test
    void everyScriptCompiles() throws IOException {
        try (RedisServer server = RedisServer.start()) {
            for (Path file : scripts()) {
                assertThat(server.command("SCRIPT", "LOAD", Files.readString(file)))
                        .as("%s", file)
                        .matches("[0-9a-f]{40}");
            }
        }
    }
}
