package io.covey.cluster.cli;

import io.covey.cluster.redis.RedisDriverProvider;
import io.covey.cluster.redis.operator.Doctor;
import io.covey.cluster.redis.operator.Finding;
import io.covey.cluster.redis.operator.Finding.Level;
import io.covey.cluster.spi.TransportConfig;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cluster doctor}. */
@Command(
        name = "doctor",
        description = {
            "Looks at the Redis behind the URI and says what endangers the cluster there, and what to change. Changes nothing.",
            "Exit status: 0 nothing endangers data, 1 something does (with --strict, or may soon) or Redis cannot be reached."
        },
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Option(
            names = "--keys",
            paramLabel = "N",
            description = "Look at the names of this many keys of each server, 0 for none (default ${DEFAULT-VALUE})",
            defaultValue = "100000")
    private long keys;

    @Option(names = "--strict", description = "Warnings count as dangers for the exit status")
    private boolean strict;

    @Option(names = "--quiet", description = "Without what is only good to know")
    private boolean quiet;

    @Override
    public Integer call() {
        TransportConfig config = connection.transport();
        List<Finding> findings = new Doctor(keys).examine(config, RedisDriverProvider.named(config.uri()));
        findings.stream()
                .filter(finding -> !quiet || finding.level() != Level.INFO)
                .forEach(this::line);
        long dangers = count(findings, Level.DANGER);
        long warnings = count(findings, Level.WARNING);
        output.text(
                dangers + " dangers, " + warnings + " warnings, " + count(findings, Level.UNSEEN) + " not to be seen");
        return dangers > 0 || strict && warnings > 0 ? 1 : 0;
    }

    private static long count(List<Finding> findings, Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }

    private void line(Finding finding) {
        output.line(
                "%-8s %-14s %s".formatted(finding.level(), finding.check(), finding.server()),
                Output.fields(
                        "level", finding.level().name().toLowerCase(Locale.ROOT),
                        "check", finding.check(),
                        "server", finding.server(),
                        "what", finding.what(),
                        "endangers", finding.endangers(),
                        "change", finding.change()));
        output.text("         " + finding.what());
        if (!finding.endangers().isEmpty()) {
            output.text("         endangers: " + finding.endangers());
        }
        if (!finding.change().isEmpty()) {
            output.text("         change:    " + finding.change());
        }
    }
}
