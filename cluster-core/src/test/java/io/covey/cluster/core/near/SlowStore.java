package io.covey.cluster.core.near;

import io.covey.cluster.TransportException;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.InvalidationSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A real store whose answers and news arrive when a test says so. */
final class SlowStore {
    private final CacheStore far;
    private final boolean tells;
    private final Deque<Runnable> answers = new ArrayDeque<>();
    private volatile InvalidationSource.Listener listener;
    private boolean slow;
    private boolean broken;
    private volatile boolean mute;
    private int reads;

    SlowStore(CacheStore far, boolean tells) {
        this.far = far;
        this.tells = tells;
    }

    /** Reads are executed at once and answered later. */
    void slow() {
        slow = true;
    }

    void fast() {
        slow = false;
    }

    void broken(boolean now) {
        broken = now;
    }

    /** Proves nothing. */
    void mute(boolean now) {
        mute = now;
    }

    int reads() {
        return reads;
    }

    void answerOldest() {
        answers.removeFirst().run();
    }

    void answerNewest() {
        answers.removeLast().run();
    }

    void tell(String slot) {
        listener.invalidated(List.of(slot));
    }

    void live() {
        listener.live();
    }

    void lose() {
        listener.lost("test");
    }

    CacheStore store() {
        return (CacheStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CacheStore.class}, (proxy, m, args) -> {
                    if (m.getName().equals("invalidations")) {
                        return tells ? Optional.of((InvalidationSource) this::track) : Optional.empty();
                    }
                    if (broken) {
                        return CompletableFuture.failedFuture(new IllegalStateException("broken"));
                    }
                    try {
                        Object answer = m.invoke(far, args);
                        return m.getName().equals("getAllTimed") ? read((CompletionStage<?>) answer) : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private Object read(CompletionStage<?> answer) {
        reads++;
        if (!slow) {
            return answer;
        }
        CompletableFuture<Object> later = new CompletableFuture<>();
        answers.addLast(() -> answer.thenAccept(later::complete));
        return later;
    }

    private InvalidationSource.Tracking track(String prefix, InvalidationSource.Listener to) {
        listener = to;
        return new InvalidationSource.Tracking() {
            @Override
            public CompletionStage<Void> prove() {
                return mute
                        ? CompletableFuture.failedStage(new TransportException("mute"))
                        : CompletableFuture.completedStage(null);
            }

            @Override
            public void close() {
                listener = null;
            }
        };
    }
}
