package io.covey.cluster.redis;

import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.TransportTimeoutException;
import io.covey.cluster.redis.Route.Kind;
import io.covey.cluster.redis.Route.State;
import io.covey.cluster.redis.Route.Target;
import io.covey.cluster.redis.driver.LinkSpec;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisError;
import io.covey.cluster.redis.driver.RedisLink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;

/**
 * All subscriptions of a transport on one link. What is pushed for a channel goes to those who asked for that channel,
 * what is pushed for a prefix to those who asked for that prefix, so that each hears a message once. After a lost
 * connection everything is asked for again, and each receiver hears of the gap once it is live.
 */
final class Subscriber implements LinkSpec.Listener, AutoCloseable {
    private static final long RESEND_MS = 50;

    private final Redis redis;
    private final Watch watch;
    private final Map<Target, Route> routes = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** Commands leave in the order in which the routes changed, but not under the lock: a link calls back as it likes. */
    private final Serial sending = new Serial();

    private final CompletableFuture<Void> firstUp = new CompletableFuture<>();
    private final RedisLink link;
    private int connection;
    private boolean up;
    private boolean closed;
    private volatile long heardAt = System.nanoTime();

    /** What was pushed last was for this channel, and what comes next most likely is. Of the thread that pushes. */
    private byte[] lastName = {};

    private Target lastTarget = new Target(Kind.CHANNEL, "");

    /** Hears how the link is. Must not block. */
    interface Watch {
        void onUp();

        void onDown(String reason);

        /** The server has given up a channel by itself: its slot goes to another. */
        void onMoved();
    }

    /**
     * @param route on Redis Cluster: the key whose master to connect to; empty connects to any node
     */
    Subscriber(Redis redis, Watch watch, String name, Optional<String> route) {
        this.redis = redis;
        this.watch = watch;
        this.link = redis.open(new LinkSpec(name, route, this::subscriptions, this));
    }

    /** Completes when the link is up for the first time. */
    CompletionStage<Void> firstUp() {
        return firstUp;
    }

    /** When the link last heard anything, as of {@link System#nanoTime}. */
    long heardAt() {
        return heardAt;
    }

    boolean isUp() {
        lock.lock();
        try {
            return up;
        } finally {
            lock.unlock();
        }
    }

    void reconnect() {
        link.reconnect();
    }

    /**
     * @return completes when the server has confirmed; waits for a link that is down, but at most the command timeout
     */
    CompletionStage<Registration> subscribe(Target target, Subscription.Receiver receiver) {
        Subscription subscription = new Subscription(receiver);
        lock.lock();
        try {
            if (closed) {
                return CompletableFuture.failedStage(new TransportException("The transport is closed"));
            }
            Route route = routes.get(target);
            if (route == null) {
                route = new Route(target);
                routes.put(target, route);
                request(route, State.ASKED);
            }
            route.receivers().add(subscription);
            if (route.state() == State.LIVE) {
                subscription.live().complete(null);
            }
        } finally {
            lock.unlock();
        }
        sending.drain();
        return whenLive(target, subscription);
    }

    private CompletionStage<Registration> whenLive(Target target, Subscription subscription) {
        Registration registration = () -> leave(target, subscription);
        if (!subscription.live().isDone()) {
            Future<?> timeout = redis.later(redis.commandTimeout().toMillis(), () -> {
                if (subscription
                        .live()
                        .completeExceptionally(new TransportTimeoutException("No subscription to " + target.name()
                                + " in " + redis.commandTimeout().toMillis() + " ms; it was given up"))) {
                    registration.close();
                }
            });
            subscription.live().whenComplete((done, thrown) -> timeout.cancel(false));
        }
        return subscription.live().thenApply(done -> registration);
    }

    private void leave(Target target, Subscription subscription) {
        subscription.close();
        lock.lock();
        try {
            Route route = routes.get(target);
            if (route != null && route.receivers().remove(subscription)) {
                settle(route);
            }
        } finally {
            lock.unlock();
        }
        sending.drain();
    }

    /** A live route that nobody wants is left; one that is asked for is left when it is confirmed. */
    private void settle(Route route) {
        if (route.state() == State.LIVE && route.receivers().isEmpty()) {
            request(route, State.LEAVING);
        }
    }

    private void request(Route route, State state) {
        route.state(state);
        route.sentIn(connection);
        int in = connection;
        RedisCommand command = route.command();
        sending.add(() -> link.send(command).whenComplete((written, thrown) -> {
            if (thrown != null) {
                notSent(route, state, in);
            }
        }));
    }

    /** The link was not up, or was lost: then its next connection asks for the route, unless it did so already. */
    private void notSent(Route route, State state, int in) {
        lock.lock();
        try {
            if (in != connection || route.state() != state || closed) {
                return;
            }
            route.sentIn(-1);
            if (up) {
                redis.later(RESEND_MS, this::sendUnsent);
            }
        } finally {
            lock.unlock();
        }
    }

    void sendUnsent() {
        lock.lock();
        try {
            if (up && !closed) {
                for (Route route : routes.values()) {
                    if (route.sentIn() != connection) {
                        request(route, route.state());
                    }
                }
            }
        } finally {
            lock.unlock();
        }
        sending.drain();
    }

