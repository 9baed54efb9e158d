package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Lease;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RunnersTest {

    @Test
    void whatComesAfterTheUnstartedWereTakenIsNotStarted() throws InterruptedException {
        AtomicInteger ran = new AtomicInteger();
        Runners runners = new Runners(() -> 1, TaskThreads.platform("runner-"), run -> ran.incrementAndGet());
        WorkerTime time = WorkerTime.of(Duration.ofSeconds(30), Duration.ofSeconds(6));
        byte[] none = "[]".getBytes(StandardCharsets.UTF_8);
        Lease lease = new Lease("numbers", "a.1.1", new Content.Readable("count", none), 1, 1, 1);
        TaskRun run = new TaskRun(lease, new WorkedQueue("numbers"), null, time, time.nanos(), asked -> {});
        assertThat(runners.takeUnstarted()).isEmpty();
        assertThat(runners.start(List.of(run))).isFalse();
        assertThat(runners.awaitIdle(0)).isTrue();
        assertThat(ran).hasValue(0);
        runners.stop();
    }
}
