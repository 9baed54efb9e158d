package io.covey.cluster.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import io.micrometer.observation.Observation;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two processes, each with a tracer of its own. */
class MessageTracingTest {
    private static final Procedure<String, String> ECHO =
            Procedure.of("echo", String.class, String.class).within(Duration.ofSeconds(60));

    private final Traced here = new Traced();
    private final Traced there = new Traced();
    private Cluster caller;
    private Cluster callee;

    @BeforeEach
    void join() {
        String uri = "local:" + UUID.randomUUID();
        caller = Cluster.join(uri);
        callee = Cluster.join(uri);
        caller.members().refresh();
    }

    @AfterEach
    void leave() {
        caller.close(Duration.ZERO);
        callee.close(Duration.ZERO);
        here.close();
        there.close();
    }

    @Test
    void aHandlerIsAChildOfTheCallThatItAnswers() throws Exception {
        Rpc rpc = Rpc.on(caller);
        rpc.around(new RpcTracing(here.registry()));
        Rpc served = Rpc.on(callee);
        served.around(new RpcTracing(there.registry()));
        served.serve(ECHO, (text, call) -> {
            Observation.start("inside", there.registry()).stop();
            assertThat(call.headers()).containsKey("traceparent");
            return text;
        });
        Observation request = Observation.start("request", here.registry());
        String answer = request.scopedChecked(
                () -> rpc.call(Target.node(callee.self().id()), ECHO, "x").get().value());
        request.stop();
        assertThat(answer).isEqualTo("x");

        SpanData root = here.spans("request", 1).get(0);
        SpanData call = here.spans("echo", 1).get(0);
        SpanData serve = there.spans("echo", 1).get(0);
        assertThat(call.getParentSpanId()).isEqualTo(root.getSpanId());
        assertThat(serve.getParentSpanId()).isEqualTo(call.getSpanId());
        assertThat(serve.getTraceId()).isEqualTo(root.getTraceId());
        assertThat(there.spans("inside", 1).get(0).getParentSpanId()).isEqualTo(serve.getSpanId());
        assertThat(Traced.attribute(call, "outcome")).isEqualTo("ok");
        assertThat(Traced.attribute(call, "rpc.system")).isEqualTo("covey");
        assertThat(Traced.attribute(serve, "covey.rpc.call")).isNotEmpty();
    }

    @Test
    void aCallThatFailsSaysSoInBothSpans() {
        Rpc rpc = Rpc.on(caller);
        rpc.around(new RpcTracing(here.registry()));
        Rpc served = Rpc.on(callee);
        served.around(new RpcTracing(there.registry()));
        served.serve(ECHO, (text, call) -> {
            throw new IllegalStateException("no");
        });
        assertThatThrownBy(() ->
                        rpc.call(Target.node(callee.self().id()), ECHO, "x").get())
                .isInstanceOf(ExecutionException.class);
        assertThat(Traced.attribute(here.spans("echo", 1).get(0), "outcome")).isEqualTo("failed");
        assertThat(there.spans("echo", 1).get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }

    @Test
    void aSubscriberIsAChildOfThePublisher() throws Exception {
        caller.around(new TopicTracing(here.registry()));
        callee.around(new TopicTracing(there.registry()));
        CompletableFuture<String> heard = new CompletableFuture<>();
        callee.topic("/chat/lobby", String.class).subscribe((channel, message) -> heard.complete(message));
        Observation request = Observation.start("request", here.registry());
        request.scoped(() -> caller.topic("/chat/lobby", String.class).publish("hello"));
        request.stop();

        assertThat(heard.get(60, TimeUnit.SECONDS)).isEqualTo("hello");
        SpanData publish = here.spans("send topic", 1).get(0);
        SpanData receive = there.spans("process topic", 1).get(0);
        assertThat(publish.getParentSpanId())
                .isEqualTo(here.spans("request", 1).get(0).getSpanId());
        assertThat(receive.getParentSpanId()).isEqualTo(publish.getSpanId());
        assertThat(Traced.attribute(receive, "messaging.destination.name")).isEqualTo("/chat/lobby");
    }

    @Test
    void whoDoesNotTraceHearsWhatIsTraced() throws Exception {
        caller.around(new TopicTracing(here.registry()));
        CompletableFuture<String> heard = new CompletableFuture<>();
        callee.topic("/chat/lobby", String.class).subscribe((channel, message) -> heard.complete(message));
        caller.topic("/chat/lobby", String.class).publish("hello");
        assertThat(heard.get(60, TimeUnit.SECONDS)).isEqualTo("hello");
    }
}
