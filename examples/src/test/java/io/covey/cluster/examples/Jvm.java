package io.covey.cluster.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A main class of this test's class path in a process of its own, small and quick to start. */
public final class Jvm {

    private Jvm() {}

    /** Not started yet; what it says on standard error is seen here. */
    public static ProcessBuilder process(Class<?> main, String... args) {
        return process(List.of(), main, args);
    }

    /** With options of the virtual machine besides. */
    public static ProcessBuilder process(List<String> options, Class<?> main, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }
}
