package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.TransportException;
import io.covey.cluster.cli.Terminal.Size;
import io.covey.cluster.supervisor.Signals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cluster top}. */
@Command(
        name = "top",
        description = {
            "Nodes, queues with their rates, and the backend, as they are now.",
            "In a terminal until q is pressed (p holds the picture); in a pipe one picture, or --count."
        },
        mixinStandardHelpOptions = true)
final class TopCommand implements Callable<Integer> {
    private static final long KEYS_MILLIS = 100;
    private static final Duration SHORTEST = Duration.ofMillis(200);
    private static final Size PIPE = new Size(80, Integer.MAX_VALUE);

    @Spec
    private CommandSpec spec;

    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            description = "How far apart the pictures are; rates are over this time (default ${DEFAULT-VALUE})",
            defaultValue = "2s")
    private Duration every;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "End after this many pictures",
            converter = Counts.Some.class)
    private @Nullable Integer count;

    @Option(names = "--plain", description = "As in a pipe: one picture below the other")
    private boolean plain;

    private final CountDownLatch end = new CountDownLatch(1);
    private volatile @Nullable Terminal screen;
    private boolean held;

    @Override
    public Integer call() throws InterruptedException {
        if (every.compareTo(SHORTEST) < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--every is at least 200ms, was " + every.toMillis() + "ms");
        }
        Signals.on("TERM", this::stop);
        Signals.on("INT", this::stop);
        try (Cluster cluster = connection.join("cli")) {
            TopPicture first = TopPicture.take(cluster, null);
            if (plain || output.isJson() || !Terminal.isThere(System::getenv)) {
                below(cluster, first, count == null ? 1 : count);
            } else {
                inPlace(cluster, first, count == null ? Integer.MAX_VALUE : count);
            }
            return 0;
        }
    }

    /** The second time at once, whatever is awaited, but not without giving the screen back. */
    private void stop() {
        if (end.getCount() == 0) {
            Optional.ofNullable(screen).ifPresent(Terminal::restore);
            Runtime.getRuntime().halt(1);
        }
        end.countDown();
    }

    /** One below the other. */
    private void below(Cluster cluster, TopPicture first, int pictures) throws InterruptedException {
        TopPicture before = first;
        for (int i = 0; i < pictures; i++) {
            if (end.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            TopPicture now = TopPicture.take(cluster, before);
            before = now;
            if (output.isJson()) {
                output.line("", now.fields());
            } else {
                List<String> lines = new TopScreen(PIPE, false).lines(now, "over " + seconds(), "");
                output.text(i == 0 ? lines.get(0) : "");
                lines.subList(i == 0 ? 1 : 0, lines.size()).forEach(output::text);
            }
        }
    }

    /** Over one another. */
    private void inPlace(Cluster cluster, TopPicture first, int pictures) throws InterruptedException {
        boolean colours = isEmpty(System.getenv("NO_COLOR"));
        TopPicture picture = first;
        Instant news = Instant.now();
        String trouble = "";
        try (Terminal terminal = Terminal.open(spec.commandLine().getOut())) {
            screen = terminal;
            for (int i = 0; i < pictures && end.getCount() > 0; i++) {
                String state = held ? "held, p goes on" : "every " + seconds() + ", q quits";
                terminal.draw(new TopScreen(Terminal.size(), colours).lines(picture, state, trouble));
                await(terminal);
                if (held) {
                    continue;
                }
                try {
                    picture = TopPicture.take(cluster, picture);
                    news = Instant.now();
                    trouble = "";
                } catch (TransportException e) {
                    trouble = "for " + Ages.between(news, Instant.now()) + ": " + e.getMessage();
                }
            }
        }
    }

    /** Until it is time for the next picture, or a key says so. */
    private void await(Terminal terminal) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.NANOSECONDS.convert(every);
        while (System.nanoTime() - until < 0 && !end.await(KEYS_MILLIS, TimeUnit.MILLISECONDS)) {
            switch (terminal.key()) {
                case 'q', 'Q' -> end.countDown();
                case 'p', 'P' -> {
                    held = !held;
                    return;
                }
                default -> {}
            }
        }
    }

    private String seconds() {
        return every.toMillis() % 1000 == 0 ? every.toSeconds() + "s" : every.toMillis() + "ms";
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }
}
