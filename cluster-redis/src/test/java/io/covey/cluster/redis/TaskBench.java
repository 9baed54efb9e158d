package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisDriver;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A broker on a server, with a way to look at the server itself. */
final class TaskBench implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(30);
    static final String Q = "mail";

    final RedisHarness harness;
    final TaskKeys keys;
    final TaskBroker broker;
    private final Transport transport;
    private @Nullable Transport other;
    private final RedisDriver driver;
    private final Map<String, Long> steps = new HashMap<>();

    TaskBench(RedisServer server) {
        harness = RedisHarness.of(server, RedisDriverFactory.over(SocketConnector::new));
        keys = new TaskKeys(harness.keys());
        transport = harness.open();
        broker = transport.tasks().orElseThrow();
        driver = harness.driver();
    }

    static <T> T on(CompletionStage<T> stage) {
        return Await.on(stage, Duration.ofSeconds(20), "test");
    }

    /** A broker of another process. */
    TaskBroker otherBroker() {
        if (other == null) {
            other = harness.open();
        }
        return other.tasks().orElseThrow();
    }

    /** The prefix of our keys of workers. */
    String ourWorkers() {
        return keys.ours("workers");
    }

    Object ask(String name, Object... args) {
        return on(driver.send(RedisCommand.of(name, args)));
    }

    static NewTask task(String type, String args, Optional<Instant> due) {
        return new NewTask(type, args.getBytes(UTF_8), Optional.empty(), due);
    }

    Enqueued enqueue(String queue, NewTask... tasks) {
        return on(broker.enqueue(queue, call("producer", queue), List.of(tasks)));
    }

    void enqueue(String queue, int count) {
        for (int left = count; left > 0; left -= TaskBroker.MOST) {
            NewTask[] tasks = new NewTask[Math.min(left, TaskBroker.MOST)];
            Arrays.fill(tasks, task("t", "[1]", Optional.empty()));
            enqueue(queue, tasks);
        }
    }

    private Call call(String lane, String queue) {
        return new Call(lane, steps.merge(lane + "/" + queue, 1L, Long::sum));
    }

    TurnAnswer turn(String owner, String queue, List<Lease> done, int limit) {
        List<Settlement> settlements = done.stream()
                .map(lease -> new Settlement(lease.id(), lease.fence(), new Outcome.Done()))
                .toList();
        return settle(owner, queue, settlements, limit);
    }

    TurnAnswer settle(String owner, String queue, List<Settlement> settlements, int limit) {
        Turn turn = new Turn(queue, call(owner, queue), owner, LEASE, 3, settlements, limit, false);
        return on(broker.turn(List.of(turn))).get(0);
    }

    List<Lease> claim(String owner, int limit) {
        return turn(owner, Q, List.of(), limit).leases();
    }

    List<TaskEvent> upkeep() {
        return on(broker.upkeep(Set.of(Q), LEASE, 3));
    }

    List<TaskEvent> ownersDie() {
        harness.pass(LEASE.plusSeconds(1), Q);
        return upkeep();
    }

    List<String> list(String key) {
        return texts(ask("LRANGE", key, 0, -1));
    }

    static List<String> texts(Object reply) {
        List<String> texts = new ArrayList<>();
        Replies.list(reply).forEach(one -> texts.add(Replies.text(one)));
        return texts;
    }

    @Override
    public void close() {
        transport.close();
        if (other != null) {
            other.close();
        }
        driver.close();
    }
}
