package io.covey.cluster.redis;

import static io.covey.cluster.redis.TaskBench.Q;
import static io.covey.cluster.redis.TaskBench.on;
import static io.covey.cluster.redis.TaskBench.task;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.RefusedException;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is removed, found and run again by its bytes, as the tools of every fleet do. */
final class StoredTasksTest {
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
        bench.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private List<String> waiting() {
        return bench.list(bench.keys.queue(Q).list());
    }

    private void push(String... raw) {
        for (String one : raw) {
            bench.ask("RPUSH", bench.keys.queue(Q).list(), one);
        }
    }

    @Test
    void waitingTasksAreRemovedByContentInWhateverFormAFleetWroteThem() {
        push(
                "{\"class\":\"add\",\"queue\":\"mail\",\"args\":[1,\"é\"]}",
                "{\"class\":\"add\",\"args\":[1,\"é\"]}",
                "{\"class\":\"add\",\"args\":[1,\"é\"],\"vars\":null}",
                "{\"class\":\"add\",\"queue\":\"mail\",\"args\":[2]}",
                "{\"class\":\"add\",\"queue\":\"mail\",\"args\":[1,\"é\"]}");
        assertThat(on(control.remove(Q, "add", bytes("[1.0, \"\\u00e9\"]")))).isEqualTo(4);
        assertThat(waiting()).containsExactly("{\"class\":\"add\",\"queue\":\"mail\",\"args\":[2]}");
        assertThat(on(control.remove(Q, "add", bytes("[1.0, \"\\u00e9\"]")))).isZero();
    }

