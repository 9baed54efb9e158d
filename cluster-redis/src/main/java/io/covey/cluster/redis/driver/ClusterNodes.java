package io.covey.cluster.redis.driver;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.RedisUri.Endpoint;
import io.covey.cluster.spi.Await;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The masters of a Redis Cluster, a line to each, and which slots they have. Asked anew when a master redirects and, as
 * long as one cannot be reached, every 250 ms.
 */
final class ClusterNodes implements AutoCloseable {
    private static final long LOOK_AGAIN_MILLIS = 250;
    private static final RedisCommand SLOTS = RedisCommand.of("CLUSTER", "SLOTS");

    private final Io io;
    private final RedisUri uri;
    private final RedisDriverFactory.Listener state;
    private final Runnable onChange;
    private final Map<Endpoint, Line> lines = new ConcurrentHashMap<>();
    private final Map<Endpoint, ConfirmingLine> confirming = new ConcurrentHashMap<>();
    private final Map<Endpoint, SideLine> sides = new ConcurrentHashMap<>();
    private final Set<Endpoint> down = new LinkedHashSet<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean refreshing = new AtomicBoolean();
    private final Future<?> looking;
    private volatile SlotMap slots;
    private volatile boolean stale;
    private volatile boolean closed;

    /**
     * Connects to the masters, blocking, for at most about the connect timeout.
     *
     * @param onChange told that slots may have other owners now, on any thread; must not block
     */
    ClusterNodes(Io io, RedisUri uri, RedisDriverFactory.Listener state, Runnable onChange) {
        this.io = io;
        this.uri = uri;
        this.state = state;
        this.onChange = onChange;
        this.slots = ask(uri.endpoints());
        List<CompletableFuture<Line>> connecting =
                slots.masters().stream().map(master -> line(master).firstUp()).toList();
        try {
            CompletableFuture.allOf(connecting.toArray(CompletableFuture[]::new))
                    .get(io.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Those that answer are used; the others are looked after.
        }
        slots.masters().stream()
                .filter(master -> !line(master).up())
                .forEach(master -> lost(master, "redis " + master + " cannot be reached"));
        looking = io.timer()
                .scheduleWithFixedDelay(this::lookAgain, LOOK_AGAIN_MILLIS, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The line to the master of a key; for a slot that nobody has, or no key, any that is up. */
    Line of(RedisCommand command) {
        return line(place(command));
    }

    /** As {@link #of}, for what is sent aside. */
    Line aside(RedisCommand command) {
        Endpoint server = place(command);
        return sides.computeIfAbsent(server, at -> new SideLine(io, () -> uri.at(at)))
                .or(line(server));
    }

    private Endpoint place(RedisCommand command) {
        Endpoint owner = command.key() == RedisCommand.NO_KEY
                ? null
                : slots.owner(HashSlots.of(command.args().get(command.key())));
        return owner == null ? any() : owner;
    }

    /** As {@link #of}, for a write to be confirmed. */
    ConfirmingLine confirming(RedisCommand command) {
        return confirming(place(command));
    }

    /** As {@link #line}, for a write to be confirmed. */
    ConfirmingLine confirming(Endpoint server) {
        RedisUri.Replication replication =
                uri.replication().orElseThrow(() -> new IllegalStateException("The URI asks for no replicas"));
        return confirming.computeIfAbsent(server, at -> new ConfirmingLine(io, () -> uri.at(at), replication).start());
    }

    /** A line that is new becomes usable soon; until then commands wait for it, since the server sent us there. */
    Line line(Endpoint server) {
        return lines.computeIfAbsent(server, at -> new Line(io, () -> uri.at(at), new NodeEvents(at)).start());
    }

    /** Who has which slots, as far as is known. */
    SlotMap slots() {
        return slots;
    }

    /** Where a link to one of the masters goes. */
    RedisUri at(Endpoint master) {
        return uri.at(master);
    }

    /** Where a link goes. */
    RedisUri target(byte[] key) {
        Endpoint owner = slots.owner(HashSlots.of(key));
        return uri.at(owner == null ? any() : owner);
    }

    RedisUri target() {
        return uri.at(any());
    }

    /** Gives up the present connections. */
    void reconnect() {
        lines.values().forEach(line -> line.reconnect(Reason.ON_DEMAND));
        confirming.values().forEach(line -> line.reconnect(Reason.ON_DEMAND));
        sides.values().forEach(line -> line.reconnect(Reason.ON_DEMAND));
    }

    /** Takes in a {@code MOVED} and tells the new owner. */
    Endpoint moved(RedisError error, Endpoint asked) {
        int slot = Integer.parseInt(error.message().split(" ")[1]);
        Endpoint owner = named(error, asked);
        lock.lock();
        try {
            slots = slots.with(slot, owner);
        } finally {
            lock.unlock();
        }
        stale = true;
        onChange.run();
        return owner;
    }

    /** Takes in an {@code ASK} and tells who is asked, before it is: it may be a master that has no slot yet. */
    Endpoint asked(RedisError error, Endpoint asked) {
        Endpoint server = named(error, asked);
        boolean isNew;
        lock.lock();
        try {
            isNew = !slots.masters().contains(server);
            if (isNew) {
                slots = slots.importing(server);
            }
        } finally {
            lock.unlock();
        }
        if (isNew) {
            onChange.run();
        }
        return server;
    }

    private static Endpoint named(RedisError error, Endpoint asked) {
        String address = error.message().split(" ")[2];
        int colon = address.lastIndexOf(':');
        return SlotMap.endpoint(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)), asked);
    }

    @Override
    public void close() {
        closed = true;
        looking.cancel(false);
        closeAll();
    }

    private void closeAll() {
        lines.values().forEach(Line::close);
        confirming.values().forEach(ConfirmingLine::close);
        sides.values().forEach(SideLine::close);
    }

    private Endpoint any() {
        Collection<Endpoint> masters = slots.masters();
        return masters.stream()
                .filter(master -> line(master).up())
                .findFirst()
                .orElseGet(() ->
                        masters.stream().findFirst().orElse(uri.endpoints().get(0)));
    }

    private void lookAgain() {
        if ((stale || isDown()) && refreshing.compareAndSet(false, true)) {
            io.connecting(this::refresh, 0);
        }
    }

    private void refresh() {
        try {
            stale = false;
            Set<Endpoint> candidates = new LinkedHashSet<>();
            lines.forEach((server, line) -> {
                if (line.up()) {
                    candidates.add(server);
                }
            });
            candidates.addAll(uri.endpoints());
            SlotMap found = ask(candidates);
            lock.lock();
            try {
                slots = found;
            } finally {
                lock.unlock();
            }
            onChange.run();
            Collection<Endpoint> masters = found.masters();
            masters.forEach(this::line);
            lines.forEach((server, line) -> {
                if (!masters.contains(server)) {
                    lines.remove(server);
                    line.close();
                    found(server);
                }
            });
            confirming.forEach((server, line) -> {
                if (!masters.contains(server)) {
                    confirming.remove(server);
                    line.close();
                }
            });
            sides.forEach((server, line) -> {
                if (!masters.contains(server)) {
                    sides.remove(server);
                    line.close();
                }
            });
            if (closed) {
                closeAll();
            }
        } catch (RuntimeException | Error e) { // such as for want of a thread, which may pass
            stale = true;
        } finally {
            refreshing.set(false);
        }
    }

    private SlotMap ask(Collection<Endpoint> servers) {
        List<String> reasons = new ArrayList<>();
        for (Endpoint server : servers) {
            try (Session session = Session.connect(io, uri.at(server), (kind, elements) -> {}, ended -> {})) {
                Object reply =
                        Await.on(Replies.single(session.send(List.of(SLOTS))), io.connectTimeout(), "CLUSTER SLOTS");
                SlotMap found = SlotMap.parse(reply, server);
                if (found.masters().isEmpty()) {
                    throw new TransportException(session.name() + ": no master has any slot");
                }
                return found;
            } catch (RuntimeException e) {
                reasons.add(Reason.of(e));
            }
        }
        throw new TransportException("no node told the slots of the cluster: " + String.join("; ", reasons));
    }

    private boolean isDown() {
        lock.lock();
        try {
            return !down.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void lost(Endpoint server, String reason) {
        lock.lock();
        try {
            if (down.add(server) && down.size() == 1 && !closed) {
                state.onDown(reason);
            }
        } finally {
            lock.unlock();
        }
    }

    private void found(Endpoint server) {
        lock.lock();
        try {
            if (down.remove(server) && down.isEmpty() && !closed) {
                state.onUp();
            }
        } finally {
            lock.unlock();
        }
    }

    private final class NodeEvents implements Line.Events {
        private final Endpoint server;

        NodeEvents(Endpoint server) {
            this.server = server;
        }

        @Override
        public void onUp(Session session) {
            found(server);
        }

        @Override
        public void onDown(Session session, String reason) {
            lost(server, reason);
        }
    }
}
