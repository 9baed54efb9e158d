package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Status;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** One process that enqueues, on one lane. */
final class Producer {
    private final TaskBroker broker;
    private final String lane;
    private final Map<String, Long> steps = new HashMap<>();

    Producer(TaskBroker broker, String lane) {
        this.broker = broker;
        this.lane = lane;
    }

    static NewTask task(String type) {
        return new NewTask(type, ("[\"" + type + "\"]").getBytes(UTF_8), Optional.empty(), Optional.empty());
    }

    static NewTask named(String type, String id) {
        return new NewTask(type, "[]".getBytes(UTF_8), Optional.of(id), Optional.empty());
    }

    static NewTask due(String type, Instant due) {
        return new NewTask(type, "[]".getBytes(UTF_8), Optional.empty(), Optional.of(due));
    }

    static List<String> types(int count) {
        return IntStream.range(0, count).mapToObj(i -> "t" + i).toList();
    }

    Call next(String queue) {
        return new Call(lane, steps.merge(queue, 1L, Long::sum));
    }

    Enqueued enqueue(String queue, List<NewTask> tasks) {
        Enqueued answer = TransportContract.on(broker.enqueue(queue, next(queue), tasks));
        assertThat(answer.status()).isEqualTo(Status.OK);
        assertThat(answer.receipts()).hasSameSizeAs(tasks);
        assertThat(answer.accepted()).hasSameSizeAs(tasks);
        return answer;
    }

    void enqueue(String queue, String... types) {
        assertThat(enqueue(queue, Arrays.stream(types).map(Producer::task).toList())
                        .accepted())
                .doesNotContain(false);
    }
}
