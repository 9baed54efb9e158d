package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ScriptsTest {
    private static final Path FOLDER = Path.of("src/main/resources/io/covey/cluster/redis");

    @Test
    void everyFileIsAScriptOrAPartOfOne() throws IOException {
        Set<String> known = new TreeSet<>(Scripts.NAMES);
        Scripts.PARTS.forEach(known::addAll);
        try (Stream<Path> files = Files.walk(FOLDER)) {
            Set<String> there =
                    new TreeSet<>(files.map(file -> FOLDER.relativize(file).toString())
                            .filter(file -> file.endsWith(".lua"))
                            .map(file -> file.replaceFirst("\\.lua$", ""))
                            .toList());
            assertThat(there).isEqualTo(known);
        }
    }

    @Test
    void aScriptIsFoundByItsHashWhateverItBeginsWith() {
        assertThat(Scripts.name(Script.of("task/turn", "gaps", "task/lib").sha()))
                .contains("task/turn");
        assertThat(Scripts.name(
                        Script.of("directory-beat", "gaps", "directory-clock").sha()))
                .contains("directory-beat");
        assertThat(Scripts.name(Script.of("lock-acquire").sha())).contains("lock-acquire");
        assertThat(Scripts.name("0".repeat(40))).isEmpty();
    }
}
