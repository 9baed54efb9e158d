package io.covey.cluster.redis;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What all tests of a class and of those nested in it share, such as a server: a static field with
 * {@code @RegisterExtension}.
 */
final class Shared<T extends AutoCloseable> implements BeforeAllCallback, AfterAllCallback {
    private final Supplier<T> start;
    private @Nullable T running;
    private int classes;

    Shared(Supplier<T> start) {
        this.start = start;
    }

    T get() {
        return running;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (classes++ == 0) {
            running = start.get();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        T ended = running;
        if (--classes == 0 && ended != null) {
            running = null;
            ended.close();
        }
    }
}
