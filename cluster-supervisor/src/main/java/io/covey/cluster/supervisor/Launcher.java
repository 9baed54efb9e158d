package io.covey.cluster.supervisor;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Starts processes. All by one thread that outlives them: the kernel takes the end of the thread that started a process for
 * the end of its parent.
 */
final class Launcher {
    private static final String SETSID = "setsid";
    private static final String SETPRIV = "setpriv";

    /** Those of the service manager are the supervisor's alone. */
    private static final List<String> PRIVATE = List.of(
            "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "MAINPID");

    private final Settings settings;
    private final Path folder;
    private final UserPrincipal owner;
    private final List<String> wrapper;
    private final boolean wantsPort;

    /** The folder is this user's alone. */
    Launcher(Settings settings, Path folder) throws IOException {
        this.settings = settings;
        this.folder = folder;
        this.owner = Files.getOwner(folder);
        this.wrapper = wrapper(settings.watching(), Launcher::present);
        this.wantsPort = settings.command().stream().anyMatch(Placeholders::wantPort)
                || settings.environment().values().stream().anyMatch(Placeholders::wantPort)
                || settings.readiness() instanceof Readiness.Http http && Placeholders.wantPort(http.url());
    }

    /** What cannot be had on this system, one sentence each. */
    List<String> limits() {
        List<String> limits = new ArrayList<>();
        if (!wrapper.contains(SETSID)) {
            limits.add("There is no setsid on this system: Ctrl-C in a terminal reaches the processes, too");
        }
        if (!settings.watching() && !wrapper.contains(SETPRIV)) {
            limits.add(
                    "There is no setpriv on this system: the processes live on if the supervisor is killed by SIGKILL,"
                            + " unless they take the end of their standard input for that");
        }
        return limits;
    }

    /** Both become the command, so that the process id stays the same. */
    static List<String> wrapper(boolean watching, Predicate<String> present) {
        List<String> wrapper = new ArrayList<>();
        if (present.test(SETSID)) {
            wrapper.add(SETSID);
        }
        if (!watching && present.test(SETPRIV)) {
            wrapper.addAll(List.of(SETPRIV, "--pdeathsig", "KILL", "--"));
        }
        return wrapper;
    }

    static boolean present(String program) {
        String path = System.getenv("PATH");
        if (path == null) {
            return false;
        }
        for (String each : path.split(File.pathSeparator)) {
            if (!each.isEmpty() && Files.isExecutable(Path.of(each, program))) {
                return true;
            }
        }
        return false;
    }

    /** @throws IOException if there is no such program, or it may not be run */
    Child start(int slot, int incarnation, Runnable wake) throws IOException {
        requireFolder();
        String name = settings.name() + "-" + slot + "." + incarnation;
        Placeholders own = new Placeholders(name, slot, wantsPort ? freePort() : 0);
        Path ready = folder.resolve(name + ".ready");
        Path live = folder.resolve(name + ".live");
        List<String> command = new ArrayList<>(wrapper);
        settings.command().forEach(word -> command.add(own.fill(word)));
        requireProgram(command.get(wrapper.size()));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        PRIVATE.forEach(environment::remove);
        settings.environment().forEach((key, value) -> environment.put(key, own.fill(value)));
        environment.put(
                Supervision.SUPERVISOR, Long.toString(ProcessHandle.current().pid()));
        environment.put(Supervision.NAME, name);
        environment.put(Supervision.INCARNATION, name + "-" + UUID.randomUUID());
        environment.put(Supervision.READY_FILE, ready.toString());
        environment.put(Supervision.LIVE_FILE, live.toString());
        if (wantsPort) {
            environment.put(Supervision.PORT, Integer.toString(own.port()));
        }
        Process process = builder.start();
        try {
            return new Child(own, settings, process, ready, live, wake);
        } catch (RuntimeException | OutOfMemoryError e) {
            // The latter is what comes when there may be no further thread.
            process.destroyForcibly();
            throw new IOException("it cannot be watched: " + e, e);
        }
    }

    /** What went wrong at a start, in a few words. */
    static String reason(Exception thrown) {
        return thrown instanceof IOException ? String.valueOf(thrown.getMessage()) : thrown.toString();
    }

    /** Those who clean up a folder of temporary files may take it; and whoever may write there may put another in its place. */
    private void requireFolder() throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder, SafeFiles.folderOfOwner(folder));
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                || !Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
            throw new IOException("the folder " + folder + " was replaced by somebody else's");
        }
    }

    /** The wrapper is there in any case, and its complaint would be harder to read. */
    private static void requireProgram(String program) throws IOException {
        boolean found = program.contains(File.separator) ? Files.isExecutable(Path.of(program)) : present(program);
        if (!found) {
            throw new IOException("there is no program " + program + ", or it may not be run");
        }
    }

    /** Somebody else may take it before the process does; that one fails then, and the next gets another. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
