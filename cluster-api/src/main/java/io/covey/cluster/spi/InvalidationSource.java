package io.covey.cluster.spi;

import io.covey.cluster.Registration;
import java.util.Collection;
import java.util.concurrent.CompletionStage;

/**
 * Tells when entries of a {@link CacheStore} change, so that copies of them can be kept. An entry changes when it is put,
 * touched, removed or expires, whoever did it. Thread-safe.
 */
public interface InvalidationSource {

    /**
     * Begins to listen. Returns at once; {@link Listener#live()} says from when on.
     *
     * @param prefix what the keys start with; it may overlap with those of others
     * @param listener who hears of changes
     * @return closing it ends the listening, as does closing the transport; neither is told to the listener
     */
    Tracking track(String prefix, Listener listener);

    /** Who listens to the changes of a prefix. */
    interface Tracking extends Registration {

        /**
         * Asks for a proof that news get through.
         *
         * @return completes when the listener has been told of every change whose call was answered before this call; fails
         *     with a {@link io.covey.cluster.TransportException} if that cannot be said now
         */
        CompletionStage<Void> prove();
    }

    /**
     * Hears of changes, on any thread, perhaps while a change is made or before {@link #track} has returned; one call at a
     * time of {@link #live} and {@link #lost}, and of {@link #invalidated} too unless the changes are made at the same time.
     * Must not block.
     */
    interface Listener {

        /** From now on every change is told: what is read from the store after this call has begun may be kept. */
        void live();

        /**
         * Entries have changed, or may have.
         *
         * @param keys which, each starting with the prefix
         */
        void invalidated(Collection<String> keys);

        /**
         * Anything may have changed without being told: nothing that was read so far may be kept, and nothing that is read
         * until {@link #live()} comes again.
         *
         * @param reason what happened, in one line
         */
        void lost(String reason);
    }
}
