package io.covey.cluster.dashboard;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a picture taken each interval while somebody looks, and hands each to the open pages. */
final class Ticker {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    private static final int INTERVALS_OF_INTEREST = 5;

    private final Sampler sampler;
    private final Duration interval;
    private final ScheduledExecutorService thread;
    private final BooleanSupplier watched;
    private final List<Consumer<Picture>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile CompletableFuture<Picture> first = new CompletableFuture<>();
    private volatile long asked = System.nanoTime();

    /**
     * @param watched whether pages are open
     */
    Ticker(Sampler sampler, Duration interval, ScheduledExecutorService thread, BooleanSupplier watched) {
        this.sampler = sampler;
        this.interval = interval;
        this.thread = thread;
        this.watched = watched;
    }

    void onPicture(Consumer<Picture> listener) {
        listeners.add(listener);
    }

    Duration interval() {
        return interval;
    }

    /** Somebody looks: pictures are taken from now on. */
    void wake() {
        asked = System.nanoTime();
        if (running.compareAndSet(false, true)) {
            first = new CompletableFuture<>();
            thread.execute(this::tick);
        }
    }

    /** The newest picture; the first after a rest is waited for, for a while. */
    Optional<Picture> picture(Duration longest) throws InterruptedException {
        wake();
        try {
            first.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Dashboard: no picture of the cluster yet");
        }
        return sampler.newest();
    }

    /** Whether pictures are being taken. */
    boolean isAwake() {
        return running.get();
    }

    private void tick() {
        try {
            Picture picture = sampler.take();
            first.complete(picture);
            listeners.forEach(listener -> listener.accept(picture));
        } catch (Throwable e) { // an Error, too: nobody would ask for the next one any more
            LOG.warn("Dashboard: no picture could be taken, that is tried again in {}: {}", interval, e.toString());
        }
        if (watched.getAsBoolean()
                || System.nanoTime() - asked
                        < interval.multipliedBy(INTERVALS_OF_INTEREST).toNanos()) {
            thread.schedule(this::tick, interval.toMillis(), TimeUnit.MILLISECONDS);
            return;
        }
        running.set(false);
        if (watched.getAsBoolean()) { // somebody came since
            wake();
        }
    }
}
