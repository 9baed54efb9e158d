package io.covey.cluster.spi;

import io.covey.cluster.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is done around something, the first outside: middleware in the order in which it was added, each until its registration
 * is closed. The same one may be added twice. Thread-safe.
 *
 * @param <M> the type of the middleware
 */
public final class Layers<M> {
    private final ReentrantLock changing = new ReentrantLock();
    private final List<Layer<M>> added = new ArrayList<>();
    private volatile List<M> now = List.of();

    /** None yet. */
    public Layers() {}

    /**
     * Adds one inside all others.
     *
     * @param middleware what is done
     * @return takes it away again; closing it twice takes away no other
     */
    public Registration add(M middleware) {
        Layer<M> layer = new Layer<>(Objects.requireNonNull(middleware, "middleware"));
        change(() -> added.add(layer));
        return () -> change(() -> added.remove(layer));
    }

    private void change(Runnable step) {
        changing.lock();
        try {
            step.run();
            now = added.stream().map(layer -> layer.middleware).toList();
        } finally {
            changing.unlock();
        }
    }

    /**
     * Those that are there, for one pass through all of them.
     *
     * @return unchangeable, the first is the outermost
     */
    public List<M> now() {
        return now;
    }

    /** Compared by identity. */
    private static final class Layer<M> {
        private final M middleware;

        Layer(M middleware) {
            this.middleware = middleware;
        }
    }
}
