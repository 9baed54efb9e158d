package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code cluster start --json} in a process of its own, and what it says. */
public final class StartedCommand implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Process process;
    private final Path log;
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private StartedCommand(Process process, Path log) {
        this.process = process;
        this.log = log;
        reader = new Thread(this::read, "test-start");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts it; what its processes print goes to the log. */
    public static StartedCommand of(Path log, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp"));
        command.addAll(List.of(System.getProperty("java.class.path"), Main.class.getName(), "start", "--json"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        // As bin/cluster does.
        builder.environment().put("_JAVA_SR_SIGNUM", "40");
        builder.environment().putAll(environment);
        try {
            return new StartedCommand(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            String line;
            while ((line = lines.readLine()) != null) {
                events.add(JSON.readTree(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The events of a name so far. */
    public List<JsonNode> events(String name) {
        return events.stream()
                .filter(event -> event.path("event").asString().equals(name))
                .toList();
    }

    /** Waits until there were so many events of a name, and answers the last of them. */
    public JsonNode until(String name, int count) {
        await().atMost(PATIENCE).until(() -> events(name).size() >= count || !process.isAlive() && !reader.isAlive());
        assertThat(events(name).size()).as("%s of %s; %s", name, events, log()).isGreaterThanOrEqualTo(count);
        return events(name).get(count - 1);
    }

    /** What the processes printed. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The processes that were started and have not ended, by their names; in the order in which they were started. */
    public List<Child> children() {
        return events("started").stream()
                .map(event -> new Child(
                        event.path("child").asString(), event.path("pid").asLong()))
                .filter(child -> child.process().isPresent())
                .toList();
    }

    /** A process of it. */
    public record Child(String name, long pid) {
        /** Empty if it has ended. */
        public Optional<ProcessHandle> process() {
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Sends a signal by its name. */
    public void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status).isZero();
    }

    /** SIGHUP, or what does the same where that is ignored, as below {@code nohup}. */
    public void signalRestart() throws IOException, InterruptedException {
        signal(ignoresHup() ? "USR2" : "HUP");
    }

    private boolean ignoresHup() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> Long.parseUnsignedLong(
                                        line.substring(line.indexOf(':') + 1).strip(), 16)
                                % 2
                        != 0);
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Waits until it has ended, and answers how. */
    public int status() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
                .as("it ends")
                .isTrue();
        reader.join();
        return process.exitValue();
    }

    @Override
    public void close() {
        Stream<ProcessHandle> children = children().stream().map(Child::process).flatMap(Optional::stream);
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }
}
