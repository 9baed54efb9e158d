package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Lease;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TaskRunTest {

    @Test
    void whatIsCancelledBeforeItBeginsDoesNotBegin() {
        WorkerTime time = WorkerTime.of(Duration.ofSeconds(30), Duration.ofSeconds(6));
        byte[] none = "[]".getBytes(StandardCharsets.UTF_8);
        Lease lease = new Lease("numbers", "a.1.1", new Content.Readable("count", none), 1, 1, 1);
        TaskRun run = new TaskRun(lease, new WorkedQueue("numbers"), null, time, time.nanos(), asked -> {});
        assertThat(run.cancel()).isTrue();
        assertThat(run.begin()).isFalse();
        assertThat(run.endUnstarted()).isTrue();
        assertThat(run.endUnstarted()).isFalse();
    }
}
