package io.covey.cluster.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The other end of a {@link Corner}. */
final class Player implements AutoCloseable {
    private static final String MARK = "# ";

    /**
     * Who plays.
     *
     * @param name as in the table
     * @param type the contestant's class
     * @param variant what it is told
     * @param classPath what its process runs with
     * @param foreign whether it takes what another producer pushes in the bytes of resque
     * @param share the part of the tasks it is given, 1 unless it is slow
     */
    record Entry(String name, String type, String variant, String classPath, boolean foreign, double share) {}

    /**
     * What came of one call.
     *
     * @param nanos how long it took
     * @param cpuMicros CPU time of the process
     * @param p50 of the latencies, if they were asked for
     * @param p99 likewise
     */
    record Played(long nanos, double cpuMicros, long p50, long p99) {}

    private final Process process;
    private final PrintStream to;
    private final BufferedReader from;

    Player(Entry entry, int port) throws IOException {
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        entry.classPath(),
                        Corner.class.getName(),
                        entry.type(),
                        Integer.toString(port),
                        entry.variant()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        from = process.inputReader(StandardCharsets.UTF_8);
        hear();
    }

    Played play(String what, int count) throws IOException {
        return play(what, count, () -> {});
    }

    /** @param meanwhile what is done once it listens */
    Played play(String what, int count, Runnable meanwhile) throws IOException {
        to.println(what + " " + count);
        String line = hear();
        if (line.equals("listening")) {
            meanwhile.run();
            line = hear();
        }
        String[] words = line.split(" ");
        boolean timed = words.length > 4;
        return new Played(
                Long.parseLong(words[1]),
                Double.parseDouble(words[2]),
                timed ? Long.parseLong(words[3]) : 0,
                timed ? Long.parseLong(words[4]) : 0);
    }

    private String hear() throws IOException {
        String line;
        while ((line = from.readLine()) != null) {
            if (line.startsWith(MARK)) {
                return line.substring(MARK.length());
            }
        }
        throw new IOException("The process of a contestant ended");
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
