package io.covey.cluster.spi;

import io.covey.cluster.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A connection to a backend. A capability is an interface that it has or has not. Two nodes in one process may share an
 * opened transport only if its provider says so.
 */
public interface Transport extends AutoCloseable {

    /**
     * Where it leads, fit to be printed.
     *
     * @return for example {@code redis://127.0.0.1:6379}
     */
    String description();

    /**
     * Whether the messages of its bus stay in this process, so that they need no signature.
     *
     * @return true for the in-process transport
     */
    default boolean inProcess() {
        return false;
    }

    /**
     * The cache.
     *
     * @return empty if the backend has none
     */
    default Optional<CacheStore> cache() {
        return Optional.empty();
    }

    /**
     * The lists.
     *
     * @return empty if the backend has none
     */
    default Optional<ListStore> lists() {
        return Optional.empty();
    }

    /**
     * The locks.
     *
     * @return empty if the backend has none
     */
    default Optional<LockStore> locks() {
        return Optional.empty();
    }

    /**
     * The semaphores.
     *
     * @return empty if the backend has none
     */
    default Optional<SemaphoreStore> semaphores() {
        return Optional.empty();
    }

    /**
     * The directory of members and what they hold.
     *
     * @return empty if the backend has none
     */
    default Optional<Directory> directory() {
        return Optional.empty();
    }

    /**
     * The messages.
     *
     * @return empty if the backend has none
     */
    default Optional<MessageBus> bus() {
        return Optional.empty();
    }

    /**
     * The tasks.
     *
     * @return empty if the backend has none
     */
    default Optional<TaskBroker> tasks() {
        return Optional.empty();
    }

    /**
     * The backend's clock.
     *
     * @return its time
     */
    CompletionStage<Instant> time();

    /**
     * What the backend tells of itself, for people: its version, the memory it uses and the like. Asks it.
     *
     * @return name to value, in an order for people, none of them secret; empty if it tells nothing. A right that is missing
     *     is named in place of a value
     */
    default CompletionStage<Map<String, String>> facts() {
        return CompletableFuture.completedStage(Map.of());
    }

    /**
     * Hears whether the backend answers. Called with the present state at once, then at each change, in order. A transport
     * whose backend is in its own process has no line to lose: it is up for as long as it is open.
     *
     * @param listener hears the state
     * @return ends the listening
     */
    Registration onState(Consumer<LinkState> listener);

    /**
     * What its connections have done since it was opened.
     *
     * @return empty if it counts nothing
     */
    default Optional<Traffic> traffic() {
        return Optional.empty();
    }

    /**
     * This transport, or the first of its parts, of a class: for what one kind of backend alone can do.
     *
     * @param <T> the class
     * @param type the class
     * @return empty if there is none
     */
    default <T extends Transport> Optional<T> part(Class<T> type) {
        return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
    }

    /** Closes all connections and threads of this transport. Stages still open complete exceptionally. Twice is fine. */
    @Override
    void close();

    /**
     * Mixes backends: each capability comes from the first part that has it, time and state from the first part.
     *
     * @param first asked first
     * @param others asked in order
     * @return a transport that closes all its parts
     */
    static Transport of(Transport first, Transport... others) {
        return new MixedTransport(first, List.of(others));
    }

    /**
     * Whether a backend answers.
     *
     * @param up whether it does
     * @param reason why not, in one line; empty if it does
     */
    record LinkState(boolean up, String reason) {}

    /**
     * What connections have done.
     *
     * @param commands commands sent
     * @param trips round trips they were sent in
     * @param failed round trips without an answer
     * @param waited how long the answers of the others took, added up
     * @param connects connections made, those included that replaced lost ones
     */
    record Traffic(long commands, long trips, long failed, Duration waited, long connects) {

        Traffic plus(Traffic other) {
            return new Traffic(
                    commands + other.commands,
                    trips + other.trips,
                    failed + other.failed,
                    waited.plus(other.waited),
                    connects + other.connects);
        }
    }
}
