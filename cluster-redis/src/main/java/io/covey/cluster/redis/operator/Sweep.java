package io.covey.cluster.redis.operator;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisError;
import java.util.List;
import java.util.Optional;

/** All keys of a server, page by page, with SCAN: each that is there all the while is seen at least once. */
final class Sweep {
    private static final int SMALLEST = 10;
    private static final int LARGEST = 1000;
    /** Names may be megabytes long. */
    private static final long MANY_BYTES = 1 << 20;

    private final Instance server;
    private int page = SMALLEST;
    private String cursor = "0";
    private boolean over;

    Sweep(Instance server) {
        this.server = server;
    }

    /** The next names, perhaps none on this page; empty when all have been seen or SCAN is not allowed. */
    Optional<List<byte[]>> next() {
        if (over) {
            return Optional.empty();
        }
        Optional<Object> answer = server.ask("SCAN", cursor, "COUNT", page);
        List<?> parts = answer.<List<?>>map(Reply::list).orElse(List.of());
        if (parts.size() < 2) {
            over = true;
            return Optional.empty();
        }
        cursor = Reply.text(parts.get(0));
        over = cursor.equals("0");
        List<byte[]> names =
                Reply.list(parts.get(1)).stream().map(byte[].class::cast).toList();
        long bytes = names.stream().mapToLong(name -> name.length).sum();
        page = bytes > MANY_BYTES ? Math.max(SMALLEST, page / 4) : Math.min(LARGEST, page * 2);
        return Optional.of(names);
    }

    /** Asks the same of several keys in one round trip; an error is an answer too. */
    List<Object> ask(List<byte[]> names, String command, Object... before) {
        return names.isEmpty()
                ? List.of()
                : server.askAll(names.stream()
                        .map(name -> {
                            Object[] args = new Object[before.length + 1];
                            System.arraycopy(before, 0, args, 0, before.length);
                            args[before.length] = name;
                            return RedisCommand.of(command, args);
                        })
                        .toList());
    }

    static boolean isRefusal(Object answer) {
        return answer instanceof RedisError error && error.code().equals("NOPERM");
    }
}
