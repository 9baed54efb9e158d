package io.covey.cluster.core.lock;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.LeaseAttempt;
import io.covey.cluster.spi.LockStore;
import io.covey.cluster.spi.SemaphoreStore;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** What can be leased under one name. */
sealed interface LeaseSource {

    /** For messages, such as {@code lock report}. */
    String what();

    /** The same for all who want the same. */
    String key();

    /** How many may hold it at a time. */
    int holders();

    CompletionStage<LeaseAttempt> acquire(String owner, Duration lease);

    CompletionStage<Boolean> extend(String owner, Duration lease);

    CompletionStage<Boolean> release(String owner);

    Registration onFree(Runnable hint);

    /** A lock. */
    record OfLock(LockStore store, String name) implements LeaseSource {

        @Override
        public String what() {
            return "lock " + name;
        }

        @Override
        public String key() {
            return what();
        }

        @Override
        public int holders() {
            return 1;
        }

        @Override
        public CompletionStage<LeaseAttempt> acquire(String owner, Duration lease) {
            return store.acquire(name, owner, lease);
        }

        @Override
        public CompletionStage<Boolean> extend(String owner, Duration lease) {
            return store.extend(name, owner, lease);
        }

        @Override
        public CompletionStage<Boolean> release(String owner) {
            return store.release(name, owner);
        }

        @Override
        public Registration onFree(Runnable hint) {
            return store.onFree(name, hint);
        }
    }

    /** The permits of a semaphore. */
    record OfSemaphore(SemaphoreStore store, String name, int holders) implements LeaseSource {

        @Override
        public String what() {
            return "permit of semaphore " + name;
        }

        @Override
        public String key() {
            return "semaphore " + name + " " + holders;
        }

        @Override
        public CompletionStage<LeaseAttempt> acquire(String owner, Duration lease) {
            return store.acquire(name, owner, holders, lease);
        }

        @Override
        public CompletionStage<Boolean> extend(String owner, Duration lease) {
            return store.extend(name, owner, lease);
        }

        @Override
        public CompletionStage<Boolean> release(String owner) {
            return store.release(name, owner);
        }

        @Override
        public Registration onFree(Runnable hint) {
            return store.onFree(name, hint);
        }
    }
}
