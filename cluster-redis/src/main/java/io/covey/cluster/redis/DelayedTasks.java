package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.redis.driver.RedisCommand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tasks in resque's delayed lists, found by the sets that say at which times a task is delayed. node-resque and Ruby write
 * {@code delayed:SECOND} into them, node-resque before 2.0 {@code resque:delayed:SECOND}; later ones cannot remove that.
 */
final class DelayedTasks {
    private static final Script REMOVE = Script.of("task/remove-delayed");
    private static final Pattern MEMBER = Pattern.compile("(?:.*:)?delayed:([0-9]{1,18})");
    private static final int TIMES = 500;

    private final Redis redis;
    private final TaskKeys keys;

    DelayedTasks(Redis redis, TaskKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    /** A time at which some bytes are said to be delayed. */
    private record Delayed(byte[] job, String member, String second) {}

    CompletionStage<Long> remove(String queue, String type, byte[] args) {
        return delays(queue, type, args).thenCompose(delays -> remove(delays, false));
    }

    private CompletionStage<Long> remove(List<Delayed> delays, boolean onlyGhosts) {
        List<Script.Call> calls = new ArrayList<>();
        int from = 0;
        while (from < delays.size()) {
            byte[] job = delays.get(from).job();
            int to = from;
            List<String> names = new ArrayList<>(List.of(keys.schedule(), timestamps(job)));
            List<Object> given = new ArrayList<>(List.of(job, onlyGhosts ? 1 : 0));
            while (to < delays.size() && to < from + TIMES && delays.get(to).job() == job) {
                Delayed one = delays.get(to++);
                names.add(keys.delayed(one.second()));
                given.add(one.member());
                given.add(one.second());
            }
            calls.add(REMOVE.call(names, given.toArray()));
            from = to;
        }
        return calls.isEmpty()
                ? CompletableFuture.completedStage(0L)
                : redis.runAll(calls).thenApply(replies -> {
                    Replies.failOnError(replies);
                    return replies.stream()
                            .mapToLong(
                                    reply -> Replies.number(Replies.list(reply).get(0)))
                            .sum();
                });
    }

    /** What is said to be delayed and is not, is forgotten: node-resque's DelayQueueLock would refuse that task for ever. */
    CompletionStage<List<Instant>> at(String queue, String type, byte[] args) {
        return delays(queue, type, args).thenCompose(delays -> {
            List<RedisCommand> commands = delays.stream()
                    .map(one -> RedisCommand.keyed("LPOS", keys.delayed(one.second()), one.job()))
                    .toList();
            if (commands.isEmpty()) {
                return CompletableFuture.completedStage(List.of());
            }
            return redis.sendAll(commands).thenCompose(replies -> {
                Replies.failOnError(replies);
                TreeSet<Instant> times = new TreeSet<>();
                List<Delayed> ghosts = new ArrayList<>();
                for (int i = 0; i < delays.size(); i++) {
                    if (replies.get(i) == null) {
                        ghosts.add(delays.get(i));
                    } else {
                        times.add(Times.second(delays.get(i).second()));
                    }
                }
                return remove(ghosts, true).thenApply(done -> List.copyOf(times));
            });
        });
    }

    private CompletionStage<List<Delayed>> delays(String queue, String type, byte[] args) {
        keys.queue(queue);
        List<byte[]> forms = JobForms.delayed(queue, type, args);
        List<RedisCommand> commands = forms.stream()
                .map(job -> RedisCommand.keyed("SMEMBERS", timestamps(job)))
                .toList();
        return redis.sendAll(commands).thenApply(replies -> {
            Replies.failOnError(replies);
            List<Delayed> delays = new ArrayList<>();
            for (int i = 0; i < forms.size(); i++) {
                for (Object one : Replies.list(replies.get(i))) {
                    String member = Replies.text(one);
                    Matcher matcher = MEMBER.matcher(member);
                    if (matcher.matches()) {
                        delays.add(new Delayed(forms.get(i), member, matcher.group(1)));
                    }
                }
            }
            return delays;
        });
    }

    private String timestamps(byte[] job) {
        return keys.timestamps(new String(job, UTF_8));
    }
}
