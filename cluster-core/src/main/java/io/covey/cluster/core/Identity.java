package io.covey.cluster.core;

import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Node;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;

/** Who a node is: another one each time a process joins. */
final class Identity {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int LONGEST_NAME = 50;
    private static final int LONGEST_HOST = 50;

    private Identity() {}

    static Node of(ClusterConfig config, Instant joinedAt) {
        String host = host();
        long pid = ProcessHandle.current().pid();
        String id = id(config.name(), host, pid, joinedAt);
        return new Node(id, config.name(), host, pid, joinedAt, config.metadata());
    }

    static String id(String name, String host, long pid, Instant joinedAt) {
        return fit(name, LONGEST_NAME) + ":" + fit(host, LONGEST_HOST) + "." + pid + "."
                + Long.toString(joinedAt.toEpochMilli(), Character.MAX_RADIX) + "."
                + HexFormat.of().toHexDigits(RANDOM.nextLong());
    }

    private static String fit(String text, int longest) {
        String plain = text.replaceAll("[^A-Za-z0-9_.:-]", "-");
        return plain.length() <= longest ? plain : plain.substring(0, longest);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
