package io.covey.cluster.redis.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports on 127.0.0.1. They lie below the range from which systems take the ports of outgoing connections, so that a
 * server which is down for a while finds its port free when it comes back; the same holds for the bus port of a Redis
 * Cluster node, which is the port plus 10000.
 */
final class Ports {
    static final int BUS_OFFSET = 10_000;

    private static final int FIRST = 11_000;
    private static final int END = 21_000;
    private static final int CLUSTER_END = 17_000;
    private static final Set<Integer> TAKEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /** A port that was free just now; this JVM does not hand it out again before {@link #giveBack}. */
    static int take(boolean withBus) {
        for (int attempt = 0; attempt < 10_000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, withBus ? CLUSTER_END : END);
            if (TAKEN.add(port)) {
                if (free(port) && (!withBus || free(port + BUS_OFFSET))) {
                    return port;
                }
                TAKEN.remove(port);
            }
        }
        throw new IllegalStateException("No free port between " + FIRST + " and " + END + " on 127.0.0.1");
    }

    static void giveBack(int port) {
        TAKEN.remove(port);
    }

    private static boolean free(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
