package io.covey.cluster.cli.demo;

import io.covey.cluster.cli.demo.CountFile.Share;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;

/** Shows how far it is: one line written over and over on a terminal, a line now and then elsewhere. */
final class Progress {
    private static final int BAR = 24;
    private static final int WIDTH = 110;
    private static final int SHOWN_PATH = 22;
    private static final long PLAIN_INTERVAL = Duration.ofSeconds(2).toNanos();

    private final PrintWriter out;
    private final boolean terminal;
    private final long total;
    private long lastPlain = System.nanoTime() - PLAIN_INTERVAL;
    private boolean open;

    Progress(PrintWriter out, boolean terminal, long total) {
        this.out = out;
        this.terminal = terminal;
        this.total = total;
    }

    void show(long done, Map<String, Share> shares) {
        if (!terminal) {
            if (System.nanoTime() - lastPlain < PLAIN_INTERVAL) {
                return;
            }
            lastPlain = System.nanoTime();
        }
        int filled = total == 0 ? BAR : (int) (BAR * Math.min(done, total) / total);
        StringBuilder line = new StringBuilder("  [")
                .append("#".repeat(filled))
                .append("-".repeat(BAR - filled))
                .append("] %,d/%,d".formatted(done, total));
        shares.forEach(
                (worker, share) -> line.append("  ").append(worker).append(": ").append(shown(share)));
        if (terminal) {
            out.print("\r" + ("%-" + WIDTH + "." + WIDTH + "s").formatted(line));
            open = true;
        } else {
            out.println(line);
        }
        out.flush();
    }

    /** Prints a line of its own. */
    void line(String text) {
        if (open) {
            out.print("\r" + " ".repeat(WIDTH) + "\r");
            open = false;
        }
        out.println(text);
        out.flush();
    }

    private static String shown(Share share) {
        String path = share.working().isEmpty() ? "idle" : share.working().get(0);
        String safe = path.replaceAll("[\\p{Cntrl}]", "?");
        return safe.length() <= SHOWN_PATH ? safe : "…" + safe.substring(safe.length() - SHOWN_PATH + 1);
    }
}
