package io.covey.cluster.cli.demo;

import io.covey.cluster.cli.Connection;
import io.covey.cluster.redis.embedded.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cluster demo}. */
@Command(
        name = "demo",
        description = {
            "Three processes count the words of a folder's files; one of them is killed half-way; nothing is lost.",
            "Starts a Redis of its own unless --uri or COVEY_URI says where one is."
        },
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Connection connection;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FOLDER",
            description = "Whose files to count (default: ${DEFAULT-VALUE})",
            defaultValue = "${sys:covey.home:-.}")
    private Path folder;

    @Option(
            names = "--pace",
            hidden = true,
            description = "Milliseconds a task dawdles; default by the number of files")
    private Long pace;

    /** For the command line. */
    public DemoCommand() {}

    @Override
    public Integer call() throws Exception {
        if (!Files.isDirectory(folder)) {
            throw new ParameterException(spec.commandLine(), "There is no folder " + folder);
        }
        boolean given =
                spec.commandLine().getParseResult().hasMatchedOption("--uri") || System.getenv("COVEY_URI") != null;
        if (given) {
            return run(connection.uri());
        }
        try (RedisServer server = RedisServer.start()) {
            return run(connection.withDriver(server.uri()));
        }
    }

    private int run(String uri) throws Exception {
        Demo demo = new Demo(
                uri, new Folder(folder.toRealPath()), pace, spec.commandLine().getOut());
        return demo.run() ? 0 : 1;
    }
}
