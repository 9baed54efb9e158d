package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.Codec;
import io.covey.cluster.rpc.RpcException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever the code of an application throws, a call ends and the next one is served. */
class UserErrorsTest {
    private static final Codec<String> TEXT = codec(new NoClassDefFoundError("none on purpose"), "none");

    private static final Procedure<String, String> WORK =
            Procedure.of("work", TEXT, TEXT).within(Duration.ofMinutes(30)).concurrency(1);

    private final Nodes nodes = new Nodes();

    @AfterEach
    void close() {
        nodes.close();
    }

    /** One that throws if it is to read a certain text. */
    private static Codec<String> codec(Error error, String unreadable) {
        return new Codec<>() {
            @Override
            public String name() {
                return "text";
            }

            @Override
            public byte[] encode(String value) {
                return value.getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public String decode(byte[] bytes) {
                String text = new String(bytes, StandardCharsets.UTF_8);
                if (text.equals(unreadable)) {
                    throw error;
                }
                return text;
            }
        };
    }

    @Test
    void aCallWhoseAnswerCannotEvenBeReadEnds() throws Exception {
        Cluster a = nodes.join("a");
        Rpc.on(a).serve(WORK, (argument, call) -> "none");
        CompletableFuture<Reply<String>> attached = new CompletableFuture<>();
        Rpc.on(a).call(Nodes.at(a), WORK, "").whenComplete((reply, thrown) -> attached.completeExceptionally(thrown));
        assertThat(Nodes.failure(attached, Reason.FAILED)).hasMessageContaining("its answer: none on purpose");
        Nodes.failure(Rpc.on(a).call(Nodes.at(a), WORK, ""), Reason.FAILED);
        Nodes.failure(Rpc.on(a).call(Target.all(), WORK, ""), Reason.FAILED);
        assertThat(Nodes.get(Rpc.on(a).callAll(WORK, "")).failed()).containsExactly(a.self());
    }

    @Test
    void aHandlerThatThrowsWhatCannotEvenBeAskedWhyHasFailedAndTheNextCallIsServed() throws Exception {
        Cluster a = nodes.join("a", RpcOptions.standard().withStackTraces(true, true));
        Rpc.on(a).serveAsync(WORK, (argument, call) -> switch (argument) {
            case "now" -> throw new Mute();
            case "later" -> CompletableFuture.failedFuture(new Mute());
            default -> CompletableFuture.completedFuture(argument);
        });
        for (String when : new String[] {"now", "later"}) {
            RpcException failure = Nodes.failure(Rpc.on(a).call(Nodes.at(a), WORK, when), Reason.FAILED);
            assertThat(failure.remoteType()).contains(Mute.class.getName());
        }
        assertThat(Nodes.get(Rpc.on(a).call(Nodes.at(a), WORK, "x")).value()).isEqualTo("x");
    }

    private static final class Mute extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new UnsupportedOperationException("on purpose");
        }
    }
}
