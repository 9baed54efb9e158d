package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Node;
import io.covey.cluster.cli.QueueSample.QueueState;
import io.covey.cluster.cli.Terminal.Size;
import io.covey.cluster.spi.Printable;
import io.covey.cluster.spi.TaskInspector.QueueFlow;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopScreenTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final long SECOND = 1_000_000_000L;
    private static final Map<String, String> FACTS =
            Map.of("redis_version", "7.0.15", "used_memory_human", "12.3M", "instantaneous_ops_per_sec", "1234");

    private static QueueState queue(String name, long waiting, long done) {
        return new QueueState(
                new QueueInfo(name, waiting, 3, 2, 1, false),
                Optional.of(new QueueFlow(name, done, 0, Optional.of(NOW.minusSeconds(185)))));
    }

    private static QueueSample sample(long at, List<QueueState> queues) {
        return new QueueSample(at, NOW, queues, Map.of("failed", 17L, "delayed", 5L));
    }

    private static TopPicture picture(int queues, int nodes, String name) {
        List<QueueState> before = new ArrayList<>();
        List<QueueState> after = new ArrayList<>();
        List<Node> members = new ArrayList<>();
        for (int i = 0; i < queues; i++) {
            before.add(queue(name + i, 1000, 0));
            after.add(queue(name + i, 1_234_567, 900));
        }
        for (int i = 0; i < nodes; i++) {
            members.add(new Node("id" + i, name + i, "host-" + name, 4000 + i, NOW.minusSeconds(90_000), Map.of()));
        }
        WorkerInfo worker = new WorkerInfo("w", "host-" + name, 4000, List.of("q"), NOW, NOW, 1, 0, 16, List.of());
        QueueSample now = sample(2 * SECOND, after);
        return new TopPicture(
                "redis://127.0.0.1:6379", members, List.of(worker), now, now.since(sample(0, before)), FACTS);
    }

    @Test
    void ratesAreWhatCameAndWasDoneInASecond() {
        QueueSample before = sample(0, List.of(queue("mail", 100, 50)));
        QueueSample after = sample(2 * SECOND, List.of(queue("mail", 90, 80)));
        assertThat(after.since(before)).containsEntry("mail", new QueueSample.Rates(10, 15));
        assertThat(before.since(after)).containsEntry("mail", new QueueSample.Rates(0, 0));
        assertThat(after.latency(after.queues().get(0))).isEqualTo(185.0);
    }

    @Test
    void aPictureNamesWhatAnOperatorAsksFor() {
        String text = String.join("\n", new TopScreen(new Size(80, 40), false).lines(picture(2, 2, "mail"), "", ""));
        assertThat(text)
                .contains("redis 7.0.15", "1234 ops/s", "memory 12.3M")
                .contains("nodes 2", "workers 1", "0 of 16", "failed 17: cluster failed groups")
                .contains("waiting 2.5M", "delayed 7", "in ", "done 900/s", "oldest 3m05s")
                .containsPattern("mail0 +1.2M +3 +1 +2 +617k +450 +3m05s")
                .containsPattern("mail1 +4001@host-mail +1d01h +-");
    }

    @ParameterizedTest
    @CsvSource({"80,24", "40,10", "200,60", "80,3", "20,24"})
    void nothingIsWiderOrHigherThanTheScreen(int columns, int rows) {
        for (String name : List.of("mail", "\u001b[2J\u202eevil", "邮件队列", "n".repeat(100_000))) {
            List<String> lines =
                    new TopScreen(new Size(columns, rows), false).lines(picture(1000, 50, name), "every 2s", "");
            assertThat(lines).hasSizeLessThanOrEqualTo(rows).allSatisfy(line -> {
                assertThat(Columns.width(line)).isLessThanOrEqualTo(columns);
                assertThat(line.codePoints().filter(Printable::isHostile)).isEmpty();
            });
        }
    }

    @Test
    void whatDoesNotFitIsSaidAndATroubleStandsAboveWhatWasSeenLast() {
        List<String> lines = new TopScreen(new Size(80, 24), false)
                .lines(picture(1000, 50, "mail"), "every 2s, q quits", "for 12s: no answer");
        assertThat(lines)
                .hasSizeLessThanOrEqualTo(24)
                .anyMatch(line -> line.matches("… [0-9]+ more queues"))
                .anyMatch(line -> line.matches("… [0-9]+ more nodes"))
                .anyMatch(line -> line.equals("NO NEWS: for 12s: no answer"));
    }

    @Test
    void coloursAreUsedOnlyIfTheyAreWanted() {
        TopPicture picture = picture(1, 1, "mail");
        assertThat(String.join("", new TopScreen(new Size(80, 24), false).lines(picture, "", "trouble")))
                .doesNotContain("\u001b");
        assertThat(String.join("", new TopScreen(new Size(80, 24), true).lines(picture, "", "trouble")))
                .contains("\u001b[31mNO NEWS");
    }
}
