package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code docs/cli.md} is the reference: it has a part for each command, with each of its options. */
class ReferenceTest {
    private static final String COMMON = "Every command";

    /** The commands that do something, not those that only have others below them. */
    private static List<CommandSpec> commands() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        List<CommandSpec> commands = new ArrayList<>();
        add(Main.command(nowhere, nowhere, name -> null), commands);
        return commands;
    }

    private static void add(CommandLine command, List<CommandSpec> commands) {
        if (command.getSubcommands().isEmpty()) {
            commands.add(command.getCommandSpec());
        }
        command.getSubcommands().values().forEach(below -> add(below, commands));
    }

    /** The parts of the page, by heading. */
    private static Map<String, String> parts() throws IOException {
        Map<String, String> parts = new LinkedHashMap<>();
        String heading = "";
        for (String line : Files.readAllLines(Path.of("..", "docs", "cli.md"))) {
            if (line.startsWith("#")) {
                heading = line.replaceFirst("#+ ", "").replace("`", "");
                parts.put(heading, "");
            } else {
                parts.merge(heading, line + "\n", String::concat);
            }
        }
        return parts;
    }

    @Test
    void everyCommandHasItsPartAndEveryOptionItsPlaceInIt() throws IOException {
        Map<String, String> parts = parts();
        String common = parts.get(COMMON);
        List<String> missing = new ArrayList<>();
        for (CommandSpec command : commands()) {
            String name = command.qualifiedName().replaceFirst("cluster ", "");
            String part = parts.get(name);
            if (part == null) {
                missing.add("### `" + name + "`");
                continue;
            }
            for (OptionSpec option : command.options()) {
                String asTyped = option.longestName();
                if (!option.hidden() && !common.contains("`" + asTyped) && !part.contains(asTyped)) {
                    missing.add(name + " " + asTyped);
                }
            }
        }
        assertThat(missing).as("what docs/cli.md does not say").isEmpty();
    }

    @Test
    void thePageHasNoCommandThatIsGone() throws IOException {
        List<String> known = commands().stream()
                .map(command -> command.qualifiedName().replaceFirst("cluster ", ""))
                .toList();
        try (var lines = Files.lines(Path.of("..", "docs", "cli.md"))) {
            assertThat(lines.filter(line -> line.startsWith("### `"))
                            .map(line -> line.replaceAll("[#` ]*([^`]*)`", "$1")))
                    .isSubsetOf(known);
        }
    }

    @Test
    void optionsThatAreNotTakenFromTheEnvironmentAreNamedAsSuch() throws IOException {
        String common = parts().get(COMMON);
        for (CommandSpec command : commands()) {
            for (OptionSpec option : command.options()) {
                if (!option.hidden() && Environment.variable(option).isEmpty()) {
                    assertThat(common).contains("`" + option.longestName() + "`");
                }
            }
        }
    }

    @Test
    void eachCommandExplainsItself() {
        for (CommandSpec command : commands()) {
            List<String> words = new ArrayList<>(List.of(command.qualifiedName().split(" ")));
            words.remove(0);
            words.add("--help");
            Shell.Run run = Shell.run(words.toArray(String[]::new));
            assertThat(run.status()).as(words.toString()).isZero();
            assertThat(run.out()).contains("Usage: " + command.qualifiedName());
        }
    }
}
