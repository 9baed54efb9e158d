package io.covey.cluster.bench;

import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.RedisClient;

/**
 * What had been spent up to a moment.
 *
 * @param commands commands Redis has executed, those inside scripts included, {@code INFO} not
 * @param reads times Redis has read from a socket, which is once for all commands that came together
 * @param serverMicros CPU time of Redis, all threads
 * @param clientMicros CPU time of this JVM, all threads
 */
public record Usage(long commands, long reads, double serverMicros, double clientMicros) {
    static final Usage NONE = new Usage(0, 0, 0, 0);

    /**
     * Asks the server and this JVM.
     *
     * @param redis null if there is none
     * @return what was spent up to now
     */
    public static Usage now(@Nullable RedisClient redis) {
        double client = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                        .getProcessCpuTime()
                / 1e3;
        if (redis == null) {
            return new Usage(0, 0, 0, client);
        }
        long commands = 0;
        long reads = 0;
        double server = 0;
        for (String line : redis.info("everything").split("\r\n")) {
            String value = line.substring(line.indexOf(':') + 1);
            if (line.startsWith("cmdstat_")) {
                if (!line.startsWith("cmdstat_info:")) {
                    commands += Long.parseLong(value.substring("calls=".length(), value.indexOf(',')));
                }
            } else if (line.startsWith("total_reads_processed:")) {
                reads = Long.parseLong(value);
            } else if (line.startsWith("used_cpu_user:") || line.startsWith("used_cpu_sys:")) {
                server += Double.parseDouble(value) * 1e6;
            }
        }
        return new Usage(commands, reads, server, client);
    }

    /**
     * @param name a field of {@code INFO memory}
     * @return its value, {@code ?} if the server has none
     */
    static String memory(RedisClient redis, String name) {
        return redis.info("memory")
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse("?");
    }

    /**
     * What was spent since.
     *
     * @param other of before
     * @return the difference
     */
    public Usage minus(Usage other) {
        return new Usage(
                commands - other.commands,
                reads - other.reads,
                serverMicros - other.serverMicros,
                clientMicros - other.clientMicros);
    }

    Usage plus(Usage other) {
        return minus(NONE.minus(other));
    }
}
