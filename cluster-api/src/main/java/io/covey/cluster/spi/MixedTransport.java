package io.covey.cluster.spi;

import io.covey.cluster.Registration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Several backends as one. */
final class MixedTransport implements Transport {
    private final List<Transport> parts;

    MixedTransport(Transport first, List<Transport> others) {
        List<Transport> all = new ArrayList<>(List.of(first));
        all.addAll(others);
        this.parts = List.copyOf(all);
    }

    private <C> Optional<C> first(Function<Transport, Optional<C>> capability) {
        return parts.stream().map(capability).flatMap(Optional::stream).findFirst();
    }

    @Override
    public String description() {
        return parts.stream().map(Transport::description).collect(Collectors.joining(" + "));
    }

    @Override
    public boolean inProcess() {
        return parts.stream()
                .filter(part -> part.bus().isPresent())
                .findFirst()
                .map(Transport::inProcess)
                .orElse(true);
    }

    @Override
    public Optional<CacheStore> cache() {
        return first(Transport::cache);
    }

    @Override
    public Optional<ListStore> lists() {
        return first(Transport::lists);
    }

    @Override
    public Optional<LockStore> locks() {
        return first(Transport::locks);
    }

    @Override
    public Optional<SemaphoreStore> semaphores() {
        return first(Transport::semaphores);
    }

    @Override
    public Optional<Directory> directory() {
        return first(Transport::directory);
    }

    @Override
    public Optional<MessageBus> bus() {
        return first(Transport::bus);
    }

    @Override
    public Optional<TaskBroker> tasks() {
        return first(Transport::tasks);
    }

    @Override
    public CompletionStage<Instant> time() {
        return parts.get(0).time();
    }

    @Override
    public CompletionStage<Map<String, String>> facts() {
        return parts.get(0).facts();
    }

    @Override
    public Registration onState(Consumer<LinkState> listener) {
        return parts.get(0).onState(listener);
    }

    @Override
    public Optional<Traffic> traffic() {
        return parts.stream().map(Transport::traffic).flatMap(Optional::stream).reduce(Traffic::plus);
    }

    @Override
    public <T extends Transport> Optional<T> part(Class<T> type) {
        return first(part -> part.part(type));
    }

    @Override
    public void close() {
        parts.forEach(Transport::close);
    }
}
