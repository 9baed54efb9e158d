package io.covey.cluster.redis.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.redis.driver.RedisUri.Endpoint;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which master has which of the 16384 hash slots. Immutable. */
final class Slots {
    private static final int COUNT = 16384;
    private static final int[] CRC16 = new int[256];

    static {
        for (int i = 0; i < CRC16.length; i++) {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ 0x1021;
            }
            CRC16[i] = crc & 0xffff;
        }
    }

    private final @Nullable Endpoint[] owners;

    private Slots(@Nullable Endpoint[] owners) {
        this.owners = owners;
    }

    /** The slot of a key: that of what is between the first brace and the next closing one, if there is something. */
    static int of(byte[] key) {
        int start = 0;
        int end = key.length;
        for (int open = 0; open < key.length; open++) {
            if (key[open] == '{') {
                int close = open + 1;
                while (close < key.length && key[close] != '}') {
                    close++;
                }
                if (close < key.length && close > open + 1) {
                    start = open + 1;
                    end = close;
                }
                break;
            }
        }
        int crc = 0;
        for (int i = start; i < end; i++) {
            crc = (crc << 8 ^ CRC16[(crc >>> 8 ^ key[i]) & 0xff]) & 0xffff;
        }
        return crc % COUNT;
    }

    /** Reads the answer to {@code CLUSTER SLOTS}; a node that does not know its own address is the one that was asked. */
    static Slots parse(Object reply, Endpoint asked) {
        @Nullable Endpoint[] owners = new Endpoint[COUNT];
        for (Object entry : (List<?>) reply) {
            List<?> range = (List<?>) entry;
            List<?> master = (List<?>) range.get(2);
            String host = master.get(0) == null ? "" : new String((byte[]) master.get(0), UTF_8);
            Endpoint owner = new Endpoint(
                    host.isEmpty() || host.equals("?") ? asked.host() : host, Math.toIntExact((Long) master.get(1)));
            for (int slot = Math.toIntExact((Long) range.get(0)); slot <= (Long) range.get(1); slot++) {
                owners[slot] = owner;
            }
        }
        return new Slots(owners);
    }

    Slots with(int slot, Endpoint owner) {
        @Nullable Endpoint[] changed = owners.clone();
        changed[slot] = owner;
        return new Slots(changed);
    }

    @Nullable
    Endpoint owner(int slot) {
        return owners[slot];
    }

    boolean sameAs(Slots other) {
        return Arrays.equals(owners, other.owners);
    }

    Collection<Endpoint> masters() {
        LinkedHashSet<Endpoint> masters = new LinkedHashSet<>();
        for (Endpoint owner : owners) {
            if (owner != null) {
                masters.add(owner);
            }
        }
        return masters;
    }
}
