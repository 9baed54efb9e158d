package io.covey.cluster.cli;

import io.covey.cluster.supervisor.Supervisor;
import io.covey.cluster.supervisor.SupervisorBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * What {@code cluster start} runs many times: {@code cluster worker} with the options that are not its own, or what stands
 * after {@code --}.
 *
 * @param foreign the command; empty for a worker
 * @param options of the worker
 * @param environment of the worker
 */
record ChildCommand(List<String> foreign, List<String> options, Map<String, String> environment) {
    private static final String REST = "--";
    private static final String URI = "--uri";
    private static final String URI_VARIABLE = "COVEY_URI";
    /** Where this command itself was told by them. */
    private static final List<String> PASSED_ON = List.of("org.slf4j.simpleLogger.defaultLogLevel", "covey.home");

    static ChildCommand of(CommandSpec start, List<String> unmatched) {
        List<String> typed = start.commandLine().getParseResult().originalArgs();
        int rest = typed.indexOf(REST);
        List<String> foreign = rest < 0 ? List.of() : typed.subList(rest + 1, typed.size());
        List<String> options = unmatched.subList(0, unmatched.size() - foreign.size());
        if (rest < 0) {
            return worker(start, options);
        }
        if (foreign.isEmpty()) {
            throw new ParameterException(start.commandLine(), "There is no command after --");
        }
        if (!options.isEmpty()) {
            throw new ParameterException(
                    start.commandLine(),
                    "Unknown options " + options + ": those of cluster worker do not go with a command after --");
        }
        return new ChildCommand(foreign, List.of(), Map.of());
    }

    /** The worker says what is wrong with its options before many of them are started. */
    private static ChildCommand worker(CommandSpec start, List<String> options) {
        CommandLine worker = start.commandLine().getParent().getSubcommands().get("worker");
        try {
            worker.parseArgs(options.stream().map(ChildCommand::filled).toArray(String[]::new));
        } catch (ParameterException e) {
            throw new ParameterException(start.commandLine(), String.valueOf(e.getMessage()), e);
        }
        // There may be a password in it, and the arguments of a process are for all to see.
        String uri = null;
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            if (option.equals(URI)) {
                uri = options.get(++i);
            } else if (option.startsWith(URI + "=")) {
                uri = option.substring(URI.length() + 1);
            } else {
                rest.add(option);
            }
        }
        return new ChildCommand(List.of(), rest, variables(uri));
    }

    /** As the options may be once the supervisor has filled in what each process has of its own. */
    private static String filled(String option) {
        return option.replace("{name}", "worker-1.1").replace("{slot}", "1").replace("{port}", "1024");
    }

    private static Map<String, String> variables(@Nullable String uri) {
        return uri == null ? Map.of() : Map.of(URI_VARIABLE, uri);
    }

    boolean isWorker() {
        return foreign.isEmpty();
    }

    SupervisorBuilder supervisor(String javaOptions) {
        if (!isWorker()) {
            return Supervisor.command(foreign);
        }
        List<String> jvm = new ArrayList<>();
        for (String property : PASSED_ON) {
            String value = System.getProperty(property);
            if (value != null) {
                jvm.add("-D" + property + "=" + value);
            }
        }
        Stream.of(javaOptions.strip().split("\\s+"))
                .filter(option -> !option.isEmpty())
                .forEach(jvm::add);
        List<String> arguments = new ArrayList<>(List.of("worker"));
        arguments.addAll(options);
        SupervisorBuilder builder = Supervisor.java(
                        System.getProperty("java.class.path"), Main.class.getName(), arguments.toArray(String[]::new))
                .jvmOptions(jvm)
                .endsWithSupervisor();
        environment.forEach(builder::environment);
        return builder;
    }
}
