package io.covey.cluster.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cluster completion}. */
@Command(
        name = "completion",
        description = {
            "Prints what makes the shell complete commands and options.",
            "bash: source <(cluster completion bash)    zsh: the same in ~/.zshrc, with zsh"
        },
        mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell;

    /** Whose language. One script serves both: it loads what zsh needs for it. */
    enum Shell {
        bash,
        zsh
    }

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        PrintWriter out = spec.commandLine().getOut();
        out.println(AutoComplete.bash(spec.root().name(), root));
        out.flush();
        return 0;
    }
}
