package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisError;
import io.covey.cluster.spi.LeaseStore.Holding;
import io.covey.cluster.spi.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** Finds locks and permits that are held, with SCAN. */
final class Holders {
    private static final Script PERMITS = Script.of("semaphore-holders");
    private static final String END = "}";

    private final Redis redis;
    private final KeyScan scan;

    Holders(Redis redis) {
        this.redis = redis;
        this.scan = new KeyScan(redis);
    }

    CompletionStage<Page<Holding>> locks(String prefix, Optional<String> cursor, int limit) {
        String begin = redis.keys().lock("");
        return keys(begin, prefix, cursor, limit).thenCompose(page -> {
            List<RedisCommand> commands = new ArrayList<>();
            for (String key : page.items()) {
                commands.add(RedisCommand.keyed("GET", key));
                commands.add(RedisCommand.keyed("PTTL", key));
            }
            return redis.sendAll(commands).thenApply(replies -> {
                List<Holding> held = new ArrayList<>();
                for (int i = 0; i < page.items().size(); i++) {
                    String name = name(begin, page.items().get(i));
                    lock(name, replies.get(2 * i), replies.get(2 * i + 1)).ifPresent(held::add);
                }
                return new Page<>(held, page.next());
            });
        });
    }

    private static Optional<Holding> lock(String name, Object value, Object left) {
        if (value == null || value instanceof RedisError || left instanceof RedisError || Replies.number(left) <= 0) {
            return Optional.empty();
        }
        String text = Replies.text(value);
        int bar = text.lastIndexOf('|');
        return bar < 0 || !text.substring(bar + 1).matches("[0-9]{1,18}")
                ? Optional.empty()
                : Optional.of(new Holding(
                        name,
                        text.substring(0, bar),
                        OptionalLong.of(Long.parseLong(text.substring(bar + 1))),
                        Duration.ofMillis(Replies.number(left))));
    }

    CompletionStage<Page<Holding>> permits(String prefix, Optional<String> cursor, int limit) {
        String begin = redis.keys().semaphore("");
        return keys(begin, prefix, cursor, limit)
                .thenCompose(page -> redis.runAll(page.items().stream()
                                .map(key -> PERMITS.call(List.of(key)))
                                .toList())
                        .thenApply(replies -> {
                            List<Holding> held = new ArrayList<>();
                            for (int i = 0; i < page.items().size(); i++) {
                                if (!(replies.get(i) instanceof RedisError)) {
                                    permits(name(begin, page.items().get(i)), Replies.list(replies.get(i)), held);
                                }
                            }
                            return new Page<>(held, page.next());
                        }));
    }

    private static void permits(String name, List<Object> owners, List<Holding> held) {
        for (int i = 0; i < owners.size(); i += 2) {
            Duration left = Duration.ofMillis(Replies.number(owners.get(i + 1)));
            held.add(new Holding(name, Replies.text(owners.get(i)), OptionalLong.empty(), left));
        }
    }

    /** Not those beside a lock: its fence. */
    private CompletionStage<Page<String>> keys(String begin, String prefix, Optional<String> cursor, int limit) {
        String opened = begin.substring(0, begin.length() - END.length());
        return scan.page(opened + prefix, cursor, limit)
                .thenApply(page -> new Page<>(
                        page.items().stream().filter(key -> key.endsWith(END)).toList(), page.next()));
    }

    private static String name(String begin, String key) {
        return key.substring(begin.length() - END.length(), key.length() - END.length());
    }
}
