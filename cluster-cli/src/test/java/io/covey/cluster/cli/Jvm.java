package io.covey.cluster.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A main class of this test's class path in a process of its own, small and quick to start. */
public final class Jvm {

    private Jvm() {}

    /**
     * The command line, to which arguments may be added.
     *
     * @param options of the virtual machine besides
     */
    public static List<String> command(Class<?> main, String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }
}
