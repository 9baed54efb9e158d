package io.covey.cluster.redis;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.LinkSpec;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisErrorException;
import io.covey.cluster.redis.driver.RedisLinks;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.InvalidationSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * News of changed entries by CLIENT TRACKING in broadcast mode, on links of their own, one to each master. Redis tells of
 * every key with one of the prefixes asked for, whoever changed it, and refuses prefixes of which one begins with another.
 *
 * <p>Everything happens in one sequence, without a lock: what a link says, and what callers ask.
 */
final class RedisInvalidations implements InvalidationSource {
    private static final Logger LOG = LoggerFactory.getLogger(RedisInvalidations.class);
    private static final long TRY_AGAIN_MS = 5000;

    private final Redis redis;
    private final Serial sequence = new Serial();
    private final List<Listening> all = new ArrayList<>();

    /** What this connection was asked to tell of, of which what is told already. */
    private final TreeSet<String> asked = new TreeSet<>();

    private final TreeSet<String> told = new TreeSet<>();
    private @Nullable Ears ears;
    private @Nullable RedisLinks links;
    private boolean up;
    private boolean refused;
    private long connection;

    RedisInvalidations(Redis redis) {
        this.redis = redis;
    }

    @Override
    public Tracking track(String prefix, Listener listener) {
        Listening one =
                new Listening(redis.keys().cache(prefix), redis.keys().cache("").length(), listener);
        sequence.execute(() -> begin(one));
        return one;
    }

    /** Whatever was lost with a connection for commands, news may have been lost with it. */
    void doubt() {
        sequence.execute(() -> {
            if (links != null && up) {
                links.reconnect();
            }
        });
    }

    private void begin(Listening one) {
        all.add(one);
        RedisLinks open = links;
        if (open == null) {
            Ears own = new Ears();
            ears = own;
            links = redis.openToAll(
                    new LinkSpec("near", Optional.empty(), List::of, own),
                    redis.keys().cache(""));
        } else if (up) {
            ask(open, one);
        }
    }

    private void end(Listening one) {
        one.live = false;
        RedisLinks open = links;
        if (all.remove(one) && all.isEmpty() && open != null) {
            ears = null;
            links = null;
            up = false;
            connection++;
            open.close();
        }
    }

    private void ask(RedisLinks open, Listening one) {
        if (covers(told, one.prefix)) {
            one.begin();
        } else if (!covers(asked, one.prefix)) {
            if (asked.stream().anyMatch(other -> other.startsWith(one.prefix))) {
                // The longer prefixes must be given up first.
                open.reconnect();
            } else {
                ask(open, List.of(one.prefix));
            }
        }
    }

    private void askForAll(RedisLinks open) {
        asked.clear();
        told.clear();
        List<String> prefixes = new ArrayList<>();
        for (String prefix : new TreeSet<>(all.stream().map(one -> one.prefix).toList())) {
            if (!covers(prefixes, prefix)) {
                prefixes.add(prefix);
            }
        }
        // Of the links to several masters perhaps one alone was lost.
        long in = connection;
        open.send(RedisCommand.of("CLIENT", "TRACKING", "OFF"))
                .whenComplete((done, thrown) -> sequence.execute(() -> failed(in, thrown)));
        ask(open, prefixes);
    }

    private void ask(RedisLinks open, List<String> prefixes) {
        List<Object> args = new ArrayList<>(List.of("TRACKING", "ON", "BCAST"));
        for (String prefix : prefixes) {
            args.add("PREFIX");
            args.add(prefix);
        }
        asked.addAll(prefixes);
        long in = connection;
        open.send(RedisCommand.of("CLIENT", args.toArray()))
                .whenComplete((done, thrown) -> sequence.execute(() -> {
                    if (in == connection && thrown == null) {
                        refused = false;
                        told.addAll(prefixes);
                        List.copyOf(all).forEach(one -> {
                            if (!one.live && covers(told, one.prefix)) {
                                one.begin();
                            }
                        });
                    }
                    failed(in, thrown);
                }));
    }

