package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.Directory.Row;
import io.covey.cluster.spi.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Pages through a group. Redis answers a small hash whole, whatever the limit: that is cut here in the order of the
 * members, and the cursor names the last one, after {@code >}. Any other cursor is Redis' own.
 */
final class RowPages {
    private RowPages() {}

    static CompletionStage<Page<Row>> next(Redis redis, String group, Optional<String> cursor, int limit) {
        boolean cut = cursor.isPresent() && cursor.get().startsWith(">");
        String from = cut ? "0" : cursor.orElse("0");
        return redis.send(RedisCommand.keyed("HSCAN", redis.keys().rows(group), from, "COUNT", limit))
                .thenApply(reply -> {
                    List<Object> parts = Replies.list(reply);
                    List<Row> rows = rows(group, Replies.list(parts.get(1)));
                    String next = Replies.text(parts.get(0));
                    if (!next.equals("0")) {
                        // Has it grown meanwhile, then it begins anew: better twice than never.
                        return new Page<>(rows, Optional.of(next));
                    }
                    if (!from.equals("0")) {
                        return new Page<>(rows, Optional.empty());
                    }
                    return cut(rows, cut ? cursor.get().substring(1) : "", limit);
                });
    }

    private static Page<Row> cut(List<Row> all, String after, int limit) {
        List<Row> rest = all.stream()
                .filter(row -> after.isEmpty() || row.member().compareTo(after) > 0)
                .sorted(Comparator.comparing(Row::member))
                .toList();
        if (rest.size() <= limit) {
            return new Page<>(rest, Optional.empty());
        }
        List<Row> page = List.copyOf(rest.subList(0, limit));
        return new Page<>(page, Optional.of(">" + page.get(limit - 1).member()));
    }

    private static List<Row> rows(String group, List<Object> flat) {
        List<Row> rows = new ArrayList<>(flat.size() / 2);
        for (int i = 0; i < flat.size(); i += 2) {
            rows.add(RowFrame.read(group, Replies.text(flat.get(i)), Replies.bytes(flat.get(i + 1))));
        }
        return rows;
    }
}
