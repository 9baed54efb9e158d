package io.covey.cluster.core.local;

import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.ListStore;
import io.covey.cluster.spi.LockStore;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.SemaphoreStore;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.Transport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One connection to a {@link LocalBackend}. */
final class LocalTransport implements Transport {
    private final String description;
    private final LocalClock clock;
    private final Executor executor;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Set<Registration> registrations = ConcurrentHashMap.newKeySet();
    private final CacheStore cache;
    private final ListStore lists;
    private final LockStore locks;
    private final SemaphoreStore semaphores;
    private final Directory directory;
    private final MessageBus bus;
    private final TaskBroker tasks;

    LocalTransport(
            String description,
            LocalClock clock,
            Executor executor,
            LocalSpace space,
            TaskSpace tasks,
            Runnable onClose) {
        this.description = description;
        this.clock = clock;
        this.executor = executor;
        this.onClose = onClose;
        this.cache = new LocalCacheStore(this, space.entries(), space.counters());
        this.lists = new LocalListStore(this, space.lists());
        this.locks = new LocalLockStore(this, space.locks());
        this.semaphores = new LocalSemaphoreStore(this, space.permits());
        this.directory = new LocalDirectory(this, space.members());
        this.bus = new LocalMessageBus(this, space.messages(), space.histories());
        this.tasks = new LocalTaskBroker(this, tasks);
    }

    /** Does some work now, unless this connection is closed. */
    <T> CompletionStage<T> call(Supplier<T> work) {
        if (closed.get()) {
            return CompletableFuture.failedFuture(new TransportException(closedText()));
        }
        try {
            return CompletableFuture.completedFuture(work.get());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    CompletionStage<Void> run(Runnable work) {
        return call(() -> {
            work.run();
            return null;
        });
    }

    Serial serial() {
        return new Serial(executor);
    }

    /** Keeps a registration so that it ends with this connection. */
    Registration keep(Serial serial, Runnable end) {
        Registration registration = new Registration() {
            @Override
            public void close() {
                serial.close();
                if (registrations.remove(this)) {
                    end.run();
                }
            }
        };
        registrations.add(registration);
        if (closed.get()) {
            registration.close();
            throw new TransportException(closedText());
        }
        return registration;
    }

    boolean isClosed() {
        return closed.get();
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public boolean inProcess() {
        return true;
    }

    @Override
    public Optional<CacheStore> cache() {
        return Optional.of(cache);
    }

    @Override
    public Optional<ListStore> lists() {
        return Optional.of(lists);
    }

    @Override
    public Optional<LockStore> locks() {
        return Optional.of(locks);
    }

    @Override
    public Optional<SemaphoreStore> semaphores() {
        return Optional.of(semaphores);
    }

    @Override
    public Optional<Directory> directory() {
        return Optional.of(directory);
    }

    @Override
    public Optional<MessageBus> bus() {
        return Optional.of(bus);
    }

    @Override
    public Optional<TaskBroker> tasks() {
        return Optional.of(tasks);
    }

    @Override
    public CompletionStage<Instant> time() {
        return call(clock::instant);
    }

    @Override
    public Registration onState(Consumer<LinkState> listener) {
        Serial serial = serial();
        Registration registration = keep(serial, () -> {});
        serial.offer(() -> listener.accept(new LinkState(true, "")));
        return registration;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            List.copyOf(registrations).forEach(Registration::close);
            onClose.run();
        }
    }

    private String closedText() {
        return description + ": this connection is closed";
    }
}
