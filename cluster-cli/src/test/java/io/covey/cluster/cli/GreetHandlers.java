package io.covey.cluster.cli;

import io.covey.cluster.tasks.HandlerRegistry;
import io.covey.cluster.tasks.TaskHandlers;
import io.covey.cluster.tasks.TaskType;
import java.nio.file.Files;
import java.nio.file.Path;

/** Handlers as an application would have them. */
public final class GreetHandlers implements TaskHandlers {
    static final String FILE = "GREETED_FILE";

    @Override
    public void register(HandlerRegistry handlers) {
        handlers.handle(
                TaskType.of("greet", String.class),
                (name, task) -> Files.writeString(Path.of(System.getenv(FILE)), name));
    }
}
