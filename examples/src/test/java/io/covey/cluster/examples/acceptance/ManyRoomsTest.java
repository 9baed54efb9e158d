package io.covey.cluster.examples.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.Room;
import io.covey.cluster.examples.OnBothDrivers;
import io.covey.cluster.rpc.connections.Connection;
import io.covey.cluster.rpc.connections.Connections;
import io.covey.cluster.rpc.connections.Verbs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** Ten thousand connections in a thousand rooms: what each costs Redis is counted in commands and bytes, not in time. */
@Tag("long")
@Timeout(600)
final class ManyRoomsTest {
    private static final int ROOMS = 1000;
    private static final int CONNECTIONS = 10_000;
    private static final int SAMPLE = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Pattern CALLS = Pattern.compile("calls=(\\d+)");
    private static final Pattern USED = Pattern.compile("used_memory:(\\d+)");

    @OnBothDrivers
    void whatEachCostsDoesNotGrowAndNothingIsLeftBehind(String scheme) {
        try (Backend backend = new Backend(scheme)) {
            // Beats cost commands, too: few of them.
            Duration beat = Duration.ofSeconds(10);
            List<Cluster> nodes = List.of(
                    backend.join(backend.config("one").beat(beat)),
                    backend.join(backend.config("two").beat(beat)),
                    backend.join(backend.config("three").beat(beat)));
            nodes.forEach(Connections::on);
            nodes.forEach(node -> room(node, 0).listen(message -> {}));
            room(nodes.get(0), 0).join("warm");
            room(nodes.get(0), 0).leave("warm");
            String keys = backend.redis.command("KEYS", "*");
            long memory = used(backend);

            IntConsumer join = i -> room(nodes.get(i % 3), i % ROOMS).join("c" + i);
            IntConsumer leave = i -> room(nodes.get(i % 3), i % ROOMS).leave("c" + i);
            IntConsumer say = i -> room(nodes.get(i % 3), i % ROOMS).say("c" + i, "hello");
            double firstJoins = cost(backend, join, 0, SAMPLE);
            double firstSays = cost(backend, say, 0, SAMPLE);
            double firstLeaves = cost(backend, leave, 0, SAMPLE);
            IntStream.range(0, CONNECTIONS - SAMPLE).forEach(join);
            List<Connection> connections = new ArrayList<>();
            IntStream.range(0, CONNECTIONS)
                    .forEach(i -> connections.add(Connections.on(nodes.get(i % 3))
                            .open("c" + i, Map.of("room", "r" + i % ROOMS), Verbs.none())));
            double lastJoins = cost(backend, join, CONNECTIONS - SAMPLE, CONNECTIONS);
            double lastSays = cost(backend, say, CONNECTIONS - SAMPLE, CONNECTIONS);
            assertThat(nodes.get(1).rooms().names()).hasSize(ROOMS);
            assertThat(room(nodes.get(2), 7).count()).isEqualTo(CONNECTIONS / ROOMS);
            assertThat(Connections.on(nodes.get(0)).count()).isEqualTo(CONNECTIONS);
            long full = used(backend);
            double lastLeaves = cost(backend, leave, CONNECTIONS - SAMPLE, CONNECTIONS);

            IntStream.range(0, CONNECTIONS - SAMPLE).forEach(leave);
            connections.forEach(Connection::close);
            assertThat(nodes.get(1).rooms().names()).isEmpty();
            assertThat(Connections.on(nodes.get(0)).count()).isZero();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(backend.redis.command("KEYS", "*")).hasSameSizeAs(keys));
            long after = used(backend);
            System.out.printf(
                    "Rooms on %s: commands for a join %.2f then %.2f, to say %.2f then %.2f, for a leave %.2f then %.2f;"
                            + " bytes for a connection in a room %d, left behind in all %d%n",
                    scheme,
                    firstJoins,
                    lastJoins,
                    firstSays,
                    lastSays,
                    firstLeaves,
                    lastLeaves,
                    (full - memory) / CONNECTIONS,
                    after - memory);
            assertThat(lastJoins).isBetween(0.0, firstJoins + 0.5);
            assertThat(lastSays).isBetween(0.0, firstSays + 0.5);
            assertThat(lastLeaves).isBetween(0.0, firstLeaves + 0.5);
            assertThat((full - memory) / CONNECTIONS).isLessThan(2000);
            assertThat(after - memory).isLessThan(2_000_000);
        }
    }

    private static Room<String> room(Cluster node, int number) {
        return node.rooms().room("r" + number, String.class);
    }

    /** Commands for one of a number of operations, those within scripts included. */
    private static double cost(Backend backend, IntConsumer operation, int from, int to) {
        long before = commands(backend);
        IntStream.range(from, to).forEach(operation);
        return (double) (commands(backend) - before) / (to - from);
    }

    private static long commands(Backend backend) {
        return CALLS.matcher(backend.redis.command("INFO", "commandstats"))
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }

    private static long used(Backend backend) {
        Matcher used = USED.matcher(backend.redis.command("INFO", "memory"));
        assertThat(used.find()).isTrue();
        return Long.parseLong(used.group(1));
    }
}
