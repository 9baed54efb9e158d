package io.covey.cluster.core.lock;

import io.covey.cluster.NodeEvent.Leased;
import io.covey.cluster.Registration;
import io.covey.cluster.spi.LeaseAttempt;
import io.covey.cluster.spi.LeaseStore;
import io.covey.cluster.spi.LockStore;
import io.covey.cluster.spi.SemaphoreStore;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** What can be leased under one name. */
final class LeaseSource {
    private final Leased kind;
    private final String what;
    private final String key;
    private final int holders;
    private final String name;
    private final LeaseStore store;
    private final Asking asking;

    /** Asks for a lease of this name. */
    private interface Asking {
        CompletionStage<LeaseAttempt> acquire(String owner, Duration lease);
    }

    private LeaseSource(
            Leased kind, String what, String key, int holders, String name, LeaseStore store, Asking asking) {
        this.kind = kind;
        this.what = what;
        this.key = key;
        this.holders = holders;
        this.name = name;
        this.store = store;
        this.asking = asking;
    }

    static LeaseSource lock(LockStore store, String name) {
        String what = "lock " + name;
        return new LeaseSource(
                Leased.LOCK, what, what, 1, name, store, (owner, lease) -> store.acquire(name, owner, lease));
    }

    /** The permits of a semaphore. */
    static LeaseSource semaphore(SemaphoreStore store, String name, int holders) {
        return new LeaseSource(
                Leased.PERMIT,
                "permit of semaphore " + name,
                "semaphore " + name + " " + holders,
                holders,
                name,
                store,
                (owner, lease) -> store.acquire(name, owner, holders, lease));
    }

    Leased kind() {
        return kind;
    }

    /** For messages, such as {@code lock report}. */
    String what() {
        return what;
    }

    /** The same for all who want the same. */
    String key() {
        return key;
    }

    /** How many may hold it at a time. */
    int holders() {
        return holders;
    }

    CompletionStage<LeaseAttempt> acquire(String owner, Duration lease) {
        return asking.acquire(owner, lease);
    }

    CompletionStage<Boolean> extend(String owner, Duration lease) {
        return store.extend(name, owner, lease);
    }

    CompletionStage<Boolean> release(String owner) {
        return store.release(name, owner);
    }

    Registration onFree(Runnable hint) {
        return store.onFree(name, hint);
    }
}
