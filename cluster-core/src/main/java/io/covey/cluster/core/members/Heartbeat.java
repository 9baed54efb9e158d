package io.covey.cluster.core.members;

import io.covey.cluster.ClusterException;
import io.covey.cluster.Members;
import io.covey.cluster.Node;
import io.covey.cluster.Registration;
import io.covey.cluster.SignedBus;
import io.covey.cluster.TransportException;
import io.covey.cluster.core.runtime.Listeners;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Directory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Beats on and on. A beat that fails is followed by the next one. */
public final class Heartbeat implements Members {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final String CHANNEL = "/cluster/members";
    private static final int LOOK = 1;
    private static final Duration LEARN_EVERY = Duration.ofSeconds(30);
    private static final Duration STOPPED = Duration.ofSeconds(30);
    private static final int SPREAD_PERCENT = 10;
    private static final Duration MOST_SPREAD = Duration.ofMillis(500);

    private final NodeContext node;
    private final Membership membership;
    private final Listeners<Listener> listeners;
    private final Listeners<LeaderWatch> leaders;
    private final AtomicBoolean looking = new AtomicBoolean();
    private Optional<SignedBus> bus = Optional.empty();
    private @Nullable Future<?> deathLook;
    private long learntAt;
    private volatile long roundAt;
    private volatile long beatAt;

    /**
     * Does not beat yet.
     *
     * @param node the node
     * @param directory where the members are
     * @param registerAgain called when the backend forgot this node, to write its rows again
     */
    public Heartbeat(NodeContext node, Directory directory, Runnable registerAgain) {
        this.node = node;
        this.listeners = new Listeners<>("the members", node.threads());
        this.leaders = new Listeners<>("the leader", node.threads());
        this.membership = new Membership(node, directory, registerAgain, this::tell);
        // With the first beat: what was learnt when joining may have waited for a connection.
        this.learntAt = node.clock().nanos() - LEARN_EVERY.toNanos();
        this.roundAt = node.clock().nanos();
        this.beatAt = roundAt;
    }

    /**
     * Joins, blocking, and beats from then on.
     *
     * @param signed tells others to look at once; without it they see each change at their next beat
     */
    public void start(Optional<SignedBus> signed) {
        membership.join();
        beatAt = node.clock().nanos();
        roundAt = beatAt;
        bus = signed;
        bus.ifPresent(b -> Await.on(b.subscribe(CHANNEL, message -> hint(message)), node.timeout(), "hear of members"));
        schedule();
        sayLook();
        look();
    }

    /** Leaves. The thread of the heartbeat must be at rest or ended. */
    public void leave() {
        try {
            membership.leave();
            sayLook();
        } catch (ClusterException | IllegalStateException e) {
            LOG.atWarn()
                    .addKeyValue("event", "node.goodbye.failed")
                    .log(
                            "Node {} could not say goodbye ({}); the others take it for dead in {}",
                            node.self().id(),
                            e.getMessage(),
                            node.config().lease());
        }
    }

    @Override
    public List<Node> list() {
        node.life().ensureOpen();
        return membership.members().list();
    }

    @Override
    public List<Node> suspected() {
        node.life().ensureOpen();
        return membership.members().suspected();
    }

    @Override
    public Node leader() {
        node.life().ensureOpen();
        return membership.members().leader();
    }

    @Override
    public Optional<Node> find(String id) {
        node.life().ensureOpen();
        return Optional.ofNullable(membership.members().byId().get(id));
    }

    @Override
    public List<Node> refresh() {
        node.life().ensureOpen();
        try {
            CompletableFuture<Void> beat =
                    CompletableFuture.runAsync(this::beatOnce, node.threads().beat());
            Await.on(beat, node.timeout().multipliedBy(2), "refresh the members");
        } catch (RejectedExecutionException | CancellationException e) {
            node.life().ensureOpen();
            throw new TransportException("refresh the members: the node is closing", e);
        }
        return list();
    }

    @Override
    public Registration onChange(Listener listener) {
        node.life().ensureOpen();
        return listeners.add(listener);
    }

