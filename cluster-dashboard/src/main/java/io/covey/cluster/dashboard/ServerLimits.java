package io.covey.cluster.dashboard;

import java.util.Map;

/**
 * Limits of the JDK's server, which knows them only as properties of the whole process, read when its first server is made. What
 * somebody has set is left alone.
 */
final class ServerLimits {
    private static final Map<String, String> LIMITS = Map.of(
            "sun.net.httpserver.maxReqTime", "20", // seconds for a request to arrive: a slow loris is cut off
            "sun.net.httpserver.idleInterval", "30",
            "sun.net.httpserver.maxIdleConnections", "100",
            "sun.net.httpserver.maxReqHeaders", "64",
            "sun.net.httpserver.maxReqHeaderSize", "32768",
            "sun.net.httpserver.drainAmount", "65536",
            "sun.net.httpserver.nodelay", "true",
            "jdk.httpserver.maxConnections", "300");

    private ServerLimits() {}

    static void set() {
        LIMITS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }
}
