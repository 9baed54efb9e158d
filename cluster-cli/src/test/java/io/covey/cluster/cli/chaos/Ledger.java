package io.covey.cluster.cli.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What all processes wrote down, a file each; read as it stands. */
final class Ledger {
    private static final String SUFFIX = ".ledger";

    private final Path folder;

    Ledger(Path folder) {
        this.folder = folder;
    }

    /** One run of a task by one process; times in milliseconds since 1970. */
    record Run(int task, String process, long fence, long started, OptionalLong done) {}

    /** Where a process writes; no two processes have the same name. */
    Path file(String process) {
        return folder.resolve(process + SUFFIX);
    }

    /** The runs of each task in the order in which they started. */
    Map<Integer, List<Run>> runs() {
        Map<Integer, List<Run>> runs = new HashMap<>();
        for (Path file : files()) {
            String name = file.getFileName().toString();
            read(file, name.substring(0, name.length() - SUFFIX.length()))
                    .forEach(run -> runs.computeIfAbsent(run.task(), task -> new ArrayList<>())
                            .add(run));
        }
        runs.values().forEach(list -> list.sort(Comparator.comparingLong(Run::started)));
        return runs;
    }

    /** How many tasks started at least once. */
    int started() {
        return runs().size();
    }

    /** How many tasks were done at least once. */
    long done() {
        return runs().values().stream()
                .filter(list -> list.stream().anyMatch(run -> run.done().isPresent()))
                .count();
    }

    /** What a process has started. */
    List<Run> runs(String process) {
        return read(file(process), process);
    }

    /** How many runs a process has started and not done. */
    long inHand(String process) {
        return runs(process).stream().filter(run -> run.done().isEmpty()).count();
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Run> read(Path file, String process) {
        Map<String, Run> runs = new HashMap<>();
        for (String line : lines(file)) {
            String[] words = line.split(" ");
            int task = Integer.parseInt(words[1]);
            long fence = Long.parseLong(words[2]);
            long at = Long.parseLong(words[3]);
            String key = words[1] + " " + words[2];
            Run run = words[0].equals(LedgerFile.STARTED)
                    ? new Run(task, process, fence, at, OptionalLong.empty())
                    : new Run(task, process, fence, runs.get(key).started(), OptionalLong.of(at));
            Run before = runs.put(key, run);
            if (before != null && words[0].equals(LedgerFile.STARTED)) {
                throw new IllegalStateException("Task " + task + " started twice under fence " + fence);
            }
        }
        return List.copyOf(runs.values());
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