    @Override
    public Registration onLeader(Consumer<Node> listener) {
        node.life().ensureOpen();
        Registration registration =
                leaders.add(new LeaderWatch(() -> membership.members().leader(), listener));
        leaders.tell(LeaderWatch::look);
        return registration;
    }

    /**
     * Whether the heart has stopped, were it only that a beat does not end.
     *
     * @return what is wrong, in one line; empty if nothing is
     */
    public Optional<String> stopped() {
        long silent = node.clock().nanos() - roundAt;
        long most = Math.max(
                STOPPED.toNanos(), node.config().lease().multipliedBy(2).toNanos());
        return silent < most || node.life().ended()
                ? Optional.empty()
                : Optional.of("the heartbeat has not come round for "
                        + Duration.ofNanos(silent).toSeconds() + " s");
    }

    /**
     * Whether the others may take this node for dead.
     *
     * @return what is wrong, in one line; empty if nothing is
     */
    public Optional<String> unheard() {
        long silent = node.clock().nanos() - beatAt;
        return silent < node.config().lease().toNanos()
                ? Optional.empty()
                : Optional.of("no beat has reached the backend for "
                        + Duration.ofNanos(silent).toMillis() + " ms; the others take this node for dead");
    }

    private void tell(Change change, Node who) {
        listeners.tell(listener -> listener.changed(change, who));
        leaders.tell(LeaderWatch::look);
    }

    private void hint(SignedBus.Message message) {
        if (!message.sender().equals(node.self().id())) {
            look();
        }
    }

    /** Beats soon, once however many ask for it. */
    private void look() {
        if (looking.compareAndSet(false, true)) {
            try {
                node.threads().beat().execute(() -> {
                    looking.set(false);
                    beat();
                });
            } catch (RejectedExecutionException e) {
                LOG.debug("No further look at the members: the node is closed");
            }
        }
    }

    private void schedule() {
        long pause = node.config().beat().toNanos();
        long spread = pause * SPREAD_PERCENT / 100;
        long jittered = pause + ThreadLocalRandom.current().nextLong(-spread, spread + 1);
        try {
            node.threads().beat().schedule(this::beatAndSchedule, jittered, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("No further beat: the node is closed");
        }
    }

    private void beatAndSchedule() {
        try {
            beat();
        } finally {
            roundAt = node.clock().nanos();
            schedule();
        }
    }

    private void beat() {
        try {
            beatOnce();
            learnTime();
        } catch (RuntimeException e) {
            if (!node.life().ended()) {
                LOG.debug(
                        "A beat of node {} failed, the next one follows",
                        node.self().id(),
                        e);
            }
        }
    }

    private void beatOnce() {
        membership.beat();
        beatAt = node.clock().nanos();
        if (deathLook != null) {
            deathLook.cancel(false);
        }
        membership.nextDeath().ifPresent(this::lookIn);
    }

    /** When a lease runs out rather than at the next beat; not all nodes at once. */
    private void lookIn(Duration time) {
        long tenth = node.config().beat().toNanos() * SPREAD_PERCENT / 100;
        long spread = Math.min(tenth, MOST_SPREAD.toNanos());
        long pause = time.toNanos() + ThreadLocalRandom.current().nextLong(1, spread);
        try {
            deathLook = node.threads().beat().schedule(this::beat, pause, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("No look at who may have died: the node is closed");
        }
    }

    private void learnTime() {
        long asked = node.clock().nanos();
        if (asked - learntAt < LEARN_EVERY.toNanos()) {
            return;
        }
        learntAt = asked;
        node.clock().learn(node.await(() -> node.transport().time(), "ask for the time"), asked);
    }

    private void sayLook() {
        bus.ifPresent(b -> {
            try {
                Await.on(b.publish(CHANNEL, LOOK, new byte[0]), node.timeout(), "tell the members to look");
            } catch (CompletionException | ClusterException | IllegalStateException e) {
                LOG.debug("The others see the change at their next beat", e);
            }
        });
    }
}
