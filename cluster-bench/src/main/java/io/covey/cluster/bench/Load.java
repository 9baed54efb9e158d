package io.covey.cluster.bench;

import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What every benchmark of caches reads and writes; each thread goes its own way through the keys. */
@State(Scope.Thread)
public class Load {
    static final int VALUE_BYTES = 100;
    static final int KEYS = 1024;
    static final int MANY = 64;
    static final int CROWD = 64;

    final byte[] value = new byte[VALUE_BYTES];
    private int next = System.identityHashCode(this);

    /** For JMH. */
    public Load() {}

    /** The index of the next key. */
    int next() {
        return Math.floorMod(next++, KEYS);
    }

    static List<String> keys(String prefix) {
        return IntStream.range(0, KEYS).mapToObj(i -> prefix + "key-" + i).toList();
    }
}
