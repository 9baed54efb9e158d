package io.covey.cluster.redis;

import static io.covey.cluster.redis.TaskBench.Q;
import static io.covey.cluster.redis.TaskBench.on;
import static io.covey.cluster.redis.TaskBench.task;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.QueueSettings.Rate;
import io.covey.cluster.spi.TaskBroker.Batch;
import io.covey.cluster.spi.TaskBroker.Dedupe;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Release;
import io.covey.cluster.spi.TaskBroker.Result;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the scripts do inside the server, as MONITOR shows it, and what that costs. */
final class TaskScriptsTest {
    private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]++|\\\\.)*+)\"");
    private static final Set<String> WITHOUT_KEY = Set.of("time");
    private static final Set<String> MANY_KEYS = Set.of("exists");

    @Test
    void scriptsTouchOnlyTheKeysThatTheyWereGiven() throws IOException {
        try (RedisServer server = RedisServer.builder().start();
                TaskBench bench = new TaskBench(server);
                Resp3 monitor = new Resp3("127.0.0.1", server.port())) {
            monitor.write(List.of(RedisCommand.of("MONITOR")));
            monitor.read();
            everything(bench);
            bench.ask("ECHO", "the end");
            Set<String> scripts = new HashSet<>();
            Set<String> declared = Set.of();
            int touched = 0;
            for (List<String> words = words(monitor); !words.contains("the end"); words = words(monitor)) {
                String name = words.get(1).toLowerCase(Locale.ROOT);
                if (!words.get(0).endsWith("lua]")) {
                    if (name.startsWith("eval")) {
                        scripts.add(words.get(2));
                        int count = Integer.parseInt(words.get(3));
                        declared = Set.copyOf(new HashSet<>(words.subList(4, 4 + count)));
                    }
                } else if (!WITHOUT_KEY.contains(name)) {
                    assertThat(declared).containsAll(words.subList(2, MANY_KEYS.contains(name) ? words.size() : 3));
                    touched++;
                }
            }
            assertThat(scripts).hasSizeGreaterThanOrEqualTo(16);
            assertThat(touched).isGreaterThan(200);
        }
    }

    /** Where it came from, then the words of the command. */
    private static List<String> words(Resp3 monitor) throws IOException {
        String line = new String((byte[]) monitor.read(), UTF_8);
        List<String> words = new ArrayList<>();
        words.add(line.substring(0, line.indexOf(']') + 1));
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group(1).replace("\\\"", "\"").replace("\\\\", "\\"));
        }
        return words;
    }

    /** Every path of every script. */
    private static void everything(TaskBench bench) {
        Instant past = Instant.ofEpochSecond(5);
        bench.enqueue(Q, 12);
        bench.enqueue(
                Q,
                task("d", "[]", Optional.of(past)),
                new NewTask("i", "[]".getBytes(UTF_8), Optional.of("id"), Optional.empty()),
                new NewTask("e", "[]".getBytes(UTF_8), Optional.of("id2"), Optional.of(past)));
        bench.upkeep();
        List<Lease> leases = bench.claim("ada", 8);
        bench.settle("ada", Q, List.of(settle(leases, 0, new Outcome.Done())), 0);
        Failure why = new Failure(leases.get(1).content(), "E", "m", List.of(), "w", Instant.EPOCH);
        Turn turn = new Turn(
                Q,
                new Call("eve", 1),
                "eve",
                TaskBench.LEASE,
                3,
                List.of(
                        settle(leases, 1, new Outcome.Fail(why)),
                        settle(leases, 2, new Outcome.Retry(Duration.ZERO)),
                        settle(leases, 3, new Outcome.Release())),
                5,
                true);
        on(bench.broker.turn(List.of(turn)));
        on(bench.broker.turn(List.of(turn)));
        bench.ownersDie();
        on(bench.broker.beat(
                "ada", TaskBench.LEASE, leases.stream().map(Lease::held).toList()));
        bench.ownersDie();
        for (int death = 0; death < 3; death++) {
            bench.claim("bob", 20);
            on(bench.broker.turn(
                    List.of(new Turn(Q, new Call("solo" + death, 1), "solo", TaskBench.LEASE, 3, List.of(), 5, true))));
            bench.ownersDie();
        }
        bench.upkeep();
        everythingOfOurs(bench);
    }

    /** Every path that only queues with settings, keys, locks or wishes take. */
    private static void everythingOfOurs(TaskBench bench) {
        String own = "own";
        QueueControl control = bench.broker.control().orElseThrow();
        on(control.change(
                own,
                settings -> settings.withKind(Kind.OWN)
                        .withLimits(Optional.of(20), Optional.of(Rate.of(1000, Duration.ofSeconds(1))))
                        .withKeyLimits(Optional.of(1), Optional.of(Rate.of(1000, Duration.ofSeconds(1))))));
        Dedupe unique = new Dedupe.Unique(Optional.empty(), Dedupe.Until.DONE, Duration.ofHours(1));
        Dedupe debounce = new Dedupe.Debounce(Optional.empty(), Duration.ofMillis(1));
        for (int i = 0; i < 3; i++) {
            bench.enqueue(
                    own,
                    of("k" + i, Optional.of("key"), Optional.empty()),
                    of("u", Optional.empty(), Optional.of(unique)),
                    of("d", Optional.of("other"), Optional.of(debounce)),
                    of("plain", Optional.empty(), Optional.empty()));
            bench.enqueue(
                    Q,
                    of("u", Optional.empty(), Optional.of(unique)),
                    of("d", Optional.empty(), Optional.of(debounce)));
        }
        bench.harness.pushRaw(
                own,
                "{\"class\":\"a\",\"args\":[],\"id\":\"raw\",\"headers\":{\"covey.key\":\"key\"}}".getBytes(UTF_8));
        List<Lease> leases = bench.turn("ada", own, List.of(), 10).leases();
        assertThat(leases).hasSizeGreaterThanOrEqualTo(4);
        Lease first = leases.get(0);
        on(bench.broker.notes().orElseThrow().put(first.held(), "x", "n", new byte[1], Duration.ofHours(1)));
        on(control.cancel(own, leases.get(1).id()));
        on(control.cancel(own, "nobody"));
        on(control.cancel(own, "raw"));
        on(control.release(Q, new Release(Optional.empty(), first.content())));
        on(bench.broker.beat(
                "ada", TaskBench.LEASE, leases.stream().map(Lease::held).toList()));
        Failure why = new Failure(first.content(), "E", "m", List.of(), "w", Instant.EPOCH);
        Outcome done = new Outcome.Done(Optional.of(new Result("x", new byte[1], Duration.ofHours(1))));
        bench.settle(
                "ada",
                own,
                List.of(
                        new Settlement(
                                first.id(),
                                first.fence(),
                                new Outcome.Fail(why),
                                Optional.of(new Release(Optional.empty(), first.content()))),
                        new Settlement(leases.get(1).id(), leases.get(1).fence(), done),
                        settle(leases, 2, new Outcome.Retry(Duration.ZERO)),
                        settle(leases, 3, new Outcome.Release())),
                5);
        bench.harness.pass(TaskBench.LEASE.plusMinutes(2), own);
        on(bench.broker.upkeep(Set.of(own), TaskBench.LEASE, 2));
        on(bench.broker.beat(
                "ada", TaskBench.LEASE, leases.stream().map(Lease::held).toList()));
        on(control.change(own, settings -> settings.withKeyLimits(Optional.empty(), Optional.empty())));
        bench.turn("bob", own, List.of(), 10);
        bench.harness.pass(TaskBench.LEASE.plusMinutes(2), own);
        on(bench.broker.upkeep(Set.of(own), TaskBench.LEASE, 2));
        on(control.removeType(own, "k2"));
        on(control.giveBack(own));
        for (FailedTask task : on(bench.broker.inspector().failed(0, 50))) {
            on(control.retry(task));
        }
        on(bench.broker.enqueueAll(
                new Call("together", 1),
                List.of(
                        new Batch(own, List.of(of("k", Optional.of("key"), Optional.empty()))),
                        new Batch(Q, List.of(task("t", "[]", Optional.empty()))))));
    }

    private static NewTask of(String type, Optional<String> key, Optional<Dedupe> dedupe) {
        return new NewTask(type, "[]".getBytes(UTF_8), Optional.empty(), Optional.empty(), Map.of(), key, dedupe);
    }

    private static Settlement settle(List<Lease> leases, int i, Outcome outcome) {
        return new Settlement(leases.get(i).id(), leases.get(i).fence(), outcome);
    }

    @Test
    void aFullTurnOfFiftyTasksCostsOneScriptOfAtMostSixteenCommands() {
        try (RedisServer server = RedisServer.builder().start();
                TaskBench bench = new TaskBench(server)) {
            for (int batch : new int[] {10, 50}) {
                int trips = 20_000 / batch;
                bench.enqueue(Q, (trips + 2) * batch);
                List<Lease> held = bench.claim("ada", batch);
                server.command("CONFIG", "RESETSTAT");
                for (int i = 0; i < trips; i++) {
                    held = bench.turn("ada", Q, held, batch).leases();
                    assertThat(held).hasSize(batch);
                }
                String stats = server.command("INFO", "commandstats");
                long inside = stats.lines()
                        .filter(line -> line.startsWith("cmdstat_") && !line.startsWith("cmdstat_evalsha"))
                        .mapToLong(line -> number(line, "calls"))
                        .sum();
                double commands = inside / (double) trips;
                assertThat(stat(stats, "evalsha", "calls")).isEqualTo(trips);
                assertThat(commands).isLessThanOrEqualTo(16.1);
                bench.turn("ada", Q, held, 0);
                bench.claim("ada", batch);
            }
        }
    }

    private static long stat(String stats, String command, String field) {
        return number(
                stats.lines()
                        .filter(line -> line.startsWith("cmdstat_" + command + ":"))
                        .findFirst()
                        .orElseThrow(),
                field);
    }

    private static long number(String line, String field) {
        Matcher matcher = Pattern.compile("[:,]" + field + "=(\\d+)").matcher(line);
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
