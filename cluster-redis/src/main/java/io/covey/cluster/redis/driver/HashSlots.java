package io.covey.cluster.redis.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The hash slots of Redis Cluster. */
public final class HashSlots {
    /** How many there are. */
    public static final int COUNT = 16_384;

    private static final int[] CRC16 = new int[256];
    private static final Map<Integer, String> NAMES = new ConcurrentHashMap<>();

    static {
        for (int i = 0; i < CRC16.length; i++) {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ 0x1021;
            }
            CRC16[i] = crc & 0xffff;
        }
    }

    private HashSlots() {}

    /**
     * The slot of a key: that of what is between the first brace and the next closing one, if there is something.
     *
     * @param key the key
     * @return 0 to {@link #COUNT} - 1
     */
    public static int of(byte[] key) {
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

    /**
     * The slot of a key.
     *
     * @param key the key
     * @return 0 to {@link #COUNT} - 1
     */
    public static int of(String key) {
        return of(key.getBytes(UTF_8));
    }

    /**
     * Some text whose slot this is: what routes a command to the master of a slot.
     *
     * @param slot 0 to {@link #COUNT} - 1
     * @return the same for the same slot, without braces
     */
    public static String name(int slot) {
        return NAMES.computeIfAbsent(slot, wanted -> {
            int n = 0;
            while (of("slot-" + n) != wanted) {
                n++;
            }
            return "slot-" + n;
        });
    }
}
