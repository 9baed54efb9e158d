package io.covey.cluster.micrometer;

import io.covey.cluster.Registration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What is to be ended with a binder. */
final class Bindings implements AutoCloseable {
    private final List<Registration> open = new CopyOnWriteArrayList<>();

    void add(Registration registration) {
        open.add(registration);
    }

    @Override
    public void close() {
        open.forEach(Registration::close);
        open.clear();
    }
}
