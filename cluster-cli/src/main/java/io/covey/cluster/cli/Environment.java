package io.covey.cluster.cli;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options from the environment: {@code --task-namespace} from {@code COVEY_TASK_NAMESPACE}. Those that say what is to be
 * changed are typed each time.
 */
final class Environment implements IDefaultValueProvider {
    private static final Pattern NAMED = Pattern.compile("\\((COVEY_[A-Z_]+)");
    /** A description names the default value, for which picocli asks here again. */
    private static final ThreadLocal<Boolean> READING = ThreadLocal.withInitial(() -> false);

    private static final Set<String> TYPED = Set.of("--all", "--set", "--give-back", "--owner", "--help", "--version");

    private final Function<String, @Nullable String> variables;

    Environment(Function<String, @Nullable String> variables) {
        this.variables = variables;
    }

    /** The variable of an option: what its description says in parentheses, else by its name; empty if it has none. */
    static Optional<String> variable(OptionSpec option) {
        String name = option.longestName();
        if (option.hidden() || TYPED.contains(name) || READING.get()) {
            return Optional.empty();
        }
        Matcher named = NAMED.matcher(description(option));
        return Optional.of(
                named.find()
                        ? named.group(1)
                        : "COVEY_" + name.substring(2).replace('-', '_').toUpperCase(Locale.ROOT));
    }

    private static String description(OptionSpec option) {
        READING.set(true);
        try {
            return String.join(" ", option.description());
        } finally {
            READING.set(false);
        }
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null;
        }
        String value = variable(option).map(variables).orElse(null);
        return value == null || value.isEmpty() ? null : value;
    }
}
