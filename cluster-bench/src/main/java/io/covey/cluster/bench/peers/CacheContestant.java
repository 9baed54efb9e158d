package io.covey.cluster.bench.peers;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A cache of bytes under text, driven by {@link CacheCorner}. Has a public constructor without arguments. */
public interface CacheContestant extends AutoCloseable {

    /** The keys that there are. */
    List<String> KEYS = IntStream.range(0, 1024).mapToObj(i -> "profile-" + i).toList();

    /** How many are read by one call that reads many. */
    int MANY = 64;

    /** How long what is written lives. */
    Duration TTL = Duration.ofHours(1);

    /**
     * Connects.
     *
     * @param port of the Redis on 127.0.0.1
     * @param variant what else the contestant is to be told
     */
    void open(int port, String variant) throws Exception;

    /** Reads a value; by several threads, as all of these. */
    byte @Nullable [] get(int key);

    /** Writes a value. */
    void put(int key, byte[] value);

    /**
     * Reads {@link #MANY} values in one call.
     *
     * @param first the first of the keys, which follow one another
     * @return how many there were
     */
    default int getMany(int first) {
        throw new UnsupportedOperationException("It has no such call");
    }

    /** Takes a lock that is free and gives it back. */
    default void lock() {
        throw new UnsupportedOperationException("It has no locks");
    }

    @Override
    void close();
}
