package io.covey.cluster.core.runtime;

import io.covey.cluster.ClusterConfig;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Node;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What every part of a node is given.
 *
 * @param self this node
 * @param config its settings
 * @param transport its backend
 * @param threads its threads
 * @param clock the backend's clock
 * @param life whether it is open
 * @param news what it does, told to who listens
 */
public record NodeContext(
        Node self,
        ClusterConfig config,
        Transport transport,
        NodeThreads threads,
        BackendClock clock,
        Lifecycle life,
        News news) {
    private static final Duration SHORTEST_HOLDING = Duration.ofSeconds(2);

    /**
     * Of a node to which nobody listens yet.
     *
     * @param self this node
     * @param config its settings
     * @param transport its backend
     * @param threads its threads
     * @param clock the backend's clock
     * @param life whether it is open
     */
    public NodeContext(
            Node self,
            ClusterConfig config,
            Transport transport,
            NodeThreads threads,
            BackendClock clock,
            Lifecycle life) {
        this(self, config, transport, threads, clock, life, new News());
    }

    /**
     * How long an answer of the backend may take.
     *
     * @return the command timeout
     */
    public Duration timeout() {
        return config.transport().commandTimeout();
    }

    /**
     * For how long what this node holds is held without being renewed: as long as the node itself may be silent, and long enough
     * to be renewed in time however short its beats.
     *
     * @return the lease of locks, permits and claims, at least 2 s
     */
    public Duration holdingLease() {
        Duration beats = config.lease();
        return beats.compareTo(SHORTEST_HOLDING) < 0 ? SHORTEST_HOLDING : beats;
    }

    /**
     * Calls the backend and waits for the answer.
     *
     * @param <T> the type of the answer
     * @param call starts the call
     * @param what what is being done, for messages
     * @return the answer
     */
    public <T> T await(Supplier<CompletionStage<T>> call, String what) {
        return await(call, () -> what);
    }

    /**
     * Calls the backend and waits for the answer.
     *
     * @param <T> the type of the answer
     * @param call starts the call
     * @param what what is being done, asked only if something goes wrong
     * @return the answer
     */
    public <T> T await(Supplier<CompletionStage<T>> call, Supplier<String> what) {
        life.ensureOpen();
        // The transport times its own commands; this is for one that does not.
        return Await.on(call.get(), timeout().plusMillis(500), what);
    }

    /**
     * A capability of the backend.
     *
     * @param <C> its type
     * @param capability what the transport has of it
     * @param what its name, for messages
     * @return the capability
     * @throws ClusterException if the backend has none
     */
    public <C> C require(Optional<C> capability, String what) {
        life.ensureOpen();
        return capability.orElseThrow(() -> new ClusterException("The transport " + transport.description() + " has no "
                + what + ": mix it with one that has by Transport.of(first, second)"));
    }
}
