package io.covey.cluster.redis;

import static io.covey.cluster.redis.InteropScene.bytes;
import static io.covey.cluster.redis.InteropScene.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.tasks.EnqueueOptions;
import io.covey.cluster.tasks.FailedTasks;
import io.covey.cluster.tasks.TaskType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Each of node-resque and us enqueues, works, delays, fails, retries and removes what the other put there. */
public abstract class NodeQueuesContract extends InteropScenes {
    private static final String QUEUE = "resque:queue:math";
    private static final String ODD = "[\"é/\u2028\",1.5,{\"b\":1,\"a\":[]}]";
    private static final TaskType<String> ADD = TaskType.raw("add").on("math");
    private static final TaskType<String> ECHO = TaskType.raw("echo").on("math");

    @Test
    void aNodeWorkerRunsWhatWeEnqueueAndWhatOthersWroteInAnotherOrderOrWithMoreFields() {
        NodeProcess node = scene.nodeResque("{\"worker\":{\"queues\":[\"math\",\"ours\"]}}");
        scene.tasks().enqueue(ADD, "[1,2]");
        scene.redis.command("RPUSH", QUEUE, "{\"args\":[3,4],\"extra\":1,\"class\":\"add\"}");
        scene.tasks().queue("ours").change(settings -> settings.withKind(Kind.OWN));
        scene.tasks()
                .enqueue(ADD, "[5,6]", EnqueueOptions.none().withQueue("ours").withHeader("h", "v"));
        eventually().untilAsserted(() -> assertThat(results(node)).containsExactlyInAnyOrder("3", "7", "11"));
    }

    private static List<String> results(NodeProcess node) {
        return node.events("success").stream()
                .map(event -> new String(JsonWriter.faithful(event.get("result")), UTF_8))
                .toList();
    }

    @Test
    void weRunWhatNodeEnqueuesAndWriteTheSameBytes() {
        NodeProcess node = scene.nodeResque("{}");
        node.queue("enqueue", "[\"math\",\"echo\"," + ODD + "]");
        String raw = scene.list(QUEUE).get(0);
        assertThat(raw).isEqualTo("{\"class\":\"echo\",\"queue\":\"math\",\"args\":" + ODD + "}");
        scene.tasks().enqueue(ECHO, "[ \"\\u00e9\\/\\u2028\", 1.50, {\"b\":1e0, \"a\":[]} ]");
        assertThat(scene.list(QUEUE)).containsExactly(raw, raw);
        node.queue("enqueue", "[\"math\",\"echo\"]");
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        scene.worker(handlers -> handlers.handle(ECHO, (args, task) -> ran.add(args)), "math");
        eventually().untilAsserted(() -> assertThat(ran).containsExactlyInAnyOrder(ODD, ODD, "[]"));
        eventually()
                .untilAsserted(() -> assertThat(scene.redis.command("GET", "resque:stat:processed"))
                        .isEqualTo("3"));
    }

    @Test
    void eachRemovesWhatTheOtherEnqueued() {
        NodeProcess node = scene.nodeResque("{}");
        scene.tasks().enqueue(ECHO, ODD);
        scene.tasks().enqueue(ADD, "[1,2]");
        assertThat(node.json("del", "[\"math\",\"echo\"," + ODD + "]")).isEqualTo("1");
        assertThat(node.json("delByFunction", "[\"math\",\"add\"]")).isEqualTo("1");
        node.queue("enqueue", "[\"math\",\"echo\"," + ODD + "]");
        node.queue("enqueue", "[\"math\",\"add\",[1,2]]");
        assertThat(scene.tasks().queue("math").remove(ECHO, ODD)).isEqualTo(1);
        assertThat(scene.tasks().queue("math").removeType("add")).isEqualTo(1);
        assertThat(scene.list(QUEUE)).isEmpty();
    }

    @Test
    void nodeListsRetriesAndRemovesWhatFailedWithUs() {
        NodeProcess node = scene.nodeResque("{\"worker\":{\"queues\":[\"fixed\"]}}");
        scene.worker(
                handlers -> handlers.handle(ECHO, (args, task) -> {
                    throw new IllegalStateException("kaputt é\u2028</>");
                }),
                "math");
        scene.redis.command("RPUSH", QUEUE, "{\"queue\":\"math\",\"args\":[1.0,\"\\u00e9\"],\"class\":\"echo\"}");
        scene.tasks().enqueue(ECHO, "[2]");
        eventually().until(() -> node.json("failedCount", "[]").equals("2"));
        List<?> failed = (List<?>) node.queue("failed", "[0,-1]");
        Map<?, ?> first = (Map<?, ?>) failed.get(0);
        assertThat(first.get("exception")).isEqualTo("java.lang.IllegalStateException");
        assertThat(first.get("error")).isEqualTo("kaputt é\u2028</>");
        assertThat(first.get("queue")).isEqualTo("math");
        assertThat(((List<?>) first.get("backtrace"))).isNotEmpty();
        // as a person would who knows which queue works
        String entry = new String(JsonWriter.faithful(first), UTF_8);
        assertThat(node.json("removeFailed", "[" + new String(JsonWriter.faithful(failed.get(1)), UTF_8) + "]"))
                .isEqualTo("1");
        assertThat(node.json("retryAndRemoveFailed", "[" + entry + "]")).isEqualTo("true");
        eventually().until(() -> node.json("failedCount", "[]").equals("1"));
        assertThat(node.json("removeFailed", "[" + entry + "]")).isEqualTo("0");
    }

