package io.covey.cluster.cli;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A terminal whose screen is drawn over in place, on the second screen that terminals have, so that what stood on the first is
 * there again afterwards. Keys come one by one without being shown.
 */
final class Terminal implements AutoCloseable {
    private static final File TTY = new File("/dev/tty");
    private static final String ENTER = "\u001b[?1049h\u001b[?25l";
    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String REST_OF_LINE = "\u001b[K";
    private static final String REST_OF_SCREEN = "\u001b[J";
    private static final Size USUAL = new Size(79, 24);

    private final PrintWriter out;
    private final Optional<String> settings;
    private final Thread restoring = new Thread(this::restore, "covey-cli-terminal");

    private Terminal(PrintWriter out, Optional<String> settings) {
        this.out = out;
        this.settings = settings;
    }

    /** Columns and rows. */
    record Size(int columns, int rows) {}

    /** Whether a person looks at standard output and types on standard input. */
    static boolean isThere(Function<String, @Nullable String> variables) {
        Console console = System.console();
        if (console == null || "dumb".equals(variables.apply("TERM"))) {
            return false;
        }
        try { // since 22 a console is there always
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Takes the screen over until it is closed, or the process ends. */
    static Terminal open(PrintWriter out) {
        Optional<String> settings = stty("-g");
        Terminal terminal = new Terminal(out, settings);
        Runtime.getRuntime().addShutdownHook(terminal.restoring);
        if (settings.isPresent()) {
            stty("-icanon", "-echo", "min", "0", "time", "0");
        }
        out.print(ENTER);
        out.flush();
        return terminal;
    }

    /** As large as it is now, but for the last column: to erase behind a letter there would erase the letter. */
    static Size size() {
        return stty("size").map(Terminal::size).orElse(USUAL);
    }

    private static Size size(String text) {
        String[] words = text.split(" ");
        try {
            Size size = new Size(Integer.parseInt(words[1]) - 1, Integer.parseInt(words[0]));
            return size.columns() > 0 && size.rows() > 0 ? size : USUAL;
        } catch (RuntimeException e) {
            return USUAL;
        }
    }

    /** Shows lines in place of what stood there: in one write, so that nothing is seen half done. */
    void draw(List<String> lines) {
        StringBuilder frame = new StringBuilder(HOME);
        for (int i = 0; i < lines.size(); i++) {
            frame.append(i == 0 ? "" : "\r\n").append(lines.get(i)).append(REST_OF_LINE);
        }
        out.print(frame.append(REST_OF_SCREEN));
        out.flush();
    }

    /** A key that was pressed; 0 if none was. */
    char key() {
        try {
            return settings.isPresent() && System.in.available() > 0 ? (char) System.in.read() : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(restoring);
        restore();
    }

    /** Gives the screen back as it was. Twice is fine. */
    void restore() {
        out.print(LEAVE);
        out.flush();
        settings.ifPresent(Terminal::stty);
    }

    private static Optional<String> stty(String... args) {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(args));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(TTY)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? Optional.of(said) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
