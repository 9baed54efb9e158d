package io.covey.cluster.cli.chaos;

import io.covey.cluster.cli.chaos.Ledger.Run;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.redis.embedded.RedisServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What Redis takes to be in the hands of workers: the tasks whose end it has not been told. That, and no time before a
 * death, tells what a dead process had not acknowledged.
 */
final class Holdings {
    private static final String SCRIPT = "local lines = {} "
            + "local raws = redis.call('HGETALL', KEYS[1]) "
            + "for i = 1, #raws, 2 do "
            + "  local meta = redis.call('HGET', KEYS[2], raws[i]) or '' "
            + "  local fence, owner = meta:match('^(%d+)|%d+|%-?%d+|([^|]+)') "
            + "  local number = raws[i + 1]:match('\"number\":(%d+)') "
            + "  if fence and number then lines[#lines + 1] = number .. ' ' .. fence .. ' ' .. owner end "
            + "end "
            + "return table.concat(lines, '\\n')";

    private record Held(int task, long fence, String owner) {
        static Held of(String line) {
            String[] words = line.split(" ");
            return new Held(Integer.parseInt(words[0]), Long.parseLong(words[1]), words[2]);
        }
    }

    private final Supplier<RedisServer> redis;
    private final String raw;
    private final String meta;

    private Holdings(String keys, Supplier<RedisServer> redis) {
        this.redis = redis;
        raw = keys + "raw";
        meta = keys + "meta";
    }

    /** As one server has them. */
    static Holdings on(Supplier<RedisServer> redis) {
        return new Holdings("covey:{resque:queue:" + Work.QUEUE + "}/", redis);
    }

    /** As the master of their slot has them. */
    static Holdings on(RedisCluster cluster) {
        return new Holdings("covey:{resque}/queue:" + Work.QUEUE + "/", () -> cluster.masterOf("{resque}"));
    }

    /** Of a process, whose owner's name is known by what it started: each task with the fence under which it is held. */
    Map<Integer, Long> of(String process, Ledger ledger) {
        String text = redis.get().command("EVAL", SCRIPT, "2", raw, meta);
        List<Held> all = text.lines().map(Held::of).toList();
        Map<Integer, Set<Long>> started = ledger.runs(process).stream()
                .collect(Collectors.groupingBy(Run::task, Collectors.mapping(Run::fence, Collectors.toSet())));
        Set<String> owners = all.stream()
                .filter(held -> started.getOrDefault(held.task(), Set.of()).contains(held.fence()))
                .map(Held::owner)
                .collect(Collectors.toSet());
        return all.stream()
                .filter(held -> owners.contains(held.owner()))
                .collect(Collectors.toMap(Held::task, Held::fence, Math::max));
    }
}