    @Test
    void weListRetryAndDropWhatFailedWithNode() {
        NodeProcess node = scene.nodeResque("{\"worker\":{\"queues\":[\"math\"]}}");
        node.queue("enqueue", "[\"math\",\"fail\"," + ODD + "]");
        node.queue("enqueue", "[\"math\",\"unknown\",[]]");
        FailedTasks failed = scene.tasks().failed();
        eventually().until(() -> failed.count() == 2);
        node.close();
        List<FailedTask> listed = failed.page(0, 10);
        FailedTask task = listed.get(0);
        assertThat(task.queue()).isEqualTo("math");
        assertThat(task.failure().exception()).isEqualTo("TypeError");
        assertThat(task.failure().message()).isEqualTo("broken é\u2028</>");
        assertThat(task.failure().backtrace()).isNotEmpty();
        assertThat(task.failure().at()).isAfter(Instant.now().minusSeconds(600));
        assertThat(((Content.Readable) task.failure().content()).args()).isEqualTo(bytes(ODD));
        assertThat(failed.retry(task)).isTrue();
        assertThat(failed.retry(task)).isFalse();
        assertThat(failed.drop(listed.get(1))).isTrue();
        assertThat(failed.count()).isZero();
        assertThat(scene.list(QUEUE)).containsExactly("{\"class\":\"fail\",\"queue\":\"math\",\"args\":" + ODD + "}");
    }

    @Test
    void nodeFindsRefusesRemovesAndPromotesWhatWeDelay() {
        NodeProcess node = scene.nodeResque("{\"worker\":{\"queues\":[\"math\"]},\"scheduler\":{}}");
        Instant late = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 3600);
        scene.tasks().enqueueAt(ECHO, ODD, late);
        assertThat(node.json("scheduledAt", "[\"math\",\"echo\"," + ODD + "]"))
                .isEqualTo("[" + late.getEpochSecond() + "]");
        String again = "[" + late.toEpochMilli() + ",\"math\",\"echo\"," + ODD + "]";
        assertThatThrownBy(() -> node.queue("enqueueAt", again)).hasMessageContaining("already enqueued at this time");
        assertThat(node.json("delDelayed", "[\"math\",\"echo\"," + ODD + "]"))
                .isEqualTo("[" + late.getEpochSecond() + "]");
        assertThat(scene.tasks().queue("math").delayedAt(ECHO, ODD)).isEmpty();
        scene.tasks().enqueueAt(ADD, "[1,2]", Instant.now().plusMillis(1200));
        eventually().untilAsserted(() -> assertThat(results(node)).containsExactly("3"));
        eventually()
                .untilAsserted(() -> assertThat(scene.keys("resque:delayed:*")).isEqualTo("[]"));
        assertThat(scene.keys("resque:timestamps:*")).isEqualTo("[]");
    }

    @Test
    void weFindRemoveAndPromoteWhatNodeDelays() {
        NodeProcess node = scene.nodeResque("{}");
        long late = Instant.now().getEpochSecond() + 3600;
        node.queue("enqueueAt", "[" + late * 1000 + ",\"math\",\"echo\"," + ODD + "]");
        node.queue("enqueueAt", "[" + (late + 1) * 1000 + ",\"math\",\"echo\"," + ODD + "]");
        assertThat(scene.tasks().queue("math").delayedAt(ECHO, ODD))
                .containsExactly(Instant.ofEpochSecond(late), Instant.ofEpochSecond(late + 1));
        assertThat(scene.tasks().queue("math").removeDelayed(ECHO, ODD)).isEqualTo(2);
        assertThat(node.json("scheduledAt", "[\"math\",\"echo\"," + ODD + "]")).isEqualTo("[]");
        assertThat(scene.keys("resque:delayed*")).isEqualTo("[]");
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        scene.worker(handlers -> handlers.handle(ECHO, (args, task) -> ran.add(args)), "math");
        node.queue("enqueueIn", "[1200,\"math\",\"echo\"," + ODD + "]");
        eventually().untilAsserted(() -> assertThat(ran).containsExactly(ODD));
        assertThat(scene.keys("resque:delayed*")).isEqualTo("[]");
        assertThat(scene.keys("resque:timestamps:*")).isEqualTo("[]");
    }
}