    /** What a new connection begins with. */
    private List<RedisCommand> subscriptions() {
        lock.lock();
        try {
            connection++;
            routes.values().removeIf(route -> route.receivers().isEmpty());
            List<RedisCommand> commands = new ArrayList<>(routes.size());
            for (Route route : routes.values()) {
                if (route.state() == State.LIVE) {
                    // A connection that was lost before it was up was never reported.
                    route.receivers().forEach(receiver -> receiver.lost("the connection was lost again"));
                }
                route.state(State.ASKED);
                route.sentIn(connection);
                commands.add(route.command());
            }
            return commands;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onUp() {
        heardAt = System.nanoTime();
        lock.lock();
        try {
            up = true;
        } finally {
            lock.unlock();
        }
        sendUnsent();
        watch.onUp();
        firstUp.complete(null);
    }

    /** A user without the right to a channel gets it at no connection, and would have all others go under with it. */
    @Override
    public void onRefused(RedisCommand command, RedisError error) {
        if (!error.code().equals("NOPERM")) {
            return;
        }
        List<Subscription> refused = new ArrayList<>();
        lock.lock();
        try {
            routes.values().removeIf(route -> {
                RedisCommand its = route.command();
                boolean same = its.name().equals(command.name())
                        && Arrays.equals(its.args().get(0), command.args().get(0));
                if (same) {
                    refused.addAll(route.receivers());
                }
                return same;
            });
        } finally {
            lock.unlock();
        }
        String name = new String(command.args().get(0), StandardCharsets.UTF_8);
        String reason = "Redis refuses a subscription to " + name + ": " + error.message();
        refused.forEach(subscription -> subscription.refused(reason));
    }

    @Override
    public void onDown(String reason) {
        lock.lock();
        try {
            up = false;
            for (Route route : routes.values()) {
                route.receivers().forEach(receiver -> receiver.lost(reason));
                if (route.state() == State.LIVE) {
                    route.state(State.ASKED);
                }
                route.sentIn(-1);
            }
        } finally {
            lock.unlock();
        }
        watch.onDown(reason);
    }

    @Override
    public void onPush(String kind, List<Object> elements) {
        heardAt = System.nanoTime();
        switch (kind) {
            case "message" -> {
                Target target = named(elements.get(0));
                deliver(target, target.name(), elements.get(1));
            }
            case "pmessage" ->
                deliver(
                        new Target(Kind.PREFIX, Replies.text(elements.get(0))),
                        Replies.text(elements.get(1)),
                        elements.get(2));
            case "smessage" -> {
                String channel = Replies.text(elements.get(0));
                deliver(new Target(Kind.SHARDED, channel), channel, elements.get(1));
            }
            case "subscribe" -> confirmed(new Target(Kind.CHANNEL, Replies.text(elements.get(0))));
            case "psubscribe" -> confirmed(new Target(Kind.PREFIX, Replies.text(elements.get(0))));
            case "ssubscribe" -> confirmed(new Target(Kind.SHARDED, Replies.text(elements.get(0))));
            case "unsubscribe" -> left(Kind.CHANNEL, elements.get(0));
            case "punsubscribe" -> left(Kind.PREFIX, elements.get(0));
            case "sunsubscribe" -> left(Kind.SHARDED, elements.get(0));
            default -> {
                // Nothing else was asked for on this link.
            }
        }
    }

    private Target named(Object name) {
        byte[] bytes = Replies.bytes(name);
        if (!Arrays.equals(bytes, lastName)) {
            lastName = bytes;
            lastTarget = new Target(Kind.CHANNEL, Replies.text(bytes));
        }
        return lastTarget;
    }

    private void deliver(Target target, String channel, Object message) {
        Route route = routes.get(target);
        if (route != null) {
            byte[] bytes = Replies.bytes(message);
            for (Subscription receiver : route.receivers()) {
                receiver.message(channel, bytes);
            }
        }
    }

    private void confirmed(Target target) {
        List<Subscription> receivers;
        lock.lock();
        try {
            Route route = routes.get(target);
            if (route == null || route.state() != State.ASKED) {
                return;
            }
            route.state(State.LIVE);
            settle(route);
            receivers = List.copyOf(route.receivers());
        } finally {
            lock.unlock();
        }
        sending.drain();
        receivers.forEach(Subscription::confirmed);
    }

    private void left(Kind kind, Object name) {
        if (name == null) {
            return;
        }
        Target target = new Target(kind, Replies.text(name));
        lock.lock();
        try {
            Route route = routes.get(target);
            if (route == null) {
                return;
            }
            if (route.state() != State.LEAVING) {
                if (kind == Kind.SHARDED) {
                    taken(route);
                }
                return;
            }
            if (route.receivers().isEmpty()) {
                routes.remove(target);
            } else {
                request(route, State.ASKED);
            }
        } finally {
            lock.unlock();
        }
        sending.drain();
    }

    /** The server will push no more for a route that was not cancelled. */
    private void taken(Route route) {
        if (route.state() == State.LIVE) {
            route.receivers().forEach(receiver -> receiver.lost("its slot has moved to another master"));
            route.state(State.ASKED);
        }
        route.sentIn(-1);
        redis.later(0, watch::onMoved);
    }

    @Override
    public void close() {
        List<Subscription> open = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            up = false;
            routes.values().forEach(route -> open.addAll(route.receivers()));
            routes.clear();
        } finally {
            lock.unlock();
        }
        open.forEach(subscription -> {
            subscription.close();
            subscription.live().completeExceptionally(new TransportException("The transport was closed"));
        });
        link.close();
    }
}
