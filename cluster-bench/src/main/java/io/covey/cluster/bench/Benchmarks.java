package io.covey.cluster.bench;

import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The main class of {@code benchmarks.jar}: JMH with its own command line, plus {@link Cost} in every run and the table
 * of {@link Ratios} at the end.
 */
public final class Benchmarks {

    private Benchmarks() {}

    /**
     * Runs benchmarks.
     *
     * @param args as for JMH; {@code -h} lists them
     * @throws Exception if JMH cannot be started
     */
    public static void main(String[] args) throws Exception {
        try {
            CommandLineOptions line = new CommandLineOptions(args);
            if (asksOnly(line)) {
                org.openjdk.jmh.Main.main(args);
                return;
            }
            System.out.print(Ratios.of(run(line)));
        } catch (CommandLineOptionException | RunnerException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    static Collection<RunResult> run(CommandLineOptions line) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .parent(line)
                        .addProfiler(Cost.class)
                        .build())
                .run();
    }

    private static boolean asksOnly(CommandLineOptions line) {
        return line.shouldHelp()
                || line.shouldList()
                || line.shouldListWithParams()
                || line.shouldListProfilers()
                || line.shouldListResultFormats();
    }
}
