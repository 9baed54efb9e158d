package io.covey.cluster.redis;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The hash slots of Redis Cluster. */
final class Slots {
    static final int COUNT = 16_384;

    private static final Map<Integer, String> NAMES = new ConcurrentHashMap<>();

    private Slots() {}

    /** Some text whose slot this is: what routes a command to the master of a slot. */
    static String name(int slot) {
        return NAMES.computeIfAbsent(slot, wanted -> {
            int n = 0;
            while (slot("slot-" + n) != wanted) {
                n++;
            }
            return "slot-" + n;
        });
    }

    /** The slot of a key: that of its hash tag, if it has one. */
    static int of(String key) {
        int open = key.indexOf('{');
        int close = key.indexOf('}', open + 1);
        return slot(open >= 0 && close > open + 1 ? key.substring(open + 1, close) : key);
    }

    /** The slot of a text without braces: CRC-16 (XMODEM) modulo 16384. */
    static int slot(String text) {
        int crc = 0;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            crc ^= (b & 0xFF) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ 0x1021;
            }
            crc &= 0xFFFF;
        }
        return crc % COUNT;
    }
}
