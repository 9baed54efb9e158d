package io.covey.cluster.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another process, mostly a JVM with a class path of its own, which is asked by its standard input and answers by its standard output. */
final class Child implements AutoCloseable {
    private static final String MARK = "# ";

    private final Process process;
    private final PrintStream to;
    private final BufferedReader from;

    private final String greeting;

    /** Starts it and waits for its first answer. */
    Child(String classPath, Class<?> main, List<String> args) throws IOException {
        this(java(classPath, main, args));
    }

    /** Starts a program that asks and answers in the same way, and waits for its first answer. */
    Child(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        from = process.inputReader(StandardCharsets.UTF_8);
        greeting = hear();
    }

    /** The command of a JVM. */
    static List<String> java(String classPath, Class<?> main, List<String> args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                classPath,
                main.getName()));
        command.addAll(args);
        return command;
    }

    /** Its first answer. */
    String greeting() {
        return greeting;
    }

    String ask(String line) throws IOException {
        say(line);
        return hear();
    }

    void say(String line) {
        to.println(line);
    }

    /** The next answer; everything else that it prints is dropped. */
    String hear() throws IOException {
        String line;
        while ((line = from.readLine()) != null) {
            if (line.startsWith(MARK)) {
                return line.substring(MARK.length());
            }
        }
        throw new IOException("The process of a contestant ended");
    }

    /** For the child: an answer. */
    static void answer(String line) {
        System.out.println(MARK + line);
        System.out.flush();
    }

    @Override
    public void close() {
        to.close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
