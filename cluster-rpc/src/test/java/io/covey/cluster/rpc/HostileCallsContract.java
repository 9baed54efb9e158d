package io.covey.cluster.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.covey.cluster.Cluster;
import io.covey.cluster.Rejection;
import io.covey.cluster.SignedBus;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.wire.RpcError;
import io.covey.cluster.rpc.wire.RpcRequest;
import io.covey.cluster.rpc.wire.RpcResponse;
import io.covey.cluster.spi.Await;
import io.covey.cluster.tck.NodeContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What those can do who lie: somebody without the token, and a node that has it and is mad. */
public abstract class HostileCallsContract extends NodeContract {
    private static final Procedure<String, String> GREET =
            Procedure.of("greet", String.class, String.class).within(PATIENCE);
    private static final int LONGEST_NAME_TOLD = 64;

    private Cluster asker;
    private Cluster asked;
    private Cluster liar;

    @BeforeEach
    final void joinNodes() {
        asker = join("asker");
        asked = join("asked");
        liar = join("liar");
        Rpc.on(asker);
        Rpc.on(asked);
    }

    @Test
    final void anAnswerOfOneWhoWasNotAskedOrHasNoTokenIsNoneHoweverFastItComes() throws Exception {
        CountDownLatch lied = new CountDownLatch(1);
        List<ByteString> calls = new CopyOnWriteArrayList<>();
        Rpc.on(asked).serve(GREET, (name, call) -> {
            lied.await();
            return "hello " + name;
        });
        on(liar.bus().sharded().subscribe(Frames.inbox(asked.self().id()), message -> {
            if (message.kind() == Frames.REQUEST) {
                calls.add(request(message).getCallId());
            }
        }));
        CompletableFuture<Reply<String>> call = Rpc.on(asker).call(Nodes.at(asked), GREET, "ada");
        eventually().until(() -> !calls.isEmpty());
        String inbox = Frames.inbox(asker.self().id());
        byte[] lie = Frames.result(calls.get(0), "a lie".getBytes(UTF_8));
        on(liar.bus().sharded().publish(inbox, Frames.RESPONSE, lie));
        // What only looks like a frame, and one that nobody signed.
        for (byte[] frame : List.of(lie, new byte[] {1}, "a lie".getBytes(UTF_8))) {
            on(liar.transport().bus().orElseThrow().sharded().publish(inbox, frame));
        }
        eventually().until(() -> rejected(asker) >= 3);
        assertThat(call).isNotDone();
        lied.countDown();
        assertThat(Nodes.get(call).value()).isEqualTo("hello ada");
        assertThat(Nodes.get(call).from()).isEqualTo(asked.self());
    }

