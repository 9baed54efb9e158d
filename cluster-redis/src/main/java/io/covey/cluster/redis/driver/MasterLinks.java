package io.covey.cluster.redis.driver;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.RedisUri.Endpoint;
import io.covey.cluster.spi.Await;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A link to each master of a Redis Cluster. What happens to any of them happens to all. */
final class MasterLinks implements RedisLinks {
    /** Of keys, until one is in a slot of a certain master, which may have a single slot. */
    private static final int MOST_TRIES = 1_000_000;

    private final Io io;
    private final ClusterNodes nodes;
    private final LinkSpec spec;
    private final String probe;
    private final Consumer<MasterLinks> onClose;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Endpoint, Master> masters = new HashMap<>();

    /** Told one at a time and in order, without the lock: the listener may call anything. */
    private final Queue<Runnable> news = new ConcurrentLinkedQueue<>();

    private final AtomicInteger untold = new AtomicInteger();
    private @Nullable SlotMap known;
    private boolean up;
    private boolean closed;

    MasterLinks(Io io, ClusterNodes nodes, LinkSpec spec, String probe, Consumer<MasterLinks> onClose) {
        this.io = io;
        this.nodes = nodes;
        this.spec = spec;
        this.probe = probe;
        this.onClose = onClose;
    }

    /** Looks who the masters are now. */
    void follow() {
        List<Master> gone = new ArrayList<>();
        lock.lock();
        try {
            SlotMap now = nodes.slots();
            if (closed || known != null && now.sameAs(known)) {
                return;
            }
            known = now;
            Collection<Endpoint> there = now.masters();
            masters.values().removeIf(master -> !there.contains(master.server) && gone.add(master));
            fell("slots of the cluster have other owners");
            there.forEach(server -> masters.computeIfAbsent(server, Master::new));
            risen();
        } finally {
            lock.unlock();
        }
        gone.forEach(master -> master.link.close());
        tell();
    }

    @Override
    public CompletionStage<Void> send(RedisCommand command) {
        return toAll(master -> master.link.send(command));
    }

    @Override
    public CompletionStage<Void> prove() {
        lock.lock();
        try {
            if (!up) {
                return CompletableFuture.failedStage(
                        new TransportException("a master of the cluster is not connected; nothing is proven"));
            }
        } finally {
            lock.unlock();
        }
        CompletableFuture<Void> proven = new CompletableFuture<>();
        toAll(Master::prove).whenComplete((done, thrown) -> {
            // After what was pushed before, which another thread may be about to tell.
            news.add(() -> {
                if (thrown == null) {
                    proven.complete(null);
                } else {
                    proven.completeExceptionally(Await.unwrap(thrown));
                }
            });
            tell();
        });
        return proven;
    }

    private CompletionStage<Void> toAll(Function<Master, CompletionStage<Object>> call) {
        return CompletableFuture.allOf(masters().stream()
                .map(call)
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture[]::new));
    }

    private List<Master> masters() {
        lock.lock();
        try {
            return List.copyOf(masters.values());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reconnect() {
        masters().forEach(master -> master.link.reconnect());
    }

    @Override
    public void close() {
        List<Master> open = masters();
        lock.lock();
        try {
            closed = true;
            up = false;
            masters.clear();
        } finally {
            lock.unlock();
        }
        open.forEach(master -> master.link.close());
        onClose.accept(this);
    }

    private void fell(String reason) {
        if (up) {
            up = false;
            news.add(() -> spec.listener().onDown(reason));
        }
    }

    private void risen() {
        if (!up && !masters.isEmpty() && masters.values().stream().allMatch(master -> master.up)) {
            up = true;
            news.add(() -> spec.listener().onUp());
        }
    }

    private void tell() {
        if (untold.getAndIncrement() != 0) {
            return;
        }
        int told = 1;
        do {
            for (Runnable next = news.poll(); next != null; next = news.poll()) {
                next.run();
            }
            told = untold.addAndGet(-told);
        } while (told != 0);
    }

    private final class Master implements LinkSpec.Listener {
        private final Endpoint server;
        private final ReconnectingLink link;
        private @Nullable String key;
        private boolean up;

        Master(Endpoint server) {
            this.server = server;
            this.link = new ReconnectingLink(
                    io,
                    () -> nodes.at(server),
                    new LinkSpec(spec.name(), Optional.empty(), spec.onConnect(), this),
                    ended -> {});
        }

        /**
         * A read of a key in a slot of its own: refused by a master that has lost its slots or the others. One that has none
         * yet answers alone for what is on its way to it.
         */
        CompletionStage<Object> prove() {
            RedisCommand proof =
                    nodes.slots().hasSlots(server) ? RedisCommand.keyed("EXISTS", key()) : RedisCommand.of("PING");
            return link.send(proof).handle((reply, thrown) -> {
                if (thrown == null) {
                    return reply;
                }
                Throwable cause = Await.unwrap(thrown);
                if (cause instanceof RedisErrorException refused) {
                    if (refused.error().code().equals("ASK")) {
                        // Its slot is on the move, but still its own.
                        return 0L;
                    }
                    if (refused.error().code().equals("MOVED")) {
                        nodes.moved(refused.error(), server);
                    }
                }
                throw cause instanceof RuntimeException known ? known : new TransportException(cause.toString());
            });
        }

        private String key() {
            lock.lock();
            try {
                SlotMap slots = nodes.slots();
                for (int n = 0; key == null || !server.equals(slots.owner(HashSlots.of(key))); n++) {
                    key = probe + "{" + n + "}";
                    if (n > MOST_TRIES) {
                        break;
                    }
                }
                return key;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void onPush(String kind, List<Object> elements) {
            news.add(() -> spec.listener().onPush(kind, elements));
            tell();
        }

        @Override
        public void onUp() {
            change(() -> {
                up = true;
                risen();
            });
        }

        @Override
        public void onDown(String reason) {
            change(() -> {
                up = false;
                fell(reason);
            });
        }

        private void change(Runnable what) {
            lock.lock();
            try {
                if (closed || masters.get(server) != this) {
                    return;
                }
                what.run();
            } finally {
                lock.unlock();
            }
            tell();
        }
    }
}
