package io.covey.cluster.redis;

import io.covey.cluster.Registration;
import io.covey.cluster.redis.driver.LinkSpec;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisErrorException;
import io.covey.cluster.redis.driver.RedisLink;
import io.covey.cluster.spi.Await;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of changes in queues, whoever makes them, on one link for all who watch: Redis tells a connection once when a key
 * changes that it has read with tracking on. So each queue is read (armed) again after each change; after a short pause,
 * longer while it is busy, since a busy worker needs no hint. Nothing is taken and nothing is written.
 *
 * <p>On Redis Cluster one link does for all queues, since all their keys share the tag of the task namespace; it follows
 * that slot to another master.
 */
final class QueueWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueWatch.class);
    private static final long SHORTEST_MS = 1;
    private static final long LONGEST_MS = 20;
    /** When to ask again a server that refused, while its slot moves for example. */
    private static final long REFUSED_MS = 250;

    private final Redis redis;
    private final TaskKeys keys;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Watched> byKey = new HashMap<>();
    private @Nullable RedisLink link;
    private boolean closed;

    QueueWatch(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    /** A queue with those who watch it. */
    private static final class Watched {
        final TaskKeys.Queue queue;
        final List<Consumer<String>> hints = new ArrayList<>();
        long pause = SHORTEST_MS;
        boolean arming;

        Watched(TaskKeys.Queue queue) {
            this.queue = queue;
        }

        RedisCommand arm() {
            return RedisCommand.keyed("EXISTS", queue.list(), queue.redo(), queue.fair());
        }
    }

    Registration add(Set<String> queues, Consumer<String> hint) {
        // a hint given twice ends once for each time
        Consumer<String> own = hint::accept;
        List<Watched> fresh = new ArrayList<>();
        RedisLink up;
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("The transport is closed, queues " + queues + " cannot be watched");
            }
            for (String name : queues) {
                TaskKeys.Queue queue = keys.queue(name);
                Watched watched = byKey.get(queue.list());
                if (watched == null) {
                    watched = new Watched(queue);
                    byKey.put(queue.list(), watched);
                    byKey.put(queue.redo(), watched);
                    byKey.put(queue.fair(), watched);
                    fresh.add(watched);
                }
                watched.hints.add(own);
            }
            up = link;
            if (up == null && !byKey.isEmpty()) {
                link = open();
            }
        } finally {
            lock.unlock();
        }
        if (up != null) {
            fresh.forEach(this::arm);
        }
        return () -> remove(queues, own);
    }

    /** Gives the present connection up; the next one finds out what it missed. */
    void reconnect() {
        RedisLink open;
        lock.lock();
        try {
            open = link;
        } finally {
            lock.unlock();
        }
        if (open != null) {
            open.reconnect();
        }
    }

    private void remove(Set<String> queues, Consumer<String> hint) {
        RedisLink idle = null;
        lock.lock();
        try {
            for (String name : queues) {
                TaskKeys.Queue queue = keys.queue(name);
                Watched watched = byKey.get(queue.list());
                if (watched != null && watched.hints.remove(hint) && watched.hints.isEmpty()) {
                    byKey.remove(queue.list());
                    byKey.remove(queue.redo());
                    byKey.remove(queue.fair());
                }
            }
            if (byKey.isEmpty()) {
                idle = link;
                link = null;
            }
        } finally {
            lock.unlock();
        }
        if (idle != null) {
            idle.close();
        }
    }

    private RedisLink open() {
        String route = byKey.values().iterator().next().queue.list();
        return redis.open(new LinkSpec("wake-up", Optional.of(route), this::onConnect, new LinkSpec.Listener() {
            @Override
            public void onPush(String kind, List<Object> elements) {
                if (kind.equals("invalidate")) {
                    changed(elements.isEmpty() ? null : elements.get(0));
                }
            }

            @Override
            public void onUp() {
                hintAll();
            }

            @Override
            public void onDown(String reason) {
                LOG.debug("The wake-up link is down, queues are polled meanwhile: {}", reason);
            }
        }));
    }

    private List<RedisCommand> onConnect() {
        List<RedisCommand> commands = new ArrayList<>();
        commands.add(RedisCommand.of("CLIENT", "TRACKING", "ON"));
        all().forEach(watched -> commands.add(watched.arm()));
        return commands;
    }

    private List<Watched> all() {
        lock.lock();
        try {
            return List.copyOf(Set.copyOf(byKey.values()));
        } finally {
            lock.unlock();
        }
    }

    private void hintAll() {
        all().forEach(this::hint);
    }

    /** All keys have changed if the list is null: the data was flushed. */
    private void changed(@Nullable Object invalidated) {
        if (invalidated instanceof List<?> names) {
            for (Object name : names) {
                Watched watched;
                lock.lock();
                try {
                    watched = byKey.get(new String(Replies.bytes(name), StandardCharsets.UTF_8));
                } finally {
                    lock.unlock();
                }
                if (watched != null) {
                    hint(watched);
                    armSoon(watched);
                }
            }
        } else {
            for (Watched watched : all()) {
                hint(watched);
                armSoon(watched);
            }
        }
    }

    private void armSoon(Watched watched) {
        long pause;
        lock.lock();
        try {
            if (watched.arming) {
                return;
            }
            watched.arming = true;
            pause = watched.pause;
        } finally {
            lock.unlock();
        }
        try {
            redis.timer().schedule(() -> arm(watched), pause, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Queue {} is not watched any more: the transport is closed", watched.queue.name());
        }
    }

    private void arm(Watched watched) {
        RedisLink up;
        lock.lock();
        try {
            watched.arming = false;
            up = byKey.get(watched.queue.list()) == watched ? link : null;
        } finally {
            lock.unlock();
        }
        if (up == null) {
            return;
        }
        up.send(watched.arm()).whenComplete((reply, thrown) -> {
            // a link that is down arms everything when it is up again
            if (thrown != null && Await.unwrap(thrown) instanceof RedisErrorException) {
                redis.later(REFUSED_MS, () -> arm(watched));
            }
            if (thrown == null) {
                boolean busy = Replies.number(reply) > 0;
                lock.lock();
                try {
                    watched.pause = busy ? Math.min(LONGEST_MS, 2 * watched.pause) : SHORTEST_MS;
                } finally {
                    lock.unlock();
                }
                if (busy) {
                    hint(watched);
                }
            }
        });
    }

    private void hint(Watched watched) {
        List<Consumer<String>> hints;
        lock.lock();
        try {
            hints = List.copyOf(watched.hints);
        } finally {
            lock.unlock();
        }
        for (Consumer<String> one : hints) {
            try {
                one.accept(watched.queue.name());
            } catch (RuntimeException e) {
                LOG.warn(
                        "A hint for queue {} was not taken, the queue is polled: {}",
                        watched.queue.name(),
                        e.toString());
            }
        }
    }

    @Override
    public void close() {
        RedisLink idle;
        lock.lock();
        try {
            closed = true;
            byKey.clear();
            idle = link;
            link = null;
        } finally {
            lock.unlock();
        }
        if (idle != null) {
            idle.close();
        }
    }
}
