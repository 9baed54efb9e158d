package io.covey.cluster.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogEventsTest {
    private static final Path ROOT = Path.of(System.getProperty("covey.test.root"));
    private static final Pattern LOGGED =
            Pattern.compile("at(Info|Warn|Error)\\(\\)\\s*\\.addKeyValue\\(\"event\", \"([a-z.]+)\"\\)");
    private static final Pattern TOLD =
            Pattern.compile("^\\| `([a-z.]+)` \\| (info|warn|error) \\|", Pattern.MULTILINE);

    @Test
    void theGuideListsEveryEventThatIsLoggedWithItsLevel() throws IOException {
        Set<String> logged = new TreeSet<>();
        for (String module : new String[] {"cluster-core", "cluster-rpc", "cluster-tasks", "cluster-redis"}) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(file -> logged.addAll(events(file)));
            }
        }
        Set<String> told = new TreeSet<>();
        Matcher row = TOLD.matcher(Files.readString(ROOT.resolve("docs/observability.md")));
        while (row.find()) {
            told.add(row.group(1) + " " + row.group(2));
        }
        assertThat(logged).isNotEmpty().isEqualTo(told);
    }

    private static Set<String> events(Path file) {
        Set<String> found = new TreeSet<>();
        try {
            Matcher event = LOGGED.matcher(Files.readString(file));
            while (event.find()) {
                found.add(event.group(2) + " " + event.group(1).toLowerCase(Locale.ROOT));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