    private void failed(long in, @Nullable Throwable thrown) {
        if (in != connection || thrown == null || !(Await.unwrap(thrown) instanceof RedisErrorException answer)) {
            // A link that was lost says so itself, and one that does not answer is given up.
            return;
        }
        if (!refused) {
            refused = true;
            LOG.atWarn()
                    .addKeyValue("event", "cache.near.refused")
                    .log(
                            "The server refuses CLIENT TRACKING ({}): near-caches keep nothing, every read asks the server; asked again every {} ms",
                            answer.error().message(),
                            TRY_AGAIN_MS);
        }
        connection++;
        long now = connection;
        redis.later(
                TRY_AGAIN_MS,
                () -> sequence.execute(() -> {
                    RedisLinks open = links;
                    if (now == connection && up && open != null) {
                        lose("tracking was refused");
                        askForAll(open);
                    }
                }));
    }

    private static boolean covers(Iterable<String> prefixes, String prefix) {
        for (String one : prefixes) {
            if (prefix.startsWith(one)) {
                return true;
            }
        }
        return false;
    }

    private void lose(String reason) {
        all.forEach(one -> one.lose(reason));
    }

    /** Everything has changed if there is no list: the data was flushed. */
    private void changed(@Nullable Object names) {
        if (!(names instanceof List<?> list)) {
            for (Listening one : List.copyOf(all)) {
                if (one.live) {
                    one.lose("the server's data was flushed");
                    one.begin();
                }
            }
            return;
        }
        List<String> keys = list.stream().map(Replies::text).toList();
        all.forEach(one -> one.changed(keys));
    }

    /** What the links say, until others are opened. */
    private final class Ears implements LinkSpec.Listener {

        @Override
        public void onUp() {
            hear(() -> {
                RedisLinks open = links;
                if (open != null) {
                    up = true;
                    connection++;
                    askForAll(open);
                }
            });
        }

        @Override
        public void onDown(String reason) {
            hear(() -> {
                up = false;
                connection++;
                lose(reason);
            });
        }

        @Override
        public void onPush(String kind, List<Object> elements) {
            if (kind.equals("invalidate")) {
                hear(() -> changed(elements.isEmpty() ? null : elements.get(0)));
            }
        }

        private void hear(Runnable news) {
            sequence.execute(() -> {
                if (ears == this) {
                    news.run();
                }
            });
        }
    }

    private final class Listening implements Tracking {
        private final String prefix;
        private final int begin;
        private final Listener listener;
        private boolean live;
        private volatile boolean closed;

        Listening(String prefix, int begin, Listener listener) {
            this.prefix = prefix;
            this.begin = begin;
            this.listener = listener;
        }

        private void begin() {
            live = true;
            tell(listener::live);
        }

        private void lose(String reason) {
            if (live) {
                live = false;
                tell(() -> listener.lost(reason));
            }
        }

        private void changed(List<String> names) {
            List<String> mine = new ArrayList<>(names.size());
            for (String name : names) {
                if (name.startsWith(prefix)) {
                    mine.add(name.substring(begin));
                }
            }
            if (!mine.isEmpty()) {
                tell(() -> listener.invalidated(mine));
            }
        }

        private void tell(Runnable call) {
            if (closed) {
                return;
            }
            try {
                call.run();
            } catch (RuntimeException e) {
                LOG.warn("A listener to the changes of {} failed; it hears of the next ones", prefix, e);
            }
        }

        @Override
        public CompletionStage<Void> prove() {
            CompletableFuture<Void> proven = new CompletableFuture<>();
            sequence.execute(() -> {
                RedisLinks open = links;
                if (!live || open == null) {
                    proven.completeExceptionally(
                            new TransportException("Changes of " + prefix + " are not told at present"));
                    return;
                }
                long in = connection;
                // In line, so that what was pushed before has been told.
                open.prove()
                        .whenComplete((done, thrown) -> sequence.execute(() -> {
                            if (thrown != null) {
                                proven.completeExceptionally(Await.unwrap(thrown));
                            } else if (!live || in != connection) {
                                proven.completeExceptionally(
                                        new TransportException("Changes of " + prefix + " were not told meanwhile"));
                            } else {
                                proven.complete(null);
                            }
                        }));
            });
            return proven;
        }

        @Override
        public void close() {
            closed = true;
            sequence.execute(() -> end(this));
        }
    }
}
