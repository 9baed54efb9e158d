package io.covey.cluster.dashboard;

import java.util.Map;

/**
 * Limits of the JDK's server, which knows them only as properties of the whole process, read when its first server is made. What
 * somebody has set is left alone.
 */
final class ServerLimits {
    private static final String CONNECTIONS = "jdk.httpserver.maxConnections";
    private static final int MOST_CONNECTIONS = 300;
    private static final Map<String, String> LIMITS = Map.of(
            "sun.net.httpserver.maxReqTime",
            "20", // seconds for a request to arrive: a slow loris is cut off
            "sun.net.httpserver.idleInterval",
            "30",
            "sun.net.httpserver.maxIdleConnections",
            "100",
            "sun.net.httpserver.maxReqHeaders",
            "64",
            "sun.net.httpserver.maxReqHeaderSize",
            "32768",
            "sun.net.httpserver.drainAmount",
            "65536",
            "sun.net.httpserver.nodelay",
            "true",
            CONNECTIONS,
            Integer.toString(MOST_CONNECTIONS));

    private ServerLimits() {}

    static void set() {
        LIMITS.forEach(System.getProperties()::putIfAbsent);
    }

    /** How many requests may be read and answered at once: one of each connection, since who sends slowly holds a thread. */
    static int requestsAtOnce() {
        int most = Integer.getInteger(CONNECTIONS, MOST_CONNECTIONS);
        return most > 0 ? most : MOST_CONNECTIONS;
    }
}
