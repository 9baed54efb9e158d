package io.covey.cluster.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** How much memory processes have, as the kernel counts it (RSS). */
final class Memory {
    private static final Path PROCESSES = Path.of("/proc");
    private static final String RESIDENT = "VmRSS:";
    private static final long KIB = 1024;

    private Memory() {}

    /** Whether this system tells. */
    static boolean isKnown() {
        return of(ProcessHandle.current().pid()).isPresent();
    }

    /** Of a process and all that it started, in bytes; empty if it has ended. */
    static OptionalLong ofTree(ProcessHandle process) {
        OptionalLong own = of(process.pid());
        if (own.isEmpty()) {
            return own;
        }
        try (Stream<ProcessHandle> started = process.descendants()) {
            return OptionalLong.of(own.getAsLong()
                    + started.mapToLong(each -> of(each.pid()).orElse(0)).sum());
        }
    }

    private static OptionalLong of(long pid) {
        try (Stream<String> lines =
                Files.lines(PROCESSES.resolve(Long.toString(pid)).resolve("status"))) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB)
                    .findFirst();
        } catch (IOException | java.io.UncheckedIOException e) {
            return OptionalLong.empty();
        }
    }
}
