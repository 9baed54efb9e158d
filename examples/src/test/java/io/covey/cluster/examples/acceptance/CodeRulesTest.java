package io.covey.cluster.examples.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What no code of ours does, whatever it is sent, and what the build holds still. */
final class CodeRulesTest {
    private static final Path ROOT = Path.of(System.getProperty("covey.test.root"));

    @Test
    void nothingIsMadeOfBytesButJsonProtobufTextAndBytesAndNoCertificateIsTrustedBlindly() throws IOException {
        Pattern never =
                Pattern.compile("ObjectInputStream|ObjectOutputStream|XMLDecoder|ScriptEngine|InitialContext|java\\.rmi"
                        + "|org\\.yaml|DefaultTyping|JsonTypeInfo|PolymorphicTypeValidator|loadClass\\(|TrustAll"
                        + "|checkServerTrusted");
        assertThat(sources(text -> never.matcher(text).find())).isEmpty();
    }

    /** Of names that are written there, or on the command line; benchmarks, which are told their rivals by name, left out. */
    @Test
    void classesAreLoadedByNameInKnownPlacesAlone() throws IOException {
        assertThat(sources(text -> text.contains("Class.forName(")))
                .isSubsetOf("TaskThreads.java", "Signals.java", "WorkerCommand.java");
    }

    @Test
    void versionsOfDependenciesAreNumbers() throws IOException {
        Map<Path, String> poms = files(3, "pom.xml");
        assertThat(poms).hasSizeGreaterThan(9);
        poms.forEach((pom, text) -> assertThat(Pattern.compile("ersion>([^<\\s]+)<")
                        .matcher(text)
                        .results()
                        .map(match -> match.group(1))
                        .filter(version -> !version.equals("[3.8.7,)") && !version.equals("[17,)")))
                .as(pom.toString())
                .allMatch(version -> version.matches("\\$\\{[\\w.-]+}|[0-9]+(\\.[\\w-]+)*"))
                .filteredOn(version -> version.contains("SNAPSHOT"))
                .allMatch("0.1.0-SNAPSHOT"::equals));
    }

    /** CVE-2024-7254: nested groups. */
    @Test
    void protobufIsNewEnough() throws IOException {
        String version =
                Files.readString(ROOT.resolve("pom.xml")).replaceAll("(?s).*<protobuf.version>([^<]*)<.*", "$1");
        assertThat(Runtime.Version.parse(version)).isGreaterThan(Runtime.Version.parse("4.28.1"));
    }

    private static Set<String> sources(Function<String, Boolean> has) throws IOException {
        Map<Path, String> sources = files(20, ".java");
        assertThat(sources).hasSizeGreaterThan(300);
        return sources.entrySet().stream()
                .filter(source -> has.apply(source.getValue()))
                .map(source -> source.getKey().getFileName().toString())
                .collect(Collectors.toSet());
    }

    private static Map<Path, String> files(int depth, String end) throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            List<Path> roots = modules.filter(module -> !module.endsWith("cluster-bench"))
                    .map(module -> end.equals(".java") ? module.resolve("src/main/java") : module)
                    .filter(Files::exists)
                    .toList();
            return roots.stream()
                    .flatMap(root -> find(root, depth, end))
                    .collect(Collectors.toMap(path -> path, CodeRulesTest::read));
        }
    }

    private static Stream<Path> find(Path root, int depth, String end) {
        try (Stream<Path> paths = Files.find(
                root,
                depth,
                (path, is) -> path.toString().endsWith(end) && !path.toString().contains("/target/"))) {
            return paths.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
