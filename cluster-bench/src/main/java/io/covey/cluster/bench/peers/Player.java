package io.covey.cluster.bench.peers;

import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;

/** The other end of a {@link Corner}. */
final class Player implements AutoCloseable {
    /**
     * Who plays.
     *
     * @param name as in the table
     * @param command of its process, which gets the port of the Redis
     * @param foreign whether it takes what another producer pushes in the bytes of resque
     * @param share the part of the tasks it is given, 1 unless it is slow
     */
    record Entry(String name, IntFunction<List<String>> command, boolean foreign, double share) {}

    /**
     * What came of one call.
     *
     * @param nanos how long it took
     * @param cpuMicros CPU time of the process
     * @param p50 of the latencies, if they were asked for
     * @param p99 likewise
     */
    record Played(long nanos, double cpuMicros, long p50, long p99) {}

    private final Child child;

    Player(Entry entry, int port) throws IOException {
        child = new Child(entry.command().apply(port));
    }

    Played play(String what, int count) throws IOException {
        return play(what, count, () -> {});
    }

    /** @param meanwhile what is done once it listens */
    Played play(String what, int count, Runnable meanwhile) throws IOException {
        child.say(what + " " + count);
        String line = child.hear();
        if (line.equals("listening")) {
            meanwhile.run();
            line = child.hear();
        }
        String[] words = line.split(" ");
        boolean timed = words.length > 4;
        return new Played(
                Long.parseLong(words[1]),
                Double.parseDouble(words[2]),
                timed ? Long.parseLong(words[3]) : 0,
                timed ? Long.parseLong(words[4]) : 0);
    }

    @Override
    public void close() {
        child.close();
    }
}
