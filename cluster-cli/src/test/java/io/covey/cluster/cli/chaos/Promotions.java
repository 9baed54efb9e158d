package io.covey.cluster.cli.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.redis.embedded.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which process moves how many delayed tasks to their queue, as Redis tells by MONITOR while it happens. */
final class Promotions implements AutoCloseable {
    private static final Pattern OWNER = Pattern.compile("covey\\.[^:\"]+:([0-9]+)\\+[0-9a-f]+");
    private static final Pattern MOVED = Pattern.compile("\"LTRIM\" \"resque:delayed:[0-9]+\" \"([0-9]+)\" \"-1\"");
    private static final String SCRIPT = "lua";
    /** Longer lines hold many tasks, and what is looked for stands before them. */
    private static final int LOOKED_AT = 4000;

    private final Socket socket;
    private final BufferedReader lines;
    private final Map<String, Long> byConnection = new HashMap<>();
    private final Set<Long> processes = new CopyOnWriteArraySet<>();
    private final List<Move> moves = new CopyOnWriteArrayList<>();
    private String caller = "";

    /** So many tasks by one call of a process. */
    record Move(long process, int tasks) {}

    Promotions(RedisServer redis) throws IOException {
        socket = new Socket("127.0.0.1", redis.port());
        socket.getOutputStream().write("MONITOR\r\n".getBytes(US_ASCII));
        lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1), 1 << 16);
        lines.readLine();
        Thread reader = new Thread(this::read, "chaos-monitor");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                take(line.substring(0, Math.min(LOOKED_AT, line.length())));
            }
        } catch (IOException e) {
            // closed
        }
    }

    /** Such as {@code +1795.1 [0 127.0.0.1:5000] "EVALSHA" ...}, and what a script does, {@code +1795.1 [0 lua] ...}, after it. */
    private void take(String line) {
        int end = line.indexOf(']');
        if (end < 0) {
            return;
        }
        String connection = line.substring(line.indexOf('[') + 1, end);
        if (connection.endsWith(SCRIPT)) {
            Matcher moved = MOVED.matcher(line);
            if (moved.find()) {
                moves.add(new Move(byConnection.getOrDefault(caller, 0L), Integer.parseInt(moved.group(1))));
            }
            return;
        }
        caller = connection;
        Matcher owner = OWNER.matcher(line);
        if (!byConnection.containsKey(caller) && owner.find()) {
            byConnection.put(caller, Long.valueOf(owner.group(1)));
            processes.add(Long.valueOf(owner.group(1)));
        }
    }

    /** The processes that were heard of. */
    Set<Long> processes() {
        return processes;
    }

    /** How many tasks were moved in all. */
    int moved() {
        return moves.stream().mapToInt(Move::tasks).sum();
    }

    /** Waits for so many moves from now on by some processes. */
    Move awaitMoveOf(Collection<Long> some, int count) {
        int from = moves.size();
        return await().atMost(Scene.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(
                        () -> moves.stream()
                                .skip(from)
                                .filter(move -> some.contains(move.process()))
                                .skip(count - 1L)
                                .findFirst()
                                .orElse(null),
                        move -> move != null);
    }

    /** How many of all tasks were left when each of some processes had moved its last. */
    List<Integer> leftBy(List<Long> some, int all) {
        List<Move> moved = List.copyOf(moves);
        List<Long> by = moved.stream().map(Move::process).toList();
        return some.stream()
                .map(process -> all
                        - moved.subList(0, by.lastIndexOf(process) + 1).stream()
                                .mapToInt(Move::tasks)
                                .sum())
                .toList();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
