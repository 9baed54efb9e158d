package io.covey.cluster.tasks.testing;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.Transport;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The tasks of a test, to be mixed with what they stand on. */
final class TestTransport implements Transport {
    private final Transport real;
    private final TaskBroker tasks;

    TestTransport(Transport real, TaskBroker tasks) {
        this.real = real;
        this.tasks = tasks;
    }

    @Override
    public Optional<TaskBroker> tasks() {
        return Optional.of(tasks);
    }

    @Override
    public String description() {
        return real.description();
    }

    @Override
    public boolean inProcess() {
        return real.inProcess();
    }

    @Override
    public CompletionStage<Instant> time() {
        return real.time();
    }

    @Override
    public Registration onState(Consumer<LinkState> listener) {
        return real.onState(listener);
    }

    @Override
    public void close() {
        // The real one is another part of the mix.
    }
}
