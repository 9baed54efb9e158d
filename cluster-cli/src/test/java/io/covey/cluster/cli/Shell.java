package io.covey.cluster.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** The command as it is typed. */
final class Shell {

    /** What a command printed, and how it ended. */
    record Run(int status, String out, String err) {}

    private Shell() {}

    static Run run(String... args) {
        return run(Map.of(), args);
    }

    /** With an environment of its own. */
    static Run run(Map<String, String> environment, String... args) {
        return run(new StringWriter(), environment, args);
    }

    /** What it prints can be read while it runs. */
    static Run run(StringWriter out, Map<String, String> environment, String... args) {
        StringWriter err = new StringWriter();
        int status = Main.command(new PrintWriter(out, true), new PrintWriter(err, true), environment::get)
                .execute(args);
        return new Run(status, out.toString(), err.toString());
    }
}
