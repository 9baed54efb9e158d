package io.covey.cluster.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GuideTest {
    private static final Path ROOT = Path.of(System.getProperty("covey.test.root"));
    private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void theCodeOfTheGuideToTransportsIsTheCodeOfTheFiles() throws IOException {
        String sources = sources();
        assertThat(blocks("docs/writing-a-transport.md"))
                .hasSizeGreaterThan(8)
                .allSatisfy(block -> assertThat(sources.contains(block))
                        .as("is in a file:%n%s", block)
                        .isTrue());
    }

    /** Which stands there without the indentation that it has in a class, and perhaps with aligned comments. */
    @ParameterizedTest
    @CsvSource({
        "docs/tasks.md, 20",
        "docs/cache.md, 6",
        "docs/locks.md, 5",
        "docs/members.md, 4",
        "docs/rooms.md, 6",
        "docs/rpc.md, 12",
        "docs/pubsub.md, 7",
        "docs/security.md, 2",
        "docs/moving-from-actionhero.md, 5"
    })
    void theCodeOfTheGuideCompiles(String guide, int least) throws IOException {
        String sources = withoutIndentation(sources());
        assertThat(blocks(guide))
                .hasSizeGreaterThan(least)
                .allSatisfy(block -> assertThat(sources.contains(withoutIndentation(block)))
                        .as("is in a file:%n%s", block)
                        .isTrue());
    }

    private static List<String> blocks(String guide) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher code = CODE.matcher(Files.readString(ROOT.resolve(guide)));
        while (code.find()) {
            blocks.add(code.group(1).stripTrailing());
        }
        return blocks;
    }

    private static String withoutIndentation(String code) {
        return code.lines().map(line -> line.strip().replaceAll(" +", " ")).collect(Collectors.joining("\n"));
    }

    private static String sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("examples/src"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(GuideTest::read)
                    .collect(Collectors.joining("\n"));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
