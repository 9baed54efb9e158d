package io.covey.cluster;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of an entry of a {@link Cache}. Times are of the backend's clock.
 *
 * @param written when its value was written, as the writer knew the time; it stays when a value is only touched
 * @param expires when it will expire; empty if it will not
 * @param lastUsed when it was last read or written, if the cache slides, every reader and writer of it uses the same ttl,
 *     and so the time can be told from {@code expires}; else empty: nothing records the reads of other caches
 * @param bytes how long it is as it is stored, without its key
 * @param version another after every write
 */
public record EntryInfo(
        Instant written, Optional<Instant> expires, Optional<Instant> lastUsed, int bytes, long version) {}
