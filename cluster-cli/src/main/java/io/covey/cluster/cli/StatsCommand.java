package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.Stats;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cluster stats}. */
@Command(
        name = "stats",
        description = "The shared counters of an application, by name, as written so far.",
        mixinStandardHelpOptions = true)
final class StatsCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Parameters(index = "0", paramLabel = "NAME", description = "The name that the application gave its counters")
    private String name;

    @Parameters(
            index = "1..*",
            paramLabel = "COUNTER",
            arity = "0..*",
            description = "Only these; one that was never counted is 0")
    private @Nullable List<String> counters;

    @Override
    public Integer call() {
        try (Cluster cluster = connection.join("cli")) {
            Stats stats = cluster.stats(name);
            Map<String, Long> values = new TreeMap<>();
            if (counters == null) {
                values.putAll(stats.read());
            } else {
                counters.forEach(counter -> values.put(counter, 0L));
                values.putAll(stats.read(counters));
            }
            values.forEach((counter, value) -> output.row(
                    "%s %d".formatted(Columns.name(counter, 40), value),
                    Output.fields("counter", counter, "value", value)));
            if (values.isEmpty()) {
                output.text("Nothing is counted under " + name + " at "
                        + cluster.transport().description());
            }
            output.flush();
            return 0;
        }
    }
}
