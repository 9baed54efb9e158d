package io.covey.cluster.cli;

import io.covey.cluster.redis.RedisDriverProvider;
import io.covey.cluster.redis.operator.KeyCensus;
import io.covey.cluster.redis.operator.KeyCensus.Big;
import io.covey.cluster.redis.operator.KeyCensus.Line;
import io.covey.cluster.redis.operator.KeyCensus.Report;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TransportConfig;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cluster keys}. */
@Command(
        name = "keys",
        description = {
            "Which keys take the memory of Redis, by family, on all servers that have keys. Changes nothing.",
            "The families are those of docs/redis-keys.md. Names come from SCAN, sizes from MEMORY USAGE."
        },
        mixinStandardHelpOptions = true)
final class KeysCommand implements Callable<Integer> {
    private static final long NANOS_BETWEEN = 2_000_000_000L;
    private static final long KIB = 1024;

    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Option(
            names = "--sample",
            paramLabel = "N",
            description =
                    "Measure the first 1000 keys of each family and then every Nth; 1 for all (default ${DEFAULT-VALUE})",
            defaultValue = "10")
    private int sample;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Look at no more keys a second than this (default ${DEFAULT-VALUE})",
            defaultValue = "50000")
    private int rate;

    @Option(
            names = "--top",
            paramLabel = "N",
            description = "List the biggest of the keys that were measured (default ${DEFAULT-VALUE})",
            defaultValue = "10")
    private int top;

    @Option(names = "--names", description = "Tell caches, queues and so on apart by their names")
    private boolean names;

    @Override
    public Integer call() {
        TransportConfig config = connection.transport();
        Report report = new KeyCensus(sample, rate, top, names)
                .take(config, RedisDriverProvider.named(config.uri()), progress());
        report.unseen().forEach(one -> output.error("cluster keys: " + one.what() + "; " + one.change()));
        output.text("%-40s %12s %12s %12s".formatted("family", "keys", "bytes", "a key"));
        report.families().forEach(this::family);
        if (!report.biggest().isEmpty()) {
            output.text("");
            output.text("%-12s %-28s %s".formatted("bytes", "family", "biggest of the keys that were measured"));
            report.biggest().forEach(this::big);
        }
        long bytes = report.families().stream().mapToLong(Line::bytes).sum();
        output.text(report.keys() + " keys, " + human(bytes)
                + (report.used() < 0 ? "" : " of " + human(report.used()) + " used"));
        return 0;
    }

    private LongConsumer progress() {
        long[] last = {System.nanoTime()};
        return keys -> {
            if (System.nanoTime() - last[0] > NANOS_BETWEEN) {
                last[0] = System.nanoTime();
                output.error("cluster keys: " + keys + " keys so far");
            }
        };
    }

    private void family(Line line) {
        String label = line.family()
                + line.about().map(name -> " " + Names.printable(name)).orElse("");
        boolean measured = line.measured() > 0;
        output.line(
                "%-40s %12d %12s %12s"
                        .formatted(
                                label,
                                line.keys(),
                                measured ? human(line.bytes()) : "-",
                                measured ? human(line.bytes() / line.keys()) : "-"),
                Output.fields(
                        "family", line.family(),
                        "name", line.about().orElse(null),
                        "keys", line.keys(),
                        "bytes", measured ? line.bytes() : null,
                        "measured", line.measured()));
    }

    private void big(Big key) {
        output.line(
                "%-12s %-28s %s".formatted(human(key.bytes()), key.family(), Names.printable(key.key())),
                Output.fields("key", key.key(), "family", key.family(), "bytes", key.bytes()));
    }

    private static String human(long bytes) {
        if (bytes < KIB) {
            return bytes + " B";
        }
        double amount = bytes;
        int unit = -1;
        while (amount >= KIB && unit < 3) {
            amount /= KIB;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %ciB", amount, "KMGT".charAt(unit));
    }
}
