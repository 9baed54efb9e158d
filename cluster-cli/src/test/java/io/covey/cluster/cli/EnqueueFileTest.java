package io.covey.cluster.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.embedded.RedisServer;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many tasks from a file: in little memory, each once, and a bad line is said by its number. */
class EnqueueFileTest {
    private static final int SMALL = 20_000;
    private static final int FULL = 1_000_000;
    private static final int PATIENCE_SECONDS = 600;
    private static final int FLOOR = 5_000;

    @TempDir
    Path folder;

    private static String waiting(RedisServer server) {
        return Shell.run("tasks", "--queue=mail", "--state=waiting", "--limit=1", "--json", "--uri=" + server.uri())
                .out();
    }

    /** Lines with ids, a bad one in the middle. */
    private Path lines(int count) throws IOException {
        Path file = folder.resolve("tasks.jsonl");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 1; i <= count; i++) {
                out.write(
                        i == count / 2
                                ? "{\"type\":\"greet\",\"args\":["
                                : "{\"type\":\"greet\",\"args\":[" + i + ",\"ada\"],\"id\":\"id-" + i + "\"}");
                out.write('\n');
            }
        }
        return file;
    }

    /** The command with little memory; what it prints goes to a file. */
    private Process start(RedisServer server, Path lines, String out) throws IOException {
        List<String> command = Jvm.command(Main.class, "-Xmx64m");
        command.addAll(List.of("enqueue", "--queue=mail", "--file=" + lines, "--uri=" + server.uri()));
        return new ProcessBuilder(command)
                .redirectOutput(folder.resolve(out).toFile())
                .redirectError(folder.resolve(out + ".err").toFile())
                .start();
    }

    /** How many lines begin with which word. */
    private Map<String, Integer> words(String out) throws IOException {
        Map<String, Integer> words = new HashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(folder.resolve(out))) {
            String line;
            while ((line = lines.readLine()) != null) {
                words.merge(line.split(" ", 2)[0], 1, Integer::sum);
            }
        }
        return words;
    }

    @Test
    void badLinesAreRefusedByTheirNumbersWhateverIsWrongWithThem() throws IOException {
        Path file = folder.resolve("bad.jsonl");
        Files.write(file, "{\"type\":\"a\",\"id\":17}\r\n".getBytes(UTF_8));
        for (byte[] line : List.of(
                "{\"type\":\"a\u001b[2J\"}".getBytes(UTF_8),
                RawRedis.bytes("{\"type\":\"\u00ff\"}"),
                ("{\"type\":\"" + "n".repeat(9 << 20) + "\"}").getBytes(UTF_8),
                "\n".getBytes(UTF_8),
                "{\"type\":\"a\",\"queue\":\"no queue\"}".getBytes(UTF_8),
                "{\"type\":\"a\",\"at\":\"noon\"}".getBytes(UTF_8),
                "{\"type\":\"a\",\"in\":\"soon\"}".getBytes(UTF_8),
                "{\"type\":{}}".getBytes(UTF_8),
                "{\"type\":\"b\",\"queue\":\"other\"}".getBytes(UTF_8))) {
            Files.write(file, line, java.nio.file.StandardOpenOption.APPEND);
            Files.write(file, "\n".getBytes(UTF_8), java.nio.file.StandardOpenOption.APPEND);
        }
        try (RedisServer server = RedisServer.start()) {
            Shell.Run run = Shell.run("enqueue", "--queue=mail", "--file=" + file, "--uri=" + server.uri());
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out().lines())
                    .allSatisfy(line -> assertThat(line).hasSizeLessThan(300).doesNotContain("\u001b"))
                    .anyMatch(line -> line.equals("OK 17"))
                    .anyMatch(line -> line.startsWith("REFUSED line 2: "))
                    .anyMatch(line -> line.equals("REFUSED line 3: it is no UTF-8"))
                    .anyMatch(line -> line.matches("REFUSED line 4: it has 94[0-9]+ bytes, the limit is 8388608"))
                    .anyMatch(line -> line.startsWith("REFUSED line 7: "))
                    .anyMatch(line -> line.startsWith("REFUSED line 8: a time is "))
                    .anyMatch(line -> line.startsWith("REFUSED line 9: a duration is "))
                    .anyMatch(line -> line.startsWith("REFUSED line 10: type must be a string"))
                    .filteredOn(line -> line.startsWith("OK "))
                    .hasSize(2);
            assertThat(run.err()).isEqualTo("cluster enqueue: 2 added, 0 known already, 7 refused or unconfirmed\n");
        }
    }

    @Test
    void linesAreReadWhateverTheirEndsAre() throws IOException {
        try (LineReader lines = new LineReader(new ByteArrayInputStream("a\r\n\nb\n€\nlast".getBytes(UTF_8)), 4)) {
            List<String> read = new ArrayList<>();
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                read.add(line.text() + line.bad());
            }
            assertThat(read).containsExactly("a", "", "b", "€", "last");
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(ints = {SMALL, FULL})
    void aLargeFileGoesInInLittleMemoryAndABadLineIsSaidByItsNumber(int count) throws Exception {
        Path lines = lines(count);
        try (RedisServer server = RedisServer.start()) {
            long from = System.nanoTime();
            Process process = start(server, lines, "out");
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            double seconds = (System.nanoTime() - from) / 1e9;
            System.out.printf(
                    "enqueue --file: %d lines in %.1f s, %.0f a second, -Xmx64m%n", count, seconds, count / seconds);
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(words("out")).isEqualTo(Map.of("OK", count - 1, "REFUSED", 1));
            try (var out = Files.lines(folder.resolve("out"))) {
                assertThat(out.filter(line -> line.startsWith("REFUSED")))
                        .singleElement()
                        .asString()
                        .startsWith("REFUSED line " + count / 2 + ": it is no JSON");
            }
            assertThat(waiting(server)).contains("\"waiting\":" + (count - 1));
            if (count == FULL) {
                assertThat(count / seconds).isGreaterThan(FLOOR);
            }
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(ints = {SMALL, FULL / 4})
    void whatIsInterruptedAndRunAgainAddsNothingTwice(int count) throws Exception {
        Path lines = lines(count);
        try (RedisServer server = RedisServer.start()) {
            Process first = start(server, lines, "first");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> Files.size(folder.resolve("first")) > 4L * count);
            new ProcessBuilder("kill", "-INT", Long.toString(first.pid()))
                    .start()
                    .waitFor();
            assertThat(first.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(first.exitValue()).isEqualTo(1);
            assertThat(Files.readString(folder.resolve("first.err"))).contains("interrupted: ", " added");
            int added = words("first").get("OK");
            assertThat(added).isBetween(1, count - 2);
            assertThat(waiting(server)).as("what was said is what was added").contains("\"waiting\":" + added);

            Process second = start(server, lines, "second");
            assertThat(second.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(words("second")).isEqualTo(Map.of("DUPLICATE", added, "OK", count - 1 - added, "REFUSED", 1));
            assertThat(waiting(server)).contains("\"waiting\":" + (count - 1));
        }
    }
}
