package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import io.covey.cluster.SignedBus;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.wire.RpcRequest;
import io.covey.cluster.rpc.wire.RpcResponse;
import io.covey.cluster.spi.Await;
import io.covey.cluster.tck.NodeContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What may be sent again and what a callee does with it, whatever the messages travel by. */
public abstract class RepeatContract extends NodeContract {
    private static final Procedure<String, String> WORK =
            Procedure.of("work", String.class, String.class).within(Duration.ofSeconds(90));

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private Cluster a;

    @BeforeEach
    final void joinNode() {
        a = join("a");
        Rpc.on(a);
    }

    /** A node that hears requests and answers only the second one of each call. */
    private Cluster deafOnce() {
        Cluster deaf = join("deaf");
        SignedBus.Listener listener = message -> {
            if (message.kind() != Frames.REQUEST) {
                return;
            }
            try {
                RpcRequest request = RpcRequest.parseFrom(message.payload());
                requests.add(Frames.callId(request.getCallId()) + " " + request.getTimeoutMs());
                if (requests.size() == 2) {
                    deaf.bus()
                            .sharded()
                            .publish(
                                    Frames.inbox(message.sender()),
                                    Frames.RESPONSE,
                                    Frames.result(request.getCallId(), "answer".getBytes()));
                }
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        };
        Await.on(deaf.bus().sharded().subscribe(Frames.inbox(deaf.self().id()), listener), PATIENCE, "subscribe");
        return deaf;
    }

    @Test
    final void anIdempotentCallIsSentAgainUnderItsIdWhenNoAnswerComes() throws Exception {
        Cluster deaf = deafOnce();
        CompletableFuture<Reply<String>> call = Rpc.on(a).call(Nodes.at(deaf), WORK.idempotent(), "");
        eventually().until(() -> requests.size() == 1);
        RpcNode.gap(a, "a test");
        assertThat(Nodes.get(call).value()).isEqualTo("answer");
        assertThat(requests.get(0).substring(0, 36)).isEqualTo(requests.get(1).substring(0, 36));
    }

    @Test
    final void anIdempotentCallIsRepeatedWithinItsTimeoutWithoutAnySignOfALoss() throws Exception {
        Cluster deaf = deafOnce();
        assertThat(Nodes.get(Rpc.on(a).call(Nodes.at(deaf), WORK.idempotent(), ""))
                        .value())
                .isEqualTo("answer");
    }

    @Test
    final void otherCallsAreNeverSentTwiceAndSayThatTheLinkWasLost() {
        Cluster deaf = deafOnce();
        CompletableFuture<Reply<String>> call = Rpc.on(a).call(Nodes.at(deaf), WORK, "");
        eventually().until(() -> requests.size() == 1);
        RpcNode.gap(a, "connection reset");
        RpcNode.advance(a, WORK.timeout());
        assertThat(Nodes.failure(call, Reason.TIMEOUT))
                .hasMessageContaining("the link to the backend was lost meanwhile: connection reset");
        assertThat(requests).hasSize(1);
    }

    @Test
    final void anIdempotentCallToAnyGoesElsewhereWhenItsNodeLeaves() throws Exception {
        Cluster b = join("b");
        Semaphore begun = new Semaphore(0);
        Procedure<String, String> patient = WORK.within(Duration.ofMinutes(5)).idempotent();
        Rpc.on(b).serve(patient, (argument, call) -> {
            begun.release();
            Thread.sleep(Duration.ofMinutes(5).toMillis());
            return "b";
        });
        CompletableFuture<Reply<String>> call = Rpc.on(a).call(Target.any(), patient, "");
        begun.acquire();
        Rpc.on(a).serve(patient, (argument, context) -> "a");
        b.close(Duration.ZERO);
        assertThat(Nodes.get(call).value()).isEqualTo("a");
    }

    @Test
    final void anIdempotentCallThatNobodyHearsEndsSoonToo() throws Exception {
        Cluster late = join("late");
        CompletableFuture<Reply<byte[]>> call = Rpc.on(a)
                .call(
                        Nodes.at(late),
                        Procedure.of("late", byte[].class, byte[].class).idempotent(),
                        new byte[0]);
        Nodes.failure(call, Reason.NO_NODE);
        Nodes.failure(
                Rpc.on(a).call(Nodes.at(late), Procedure.of("late", byte[].class, byte[].class), new byte[0]),
                Reason.NO_NODE);
        Rpc.on(late);
        assertThat(Nodes.get(Rpc.on(a).call(Nodes.at(late), BuiltIn.PING, new byte[0]))
                        .value())
                .isEqualTo("pong");
    }

    @Test
    final void oneThatHeardTheRequestAndDoesNotListenForAWhileIsStillWaitedFor() throws Exception {
        Cluster away = join("away");
        String inbox = Frames.inbox(away.self().id());
        Registration heard = Await.on(
                away.bus().sharded().subscribe(inbox, message -> requests.add("heard")), PATIENCE, "subscribe");
        CompletableFuture<Reply<String>> call = Rpc.on(a).call(Nodes.at(away), WORK.idempotent(), "");
        CompletableFuture<Replies<String>> all = Rpc.on(a).callAll(WORK.idempotent(), "");
        eventually().until(() -> requests.contains("heard"));
        eventually().until(() -> requests.size() >= 2);
        heard.close();
        for (int i = 0; i < 20; i++) {
            RpcNode.gap(a, "a failover");
        }
        assertThat(RpcNode.openCalls(a)).isEqualTo(2);
        SignedBus.Listener answers = message -> {
            try {
                if (message.kind() == Frames.REQUEST) {
                    RpcRequest request = RpcRequest.parseFrom(message.payload());
                    byte[] answer = Frames.result(request.getCallId(), "back".getBytes());
                    away.bus().sharded().publish(Frames.inbox(message.sender()), Frames.RESPONSE, answer);
                }
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        };
        Await.on(away.bus().sharded().subscribe(inbox, answers), PATIENCE, "subscribe");
        RpcNode.gap(a, "the end of the failover");
        assertThat(Nodes.get(call).value()).isEqualTo("back");
        assertThat(Nodes.get(all).answers()).containsEntry(away.self(), "back");
    }

    private static byte[] frame(UUID id, boolean repeatable) {
        return new Request(id, WORK.name(), "x".getBytes(), Map.of(), repeatable, false).frame(60_000);
    }

    /** Publishes a frame as a caller whose RPC is not open would, and hears the answers. */
    private List<RpcResponse> publish(Cluster from, Cluster to, byte[]... frames) {
        List<RpcResponse> answers = new CopyOnWriteArrayList<>();
        SignedBus.Listener listener = message -> {
            try {
                if (message.kind() == Frames.RESPONSE) {
                    answers.add(RpcResponse.parseFrom(message.payload()));
                }
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        };
        Await.on(from.bus().sharded().subscribe(Frames.inbox(from.self().id()), listener), PATIENCE, "subscribe");
        for (byte[] frame : frames) {
            Await.on(
                    from.bus().sharded().publish(Frames.inbox(to.self().id()), Frames.REQUEST, frame),
                    PATIENCE,
                    "publish");
        }
        return answers;
    }

    @Test
    final void aRepeatOfACallThatEndedIsAnsweredAgainAndNotRunAgain() {
        Cluster bare = join("bare");
        AtomicInteger runs = new AtomicInteger();
        Rpc.on(a).serve(WORK.nonBlocking(), (argument, call) -> "run " + runs.incrementAndGet());
        byte[] frame = frame(UUID.randomUUID(), true);
        List<RpcResponse> answers = publish(bare, a, frame, frame, frame);
        eventually().until(() -> answers.size() == 3);
        assertThat(answers).allMatch(answer -> answer.getResult().toStringUtf8().equals("run 1"));
        assertThat(runs).hasValue(1);
    }

    @Test
    final void aRepeatOfACallThatRunsJoinsIt() {
        Cluster bare = join("bare");
        AtomicInteger runs = new AtomicInteger();
        Semaphore end = new Semaphore(0);
        Rpc.on(a).serve(WORK, (argument, call) -> {
            runs.incrementAndGet();
            end.acquire();
            return "once";
        });
        UUID id = UUID.randomUUID();
        List<RpcResponse> answers = publish(bare, a, frame(id, true), frame(id, true), frame(UUID.randomUUID(), false));
        eventually().until(() -> runs.get() == 2);
        end.release(100);
        eventually().until(() -> answers.size() == 2);
        assertThat(runs).hasValue(2);
    }

    @Test
    final void aDuplicateOfACallThatIsNotIdempotentDoesNotRunTwice() {
        Cluster bare = join("bare");
        AtomicInteger runs = new AtomicInteger();
        Rpc.on(a).serve(WORK.nonBlocking(), (argument, call) -> "run " + runs.incrementAndGet());
        UUID id = UUID.randomUUID();
        List<RpcResponse> answers =
                publish(bare, a, frame(id, false), frame(id, false), frame(UUID.randomUUID(), false));
        eventually().until(() -> answers.size() == 2);
        assertThat(runs).hasValue(2);
    }
}
