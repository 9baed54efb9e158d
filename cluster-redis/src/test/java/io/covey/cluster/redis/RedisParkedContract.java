package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisDriver;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.TaskBroker.Content.Unreadable;
import io.covey.cluster.spi.TaskInspector;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.tasks.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a worker does with a flood of bytes that are no task: none is lost or changed, and the log has a line a second. */
public abstract class RedisParkedContract {
    @RegisterExtension
    static final Shared<RedisServer> SERVER = new Shared<>(RedisServer::start);

    private static final String Q = "flood";
    private static final int PORTION = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Pattern MORE = Pattern.compile(": (\\d+) more tasks cannot be run here");
    private static final Pattern OTHERS = Pattern.compile("; and (\\d+) others$");

    private RedisHarness harness;
    private Cluster node;

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @BeforeEach
    void join() {
        harness = RedisHarness.of(SERVER.get(), drivers());
        node = Cluster.join(ClusterConfig.builder(harness.config().uri())
                .transport(harness.config())
                .transport(RedisTransport.open(harness.config(), drivers()))
                .build());
        RecordedLogs.start();
    }

    @AfterEach
    void close() {
        RecordedLogs.stop();
        node.close(Duration.ZERO);
    }

    @Test
    void whatIsNoTaskIsKeptByteForByteAmongTheFailedAndToldOnceASecond() {
        flood(5_000);
    }

    @Test
    @Tag("long")
    void aHundredThousandThatAreNoTasksAreKeptByteForByteAmongTheFailed() {
        flood(100_000);
    }

    private void flood(int count) {
        Set<String> expected = push(count);
        Traffic before = traffic();
        long start = System.nanoTime();
        Worker worker = Worker.on(node)
                .queues(Q)
                .concurrency(4)
                .handlers(handlers -> {})
                .start();
        Awaitility.await().atMost(PATIENCE).until(() -> worker.stats().failed() >= count);
        long nanos = System.nanoTime() - start;
        Traffic spent = traffic().since(before);
        worker.close(Duration.ZERO);
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        System.out.printf(
                "%,d unparsable tasks parked by a worker, %,d a second, %s%n",
                count, count * 1_000_000_000L / nanos, spent);
        spent.assertOneForMany(10, 2, count);
        assertThat(failed()).isEqualTo(expected);
        List<String> lines = RecordedLogs.lines().stream()
                .filter(line -> line.contains("cannot be run here"))
                .toList();
        // One at once, one for each second that has passed, and one at the end for those of which nobody was told.
        assertThat(lines).hasSizeBetween(1, (int) seconds + 2);
        assertThat(lines.stream().mapToLong(RedisParkedContract::told).sum()).isEqualTo(count);
    }

    private static Traffic traffic() {
        return Traffic.upTo(section -> SERVER.get().command("INFO", section));
    }

    private Set<String> push(int count) {
        Set<String> expected = new HashSet<>();
        String list = harness.keys().taskNamespace() + ":queue:" + Q;
        try (RedisDriver driver = harness.driver()) {
            for (int from = 0; from < count; from += PORTION) {
                List<Object> args = new ArrayList<>(List.of(list));
                for (int i = from; i < Math.min(count, from + PORTION); i++) {
                    byte[] raw = noTask(i);
                    args.add(raw);
                    assertThat(expected.add(new String(raw, ISO_8859_1))).isTrue();
                }
                Await.on(driver.send(RedisCommand.of("RPUSH", args.toArray())), PATIENCE, "RPUSH");
            }
        }
        return expected;
    }

    /** Each another one, of several kinds. */
    private static byte[] noTask(int number) {
        return switch (number % 6) {
            case 0 -> bytes("no JSON at all " + number);
            case 1 -> bytes("{\"class\":\"t\",\"queue\":\"flood\",\"args\":[" + number);
            case 2 -> bytes("{\"no\":\"class\",\"args\":[" + number + "]}");
            case 3 -> bytes("{\"class\":\"t\",\"args\":" + "[".repeat(1100) + number + "]".repeat(1100) + "}");
            case 4 -> ("{\"class\":\"\u00ff\",\"args\":[" + number + "]}").getBytes(ISO_8859_1);
            default -> {
                byte[] raw = new byte[64];
                new Random(number).nextBytes(raw);
                yield raw;
            }
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private Set<String> failed() {
        TaskInspector inspector = node.transport().tasks().orElseThrow().inspector();
        Set<String> raws = new HashSet<>();
        List<FailedTask> page;
        int seen = 0;
        do {
            page = Await.on(inspector.failed(seen, PORTION), PATIENCE, "failed");
            for (FailedTask task : page) {
                assertThat(raws.add(new String(((Unreadable) task.failure().content()).raw(), ISO_8859_1)))
                        .isTrue();
            }
            seen += page.size();
        } while (page.size() == PORTION);
        return raws;
    }

    private static long told(String line) {
        Matcher more = MORE.matcher(line);
        if (more.find()) {
            return Long.parseLong(more.group(1));
        }
        Matcher others = OTHERS.matcher(line);
        return others.find() ? 1 + Long.parseLong(others.group(1)) : 1;
    }
}
