package io.covey.cluster.redis;

import static io.covey.cluster.redis.TaskBench.Q;
import static io.covey.cluster.redis.TaskBench.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueControl.Changed;
import io.covey.cluster.spi.QueueControl.Listed;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many failed tasks at once, beside the tools of other fleets. */
final class FailedBatchTest {
    @RegisterExtension
    static final Shared<RedisServer> SERVER = new Shared<>(RedisServer::start);

    private TaskBench bench;
    private QueueControl control;

    @BeforeEach
    void open() {
        bench = new TaskBench(SERVER.get());
        control = bench.broker.control().orElseThrow();
    }

    @AfterEach
    void close() {
        SERVER.get().command("CONFIG", "SET", "maxmemory", "0");
        bench.close();
    }

    /** As another fleet writes it, with a space that none of ours would keep. */
    private static String entry(String queue, Object number) {
        return "{\"queue\": \"" + queue + "\",\"payload\":{\"class\":\"a\",\"args\":[" + number + "]},\"error\":\"x\"}";
    }

    private void push(String... entries) {
        bench.ask("RPUSH", concat(bench.keys.failed(), entries));
    }

    private static Object[] concat(String key, String... more) {
        List<Object> all = new ArrayList<>(List.of(key));
        all.addAll(List.of(more));
        return all.toArray();
    }

    private List<String> entries() {
        return bench.list(bench.keys.failed());
    }

    private List<Listed> listed() {
        List<FailedTask> tasks = on(bench.broker.inspector().failed(0, 1000));
        return IntStream.range(0, tasks.size())
                .mapToObj(place -> new Listed(tasks.get(place), place))
                .toList();
    }

    @Test
    void othersPushAndRemoveMeanwhileAndNeitherOrderNorBytesSuffer() {
        Random random = new Random(7);
        for (int round = 0; round < 20; round++) {
            bench.ask("DEL", bench.keys.failed());
            bench.ask("DEL", bench.keys.queue(Q).list());
            push(IntStream.range(0, 300).mapToObj(i -> entry(Q, i)).toArray(String[]::new));
            List<Listed> chosen = new ArrayList<>();
            for (Listed one : listed()) {
                if (random.nextInt(3) == 0) {
                    chosen.add(one);
                }
            }
            List<String> expected = new ArrayList<>(entries());
            int removed = random.nextInt(60);
            for (int i = 0; i < removed; i++) {
                String victim = expected.remove(random.nextInt(round < 10 ? expected.size() : 20));
                bench.ask("LREM", bench.keys.failed(), 1, victim);
            }
            push(entry(Q, "\"new\""));
            expected.add(entry(Q, "\"new\""));
            List<String> wanted = chosen.stream()
                    .map(one -> new String(one.task().entry(), StandardCharsets.UTF_8))
                    .filter(expected::contains)
                    .toList();
            boolean drops = round % 2 == 0;
            Changed changed = on(drops ? control.dropAll(chosen) : control.retryAll(chosen));
            assertThat(changed.count()).isEqualTo(wanted.size());
            expected.removeAll(wanted);
            assertThat(entries()).isEqualTo(expected);
            assertThat(bench.list(bench.keys.queue(Q).list())).hasSize(drops ? 0 : wanted.size());
        }
    }

    @Test
    void aFullRedisLetsThemBeDroppedAndRefusesWholeToRunThemAgain() {
        push(IntStream.range(0, 20).mapToObj(i -> entry(Q, i)).toArray(String[]::new));
        List<Listed> all = listed();
        SERVER.get().command("CONFIG", "SET", "maxmemory", "1");
        assertThatThrownBy(() -> on(control.retryAll(all))).hasMessageContaining("OOM");
        assertThat(entries()).hasSize(20);
        assertThat(bench.ask("EXISTS", bench.keys.queue(Q).list())).isEqualTo(0L);
        assertThat(on(control.dropAll(all.subList(5, 15))).count()).isEqualTo(10);
        assertThat(entries()).hasSize(10);
    }

    @Test
    void oneThatCannotBeRunAgainKeepsNoOtherFromIt() {
        push(entry(Q, 1), "no json", entry("else", 2), "{\"payload\":{\"class\":\"a\"}}", entry(Q, 3));
        bench.ask("HSET", bench.keys.queue("else").list(), "f", "v");
        Changed changed = on(control.retryAll(listed()));
        assertThat(changed.count()).isEqualTo(2);
        assertThat(changed.refused())
                .hasSize(3)
                .anySatisfy(why -> assertThat(why.getMessage()).contains("is no list", "stays among the failed"));
        assertThat(entries()).hasSize(3).doesNotContain(entry(Q, 1), entry(Q, 3));
        assertThat(bench.list(bench.keys.queue(Q).list())).hasSize(2);
        assertThat(on(control.dropAll(listed())).count()).isEqualTo(3);
    }

    @Test
    void thoseWithAKeyGoIntoTheListOfAQueueThatIsNoneOfOursAnyMore() {
        on(control.change(Q, settings -> settings.withKind(Kind.OWN)));
        on(control.change("own", settings -> settings.withKind(Kind.OWN)));
        for (String queue : List.of(Q, "own")) {
            bench.enqueue(queue, keyed("k"), keyed("l"));
            List<Lease> leases = bench.turn("ada", queue, List.of(), 5).leases();
            List<Settlement> settlements = leases.stream()
                    .map(lease -> new Settlement(
                            lease.id(),
                            lease.fence(),
                            new Outcome.Fail(new Failure(lease.content(), "E", "m", List.of(), "w", Instant.EPOCH))))
                    .toList();
            bench.settle("ada", queue, settlements, 0);
        }
        on(control.change(Q, settings -> settings.withKind(Kind.SHARED)));
        assertThat(on(control.retryAll(listed())).count()).isEqualTo(4);
        assertThat(entries()).isEmpty();
        assertThat(bench.list(bench.keys.queue(Q).list())).hasSize(2);
        assertThat(bench.turn("ada", "own", List.of(), 5).leases())
                .extracting(Lease::attempt)
                .containsExactly(1, 1);
    }

    private static NewTask keyed(String key) {
        return new NewTask(
                "t",
                "[1]".getBytes(StandardCharsets.UTF_8),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.of(key),
                Optional.empty());
    }
}