    @Test
    void argumentsThatAreNoArrayRemoveNothingAndAreNamed() {
        assertThatThrownBy(() -> control.remove(Q, "add", bytes("{}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("add")
                .hasMessageContaining("mail");
    }

    @Test
    void tasksOfATypeAreRemovedFromAnywhereInALongQueueAndTheOthersKeepTheirOrder() {
        int count = 3000;
        for (int i = 0; i < count; i++) {
            push("{\"class\":\"" + (i % 3 == 0 ? "gone" : "kept") + "\",\"queue\":\"mail\",\"args\":[" + i + "]}");
        }
        push("no json", "{\"class\":\"gone\",\"args\":[]}");
        assertThat(on(control.removeType(Q, "gone"))).isEqualTo(count / 3 + 1);
        List<String> left = waiting();
        assertThat(left).hasSize(count * 2 / 3 + 1).allMatch(raw -> !raw.contains("gone") && !raw.contains("covey"));
        for (int i = 0; i < left.size() - 1; i++) {
            assertThat(left.get(i)).endsWith("[" + (i / 2 * 3 + 1 + i % 2) + "]}");
        }
        assertThat(on(control.removeType(Q, "gone"))).isZero();
    }

    @Test
    void delayedTasksAreFoundAndRemovedWithMembersOfBothStylesAndNoKeyIsLeft() {
        String node = "{\"class\":\"add\",\"queue\":\"mail\",\"args\":[1]}";
        String ruby = "{\"class\":\"add\",\"args\":[1],\"queue\":\"mail\"}";
        delay(node, 4_000_000_000L, "delayed:4000000000");
        delay(node, 4_000_000_001L, "resque:delayed:4000000001");
        delay(ruby, 4_000_000_002L, "delayed:4000000002");
        assertThat(on(control.delayedAt(Q, "add", bytes("[1]"))))
                .containsExactly(
                        Instant.ofEpochSecond(4_000_000_000L),
                        Instant.ofEpochSecond(4_000_000_001L),
                        Instant.ofEpochSecond(4_000_000_002L));
        assertThat(on(control.removeDelayed(Q, "add", bytes("[2]")))).isZero();
        assertThat(on(control.removeDelayed(Q, "add", bytes("[1]")))).isEqualTo(3);
        assertThat(on(control.delayedAt(Q, "add", bytes("[1]")))).isEmpty();
        assertThat(bench.ask("KEYS", bench.harness.keys().taskNamespace() + ":*"))
                .isEqualTo(List.of());
    }

    @Test
    void whatIsSaidToBeDelayedAndIsNotIsForgotten() {
        String job = "{\"class\":\"add\",\"queue\":\"mail\",\"args\":[1]}";
        bench.ask("SADD", bench.keys.timestamps(job), "resque:delayed:5", "delayed:4000000000");
        delay(job, 4_000_000_000L, "delayed:4000000000");
        assertThat(on(control.delayedAt(Q, "add", bytes("[1]"))))
                .containsExactly(Instant.ofEpochSecond(4_000_000_000L));
        assertThat(TaskBench.texts(bench.ask("SMEMBERS", bench.keys.timestamps(job))))
                .containsExactly("delayed:4000000000");
    }

    @Test
    void aTaskDelayedByUsIsRemovedByContent() {
        Instant due = Instant.ofEpochSecond(4_000_000_000L);
        bench.enqueue(Q, task("add", "[]", Optional.of(due)), task("add", "[]", Optional.of(due)));
        assertThat(on(control.delayedAt(Q, "add", bytes("[]")))).containsExactly(due);
        assertThat(on(control.removeDelayed(Q, "add", bytes("[]")))).isEqualTo(2);
    }

    private void delay(String job, long second, String member) {
        bench.ask("RPUSH", bench.keys.delayed("" + second), job);
        bench.ask("SADD", bench.keys.timestamps(job), member);
        bench.ask("ZADD", bench.keys.schedule(), "" + second, "" + second);
    }

    private FailedTask failedTask() {
        return on(bench.broker.inspector().failed(0, 1)).get(0);
    }

    private FailedTask failed(String entry) {
        bench.ask("DEL", bench.keys.failed());
        bench.ask("RPUSH", bench.keys.failed(), entry);
        return failedTask();
    }

    @Test
    void aFailedTaskTellsItsIdAndRunsAndIsRunAgainOnce() {
        bench.enqueue(Q, task("add", "[1]", Optional.empty()));
        Lease lease = bench.claim("ada", 1).get(0);
        Failure why =
                new Failure(lease.content(), "E", "m", List.of("a", "b"), "w", Instant.EPOCH, lease.id(), 7, List.of());
        bench.settle("ada", Q, List.of(new Settlement(lease.id(), lease.fence(), new Outcome.Fail(why))), 0);
        FailedTask task = failedTask();
        assertThat(task.failure().task()).isEqualTo(lease.id());
        assertThat(task.failure().attempts()).isEqualTo(7);
        assertThat(on(control.retry(task))).isTrue();
        assertThat(waiting()).containsExactly("{\"class\":\"add\",\"queue\":\"mail\",\"args\":[1]}");
        assertThat(on(control.retry(task))).isFalse();
        assertThat(on(control.drop(task))).isFalse();
        assertThat(waiting()).hasSize(1);
        assertThat(bench.list(bench.keys.failed())).isEmpty();
    }

    @Test
    void failedTasksOfEveryFleetAreRunAgainAsNodeResqueWouldWriteThem() {
        assertThat(
                        again(
                                "{\"failed_at\":\"2026/11/22 01:14:35 UTC\",\"payload\":{\"class\":\"Add\",\"args\":[1]},"
                                        + "\"exception\":\"E\",\"error\":\"m\",\"backtrace\":[],\"worker\":\"h:1:mail\",\"queue\":\"mail\"}"))
                .isEqualTo("{\"class\":\"Add\",\"queue\":\"mail\",\"args\":[1]}");
        assertThat(
                        again(
                                "{\"worker\":\"h:1\",\"queue\":\"mail\",\"payload\":{\"args\":{},\"queue\":\"mail\",\"class\":\"a\"}}"))
                .isEqualTo("{\"class\":\"a\",\"queue\":\"mail\",\"args\":[]}");
        assertThat(
                        again(
                                "{\"queue\":\"mail\",\"payload\":{\"class\":\"a\",\"args\":[12345678901234567890],\"vars\":null,\"id\":\"x\"}}"))
                .isEqualTo("{\"class\":\"a\",\"queue\":\"mail\",\"args\":[12345678901234567890],\"id\":\"x\"}");
    }

    private String again(String entry) {
        bench.ask("DEL", bench.keys.queue(Q).list());
        assertThat(on(control.retry(failed(entry)))).isTrue();
        return waiting().get(0);
    }

    @Test
    void whatCouldNotBeReadIsRunAgainByteForByte() {
        byte[] raw = {(byte) 0xff, '{', 0, (byte) 0xc3};
        Failure why =
                new Failure(new Content.Unreadable(raw, "it is not UTF-8"), "E", "m", List.of(), "w", Instant.EPOCH);
        bench.ask("RPUSH", bench.keys.failed(), FailedEntry.write(Q, why));
        assertThat(on(control.retry(failedTask()))).isTrue();
        assertThat((byte[]) bench.ask("LPOP", bench.keys.queue(Q).list())).isEqualTo(raw);
    }

    @Test
    void aFailedTaskThatNamesNoQueueIsRefusedAndStaysWhereItIsAndCanBeDropped() {
        FailedTask task = failed("{\"payload\":{\"class\":\"a\",\"args\":[]}}");
        assertThatThrownBy(() -> on(control.retry(task)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("stays among the failed");
        FailedTask noJson = failed("no json");
        assertThatThrownBy(() -> on(control.retry(noJson))).isInstanceOf(RefusedException.class);
        assertThat(on(control.drop(noJson))).isTrue();
        assertThat(on(control.drop(noJson))).isFalse();
    }
}
