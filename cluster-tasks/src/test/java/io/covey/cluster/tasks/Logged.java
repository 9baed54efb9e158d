package io.covey.cluster.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What a class logs from warnings up, though the tests log nothing. */
public final class Logged implements AutoCloseable {
    private final Logger logger;
    private final int before;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** From now on. */
    public Logged(String name) throws ReflectiveOperationException {
        logger = LoggerFactory.getLogger(name);
        before = (int) level().get(logger);
        level().set(logger, Level.WARN.toInt());
        System.setErr(new PrintStream(bytes, true, UTF_8));
    }

    private Field level() throws ReflectiveOperationException {
        Field level = logger.getClass().getDeclaredField("currentLogLevel");
        level.setAccessible(true);
        return level;
    }

    /** The lines that hold a text. */
    public List<String> lines(String text) {
        return bytes.toString(UTF_8).lines().filter(line -> line.contains(text)).toList();
    }

    @Override
    public void close() throws ReflectiveOperationException {
        System.setErr(err);
        level().set(logger, before);
    }
}
