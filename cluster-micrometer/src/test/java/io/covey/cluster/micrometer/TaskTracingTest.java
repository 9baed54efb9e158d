package io.covey.cluster.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.tasks.RetryPolicy;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import io.micrometer.observation.Observation;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskTracingTest {
    private static final TaskType<String> FLAKY = TaskType.of("flaky", String.class)
            .on("own")
            .retry(RetryPolicy.standard().withAttempts(3).withFixedDelay(Duration.ofMillis(1)));
    private static final TaskType<String> SHARED =
            TaskType.of("shared", String.class).on("shared");

    private final Traced traced = new Traced();
    private Cluster node;
    private TaskQueue tasks;
    private TaskTracing tracing;

    @BeforeEach
    void join() {
        node = Cluster.join("local:" + UUID.randomUUID());
        tasks = TaskQueue.on(node);
        tasks.queue("own").change(settings -> settings.withKind(Kind.OWN));
        tracing = new TaskTracing(node, traced.registry());
    }

    @AfterEach
    void leave() {
        node.close(Duration.ZERO);
        traced.close();
    }

    @Test
    void eachAttemptIsATraceOfItsOwnThatIsLinkedToItsEnqueue() {
        tracing.around(Worker.on(node))
                .queues("own")
                .handlers(handlers -> handlers.handle(FLAKY, (payload, task) -> {
                    assertThat(traced.registry().getCurrentObservation()).isNotNull();
                    if (task.attempt() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                }))
                .start();
        Observation request = Observation.start("request", traced.registry());
        request.scoped(() -> tracing.around(tasks).enqueue(FLAKY, "x"));
        request.stop();

        SpanData root = traced.spans("request", 1).get(0);
        SpanData enqueue = traced.spans("send own", 1).get(0);
        List<SpanData> attempts = traced.spans("process own", 3);
        assertThat(enqueue.getParentSpanId()).isEqualTo(root.getSpanId());
        assertThat(attempts).hasSize(3).allSatisfy(attempt -> {
            assertThat(attempt.getTraceId()).isNotEqualTo(root.getTraceId());
            assertThat(attempt.getParentSpanContext().isValid()).isFalse();
            assertThat(attempt.getLinks()).hasSize(1);
            assertThat(attempt.getLinks().get(0).getSpanContext().getTraceId()).isEqualTo(enqueue.getTraceId());
            assertThat(attempt.getLinks().get(0).getSpanContext().getSpanId()).isEqualTo(enqueue.getSpanId());
        });
        assertThat(attempts.stream().map(SpanData::getTraceId).distinct()).hasSize(3);
        assertThat(attempts.stream().map(span -> Traced.attribute(span, "covey.task.attempt")))
                .containsExactlyInAnyOrder("1", "2", "3");
        assertThat(attempts.stream().filter(span -> span.getStatus().getStatusCode() == StatusCode.ERROR))
                .hasSize(2);
    }

    @Test
    void ofAttemptsThatAreObservedInPartThoseOfASampledEnqueueAlwaysAre() {
        tracing.observing(0)
                .around(Worker.on(node))
                .queues("own", "shared")
                .handlers(handlers -> {
                    handlers.handle(FLAKY, (payload, task) -> {});
                    handlers.handle(SHARED, (payload, task) -> {});
                })
                .start();
        tasks.enqueue(FLAKY, "nobody traces it");
        tasks.enqueue(SHARED, "nor it");
        tracing.around(tasks).enqueue(FLAKY, "traced");
        assertThat(traced.spans("process own", 1))
                .hasSize(1)
                .allSatisfy(span -> assertThat(span.getLinks()).hasSize(1));
        assertThat(traced.spans("process shared", 0)).isEmpty();
    }

    @Test
    void aQueueInTheBytesOfResqueIsAddedToWithoutHeadersAndItsAttemptsAreTracedAllTheSame() {
        tracing.around(Worker.on(node))
                .queues("shared")
                .handlers(handlers -> handlers.handle(SHARED, (payload, task) -> {}))
                .start();
        assertThat(tracing.around(tasks).enqueue(SHARED, "x").duplicate()).isFalse();
        assertThat(traced.spans("process shared", 1).get(0).getLinks()).isEmpty();
        assertThat(traced.spans("send shared", 1)).hasSize(1);
    }

    @Test
    void aQueueThatBecomesOneOfResqueMeanwhileIsAddedToAllTheSame() {
        TaskQueue observed = tracing.around(tasks);
        observed.enqueue(FLAKY, "carries headers");
        tasks.queue("own").removeType("flaky");
        tasks.queue("own").change(settings -> settings.withKind(Kind.SHARED));
        assertThat(observed.enqueue(FLAKY, "cannot").duplicate()).isFalse();
    }
}