    private static long rejected(Cluster node) {
        Map<Rejection, Long> counts = node.health().rejected();
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    final void whatIsNoNameOfAProcedureIsUnknownAndToldInPlainLetters() {
        List<RpcResponse> answers = answersOf(asked);
        List<String> names = List.of(
                "shutdown",
                "java.lang.Runtime.exec",
                "getClass",
                "../x",
                "a\0b",
                "\u202Egnp.exe",
                "a\nERROR forged",
                "\u001b[31mred",
                "",
                "x".repeat(900_000));
        for (String name : names) {
            send(asked, new Request(UUID.randomUUID(), name, new byte[0], Map.of(), false, false));
        }
        eventually().until(() -> answers.size() == names.size());
        assertThat(answers)
                .allMatch(answer -> answer.getError().getCode() == RpcError.Code.UNKNOWN_PROCEDURE)
                .extracting(answer -> answer.getError().getMessage())
                .allMatch(text -> text.length() <= LONGEST_NAME_TOLD + 1)
                .allMatch(text -> text.chars().allMatch(c -> c >= ' ' && c < 0x7f || c == '…'));
        for (String name : List.of("a\0b", "\u202Egnp.exe", "a\nb", "", "x".repeat(10_000))) {
            assertThatThrownBy(() -> Procedure.of(name, String.class, String.class))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Rpc.on(asker).call(Nodes.at(asked), BuiltIn.PING, new byte[0]))
                .succeedsWithin(PATIENCE);
    }

    @Test
    final void aNodeThatAsksMoreThanAnotherCanTakeHearsThatItIsBusyAndOthersGoOn() throws Exception {
        Cluster small = join("small");
        Rpc.on(small, RpcOptions.standard().withThreads(2).withWaiting(10));
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        Rpc.on(small).serve(GREET, (name, call) -> {
            runs.incrementAndGet();
            end.await();
            return name;
        });
        List<RpcResponse> answers = answersOf(small);
        int flood = 2_000;
        for (int i = 0; i < flood; i++) {
            send(small, new Request(UUID.randomUUID(), GREET.name(), new byte[1], Map.of(), false, false));
        }
        eventually().until(() -> answers.size() == flood - 12);
        assertThat(answers).allMatch(answer -> answer.getError().getCode() == RpcError.Code.BUSY);
        assertThat(Nodes.get(Rpc.on(asker).call(Nodes.at(small), BuiltIn.PING, new byte[0]))
                        .value())
                .isEqualTo("pong");
        end.countDown();
        eventually().until(() -> answers.size() == flood);
        assertThat(runs).hasValue(12);
        assertThat(Nodes.get(Rpc.on(asker).call(Nodes.at(small), GREET, "ada")).value())
                .isEqualTo("ada");
    }

    @Test
    final void aNodeMayNotOpenMoreCallsThanItsOptionsSayAndTheOthersOfItGoOn() {
        Cluster caller = join("caller");
        Rpc calls = Rpc.on(caller, RpcOptions.standard().withOpenCalls(100));
        Rpc.on(asked).serveAsync(GREET.nonBlocking(), (name, call) -> new CompletableFuture<>());
        List<CompletableFuture<Reply<String>>> open = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            open.add(calls.call(Nodes.at(asked), GREET, "never"));
        }
        for (int i = 0; i < 10_000; i++) {
            Nodes.failure(calls.call(Nodes.at(asked), GREET, "one too many"), Reason.BUSY);
        }
        assertThat(open).noneMatch(CompletableFuture::isDone);
        open.get(0).cancel(true);
        assertThat(calls.call(Nodes.at(asked), BuiltIn.PING, new byte[0])).succeedsWithin(PATIENCE);
    }

    @Test
    final void aRequestThatComesTwiceIsRunOnceHoweverManyCome() {
        AtomicInteger runs = new AtomicInteger();
        Rpc.on(asked).serve(GREET.nonBlocking(), (name, call) -> name + runs.incrementAndGet());
        List<RpcResponse> answers = answersOf(asked);
        int many = 2_500;
        for (int i = 0; i < many; i++) {
            Request request = new Request(UUID.randomUUID(), GREET.name(), new byte[1], Map.of(), false, false);
            send(asked, request);
            send(asked, request);
        }
        send(asked, new Request(UUID.randomUUID(), "end", new byte[0], Map.of(), false, false));
        eventually().until(() -> answers.size() == many + 1);
        assertThat(runs).hasValue(many);
    }

    /** What the liar, whose own calls are not open, is answered. */
    private List<RpcResponse> answersOf(Cluster node) {
        List<RpcResponse> answers = new CopyOnWriteArrayList<>();
        on(liar.bus().sharded().subscribe(Frames.inbox(liar.self().id()), message -> {
            if (message.kind() == Frames.RESPONSE
                    && message.sender().equals(node.self().id())) {
                answers.add(response(message));
            }
        }));
        return answers;
    }

    private void send(Cluster to, Request request) {
        liar.bus().sharded().publish(Frames.inbox(to.self().id()), Frames.REQUEST, request.frame(60_000));
    }

    private static RpcRequest request(SignedBus.Message message) {
        try {
            return RpcRequest.parseFrom(message.payload());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static RpcResponse response(SignedBus.Message message) {
        try {
            return RpcResponse.parseFrom(message.payload());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T on(CompletionStage<T> stage) {
        return Await.on(stage, Duration.ofSeconds(60), "contract");
    }
}
