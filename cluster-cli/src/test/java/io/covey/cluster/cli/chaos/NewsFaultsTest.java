package io.covey.cluster.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.Gap;
import io.covey.cluster.Health;
import io.covey.cluster.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to messages when the subscriber's link fails: what is lost is announced. */
@Tag("chaos")
@Timeout(600)
final class NewsFaultsTest {
    /** Of the bus: a link that is deaf is noticed within two. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private static final Duration HALF_OPEN = Duration.ofSeconds(20);
    private static final int KILLS = 150;
    private static final long KILL_EVERY = 200;

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void connectionsAreKilledForHalfAMinute(String driver) throws Exception {
        try (NodeScene scene = new NodeScene("news-kill", driver)) {
            scene.start("reader");
            Cluster direct = scene.join("publisher", scene.redis.port());
            Publisher publisher = new Publisher(news(direct), 1);
            Publisher kept =
                    new Publisher(direct.topic(EchoNode.KEPT, Long.class).withHistory(EchoNode.HISTORY), 2);
            awaitHeard(scene, 100);
            for (int i = 0; i < KILLS; i++) {
                scene.redis.command("CLIENT", "KILL", "TYPE", "pubsub");
                scene.pass(KILL_EVERY);
            }
            Heard heard = end(scene, publisher);
            kept.end();
            await().atMost(NodeScene.PATIENCE).until(() -> scene.lines("reader").contains("K " + kept.last()));
            Heard whole = Heard.of(scene.lines("reader"), "K", "H");
            assertThat(heard.faults()).isEmpty();
            assertThat(heard.gaps()).as("gaps announced").isPositive();
            assertThat(whole.faults()).isEmpty();
            assertThat(whole.missing()).as("missing in spite of the history").isZero();
            scene.proved(KILLS + " kills, " + publisher.last() + " published: " + heard + "; with a history: " + whole);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void redisIsKilledThreeTimes(String driver) throws Exception {
        try (NodeScene scene = new NodeScene("news-redis-kill", driver)) {
            scene.start("reader");
            Publisher publisher = new Publisher(news(scene.join("publisher", scene.redis.port())), 1);
            awaitHeard(scene, 100);
            for (int i = 0; i < 3; i++) {
                scene.redis.kill();
                scene.pass(1000 + scene.random.nextInt(1000));
                scene.redis.restart();
                awaitHeard(scene, publisher.last() + 100);
            }
            Heard heard = end(scene, publisher);
            assertThat(heard.faults()).isEmpty();
            assertThat(heard.gaps()).as("gaps announced").isGreaterThanOrEqualTo(3);
            scene.proved("3 kills, " + publisher.last() + " published, " + publisher.refused() + " of them refused: "
                    + heard);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void aHalfOpenLinkIsNoticedWithinTwoHeartbeats(String driver) throws Exception {
        try (NodeScene scene = new NodeScene("news-half-open", driver)) {
            List<String> lines = new CopyOnWriteArrayList<>();
            List<Long> down = new CopyOnWriteArrayList<>();
            scene.cluster.topic(EchoNode.NEWS, Long.class).subscribe(new Reader(lines));
            scene.cluster.health().onChange((Health.State state) -> {
                if (!state.up()) {
                    down.add(System.nanoTime());
                }
            });
            Cluster direct = scene.join("publisher", scene.redis.port());
            Publisher publisher = new Publisher(news(direct), 5);
            await().atMost(NodeScene.PATIENCE).until(() -> lines.size() > 100);
            scene.pass(scene.random.nextInt((int) HEARTBEAT.toMillis()));

            long struck = System.nanoTime();
            scene.proxy.blackhole();
            scene.pass(HALF_OPEN.toMillis());
            // What was swallowed inside a stream must not be followed by more of it.
            scene.proxy.reset();
            scene.proxy.pass();
            long healed = publisher.last();
            await().atMost(NodeScene.PATIENCE)
                    .until(() -> lines.stream()
                            .anyMatch(
                                    line -> line.startsWith("M ") && Long.parseLong(line.substring(2)) > healed + 100));
            publisher.end();
            await().atMost(NodeScene.PATIENCE).until(() -> lines.contains("M " + publisher.last()));

            assertThat(down).as("when the node knew that it hears nothing").isNotEmpty();
            Duration noticed = Duration.ofNanos(down.get(0) - struck);
            Heard heard = Heard.of(lines);
            assertThat(noticed).isLessThan(HEARTBEAT.multipliedBy(2).plus(NodeScene.NOISE));
            assertThat(heard.faults()).isEmpty();
            assertThat(heard.missing()).as("published into the dark").isPositive();
            scene.proved("noticed after " + noticed.toMillis() + " ms: " + heard);
        }
    }

    private record Reader(List<String> lines) implements Topic.Listener<Long> {

        @Override
        public void onMessage(String channel, Long number) {
            lines.add("M " + number);
        }

        @Override
        public void onGap(Gap gap) {
            lines.add("G "
                    + (gap.missed().isPresent() ? Long.toString(gap.missed().getAsLong()) : "?"));
        }
    }

    private static Topic<Long> news(Cluster cluster) {
        return cluster.topic(EchoNode.NEWS, Long.class);
    }

    private static void awaitHeard(NodeScene scene, long number) {
        await().atMost(NodeScene.PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> scene.lines("reader").stream()
                        .anyMatch(line -> line.startsWith("M ") && Long.parseLong(line.substring(2)) >= number));
    }

    /** Goes on publishing until the reader hears again, so that every hole has another end. */
    private static Heard end(NodeScene scene, Publisher publisher) throws Exception {
        awaitHeard(scene, publisher.last() + 1000);
        publisher.end();
        awaitHeard(scene, publisher.last());
        return Heard.of(scene.lines("reader"));
    }
}
