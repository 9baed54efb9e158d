package io.covey.cluster.core;

import io.covey.cluster.Gap;
import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.ListStore;
import io.covey.cluster.spi.LockStore;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.Place;
import io.covey.cluster.spi.SemaphoreStore;
import io.covey.cluster.spi.Transport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A real transport behind a wire that can be cut. */
final class Wire implements Transport {

    enum State {
        WHOLE,
        /** Nothing gets through. */
        CUT,
        /** Calls get through, answers do not. */
        DEAF
    }

    private final Transport far;
    private final boolean inProcess;
    private final List<Consumer<LinkState>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile State state = State.WHOLE;
    private final List<Ear> subscribers = new CopyOnWriteArrayList<>();
    private volatile boolean hintless;
    private final AtomicInteger lost = new AtomicInteger();
    private volatile boolean deaf;
    private volatile Consumer<String> tap = method -> {};

    Wire(Transport far, boolean inProcess) {
        this.far = far;
        this.inProcess = inProcess;
    }

    void become(State now) {
        state = now;
    }

    /** Called with the name of each call that has a stage, before it gets through; what it throws is the answer. */
    void tap(Consumer<String> before) {
        tap = before;
    }

    /** Who waits from now on for a lock or a permit is not told that one is free. */
    void loseHints() {
        hintless = true;
    }

    /** Whether what arrives from now on is lost. */
    void loseMessages(boolean lose) {
        deaf = lose;
    }

    /** How many messages were. */
    int lost() {
        return lost.get();
    }

    /** Tells every subscriber that messages may be missing, as after a lost connection. */
    void tellGap() {
        subscribers.forEach(
                subscriber -> subscriber.onGap(Gap.unknown(subscriber.pattern.text(), "the connection was lost")));
    }

    /** Tells whoever subscribed to a channel that the backend refuses that from now on, and has it hear nothing more. */
    void tellEnd(String channel, String reason) {
        subscribers.stream()
                .filter(subscriber -> subscriber.pattern.text().equals(channel))
                .forEach(subscriber -> subscriber.onEnd(reason));
    }

    /** Hears what is not lost on the way. */
    private final class Ear implements MessageBus.Listener {
        private final ChannelPattern pattern;
        private final MessageBus.Listener subscriber;
        private volatile boolean ended;

        Ear(ChannelPattern pattern, MessageBus.Listener subscriber) {
            this.pattern = pattern;
            this.subscriber = subscriber;
        }

        @Override
        public void onMessage(String channel, byte[] message) {
            if (!isLost()) {
                subscriber.onMessage(channel, message);
            }
        }

        @Override
        public void onMessage(String channel, byte[] message, Place place) {
            if (!isLost()) {
                subscriber.onMessage(channel, message, place);
            }
        }

        private boolean isLost() {
            if (deaf) {
                lost.incrementAndGet();
            }
            return deaf || ended;
        }

        @Override
        public void onGap(Gap gap) {
            if (!ended) {
                subscriber.onGap(gap);
            }
        }

        @Override
        public void onEnd(String reason) {
            ended = true;
            subscriber.onEnd(reason);
        }
    }

    /** How many calls did not get through. */
    int refused() {
        return refused.get();
    }

    void say(LinkState link) {
        listeners.forEach(listener -> listener.accept(link));
    }

    private <T> Optional<T> over(Class<T> type, Optional<T> capability) {
        return capability.map(target -> type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
                    State now = state;
                    boolean stage = method.getReturnType() == CompletionStage.class;
                    if (hintless && method.getName().equals("onFree")) {
                        return (Registration) () -> {};
                    }
                    if (method.getName().equals("subscribe") && args[1] instanceof MessageBus.Listener subscriber) {
                        Ear ear = new Ear((ChannelPattern) args[0], subscriber);
                        subscribers.add(ear);
                        args[1] = ear;
                    }
                    if (stage && now == State.CUT) {
                        refused.incrementAndGet();
                        return cut();
                    }
                    if (stage) {
                        try {
                            tap.accept(method.getName());
                        } catch (TransportException e) {
                            return CompletableFuture.failedFuture(e);
                        }
                    }
                    try {
                        Object answer = method.invoke(target, args);
                        return stage && now == State.DEAF ? cut() : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                })));
    }

    private static CompletionStage<Object> cut() {
        return CompletableFuture.failedFuture(new TransportException("the wire is cut"));
    }

    @Override
    public String description() {
        return far.description();
    }

    @Override
    public boolean inProcess() {
        return inProcess;
    }

    @Override
    public Optional<CacheStore> cache() {
        return over(CacheStore.class, far.cache());
    }

    @Override
    public Optional<ListStore> lists() {
        return over(ListStore.class, far.lists());
    }

    @Override
    public Optional<LockStore> locks() {
        return over(LockStore.class, far.locks());
    }

    @Override
    public Optional<SemaphoreStore> semaphores() {
        return over(SemaphoreStore.class, far.semaphores());
    }

    @Override
    public Optional<Directory> directory() {
        return over(Directory.class, far.directory());
    }

    @Override
    public Optional<MessageBus> bus() {
        return over(MessageBus.class, far.bus());
    }

    @Override
    public CompletionStage<Instant> time() {
        return far.time();
    }

    @Override
    public Registration onState(Consumer<LinkState> listener) {
        listeners.add(listener);
        listener.accept(new LinkState(true, ""));
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        far.close();
    }
}
