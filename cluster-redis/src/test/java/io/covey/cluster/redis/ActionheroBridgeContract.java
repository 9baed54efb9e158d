package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.ClusterException;
import io.covey.cluster.CodecException;
import io.covey.cluster.Registration;
import io.covey.cluster.TransportTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Calls on actionhero's channel, byte by byte as its nodes write them, for each driver. {@link NodeBridgeContract} has the real one. */
public abstract class ActionheroBridgeContract extends ActionheroChannel {

    record User(String name, int age) {}

    private static String call(String id, String method, String rest) {
        return "{\"messageType\":\"do\",\"serverId\":\"node\",\"serverToken\":\"" + TOKEN + "\",\"" + id
                + ",\"method\":\"" + method + "\"" + rest + "}";
    }

    @Test
    final void nobodyListensUntilABridgeIsOpenedAndAfterItIsClosed() {
        assertThat(server.command("PUBLISH", "elsewhere", "x")).isEqualTo("0");
        try (ActionheroBridge other = Actionhero.on(cluster, ActionheroFormat.V29)
                .bridge(TOKEN)
                .channel("elsewhere")
                .open()) {
            assertThat(server.command("PUBLISH", "elsewhere", "x")).isEqualTo("1");
            assertThat(other).hasToString("bridge to actionhero on channel elsewhere");
        }
        eventually().until(() -> server.command("PUBLISH", "elsewhere", "x").equals("0"));
    }

    @Test
    final void callsHaveTheFieldsOfTheirVersionInItsOrder() throws Exception {
        bridge.call("api.log")
                .with("x", Map.of("n", 1.0), null)
                .to("abc123")
                .send()
                .get();
        awaitSaid("\\{\"messageType\":\"do\",\"serverId\":\"java\",\"serverToken\":\"" + TOKEN + "\",\"messageId\":\""
                + UUID4
                + "\",\"method\":\"api\\.log\",\"connectionId\":\"abc123\",\"args\":\\[\"x\",\\{\"n\":1},null]}");
        bridge.call("api.log").send().get();
        awaitSaid(".*\"messageId\":\"" + UUID4 + "\",\"method\":\"api\\.log\",\"args\":\\[]}");
        old.call("api.log").with("x").send().get();
        awaitSaid("\\{\"messageType\":\"do\",\"serverId\":\"java9\",\"serverToken\":\"" + TOKEN + "\",\"requestId\":\""
                + UUID4 + "\",\"method\":\"api\\.log\",\"connectionId\":null,\"args\":\\[\"x\"]}");
    }

    @Test
    final void aListedMethodIsRunAndAnsweredInTheFormOfTheQuestion() {
        bridge.serve("api.users.older", request -> {
            User user = request.arg(0, User.class);
            return new User(user.name(), user.age() + request.arg(1, Integer.class));
        });
        send(call("messageId\":\"m1\"", "api.users.older", ",\"args\":[{\"name\":\"é\",\"age\":36},1]"));
        awaitSaid("\\Q{\"messageType\":\"doResponse\",\"serverId\":\"java\",\"serverToken\":\"" + TOKEN
                + "\",\"messageId\":\"m1\",\"response\":{\"name\":\"é\",\"age\":37}}\\E");
        send(call(
                "requestId\":\"r1\"",
                "api.users.older",
                ",\"connectionId\":null,\"args\":[{\"name\":\"b\",\"age\":1},1]"));
        awaitSaid("\\Q{\"messageType\":\"doResponse\",\"serverId\":\"java\",\"serverToken\":\"" + TOKEN
                + "\",\"requestId\":\"r1\",\"response\":[null,{\"name\":\"b\",\"age\":2}]}\\E");
        bridge.serve("api.count", request -> request.args().size());
        send(call("messageId\":\"m2\"", "api.count", ",\"args\":\"one\""));
        awaitSaid(".*\"messageId\":\"m2\",\"response\":1}");
        send(call("messageId\":\"m3\"", "api.count", ",\"args\":null"));
        awaitSaid(".*\"messageId\":\"m3\",\"response\":0}");
    }

    @Test
    final void whatIsNotListedOrNotOfTheFleetIsDroppedAndCounted() {
        AtomicInteger runs = new AtomicInteger();
        bridge.serve("api.run", request -> runs.incrementAndGet());
        send(call("messageId\":\"m\"", "api.shutdown", ",\"args\":[]"));
        send(call("messageId\":\"m\"", "process.exit", ",\"args\":[]"));
        send(call("messageId\":\"m\"", "api.run.toString", ",\"args\":[]"));
        eventually().until(() -> bridge.counts().refused() == 3);

        String good = call("messageId\":\"m\"", "api.run", ",\"args\":[]");
        send(good.replace(TOKEN, "change-me"));
        send(good.replace(TOKEN, TOKEN + "x"));
        send(good.replace("\"" + TOKEN + "\"", "null"));
        send(good.replace("\"serverToken\":\"" + TOKEN + "\",", ""));
        eventually().until(() -> bridge.counts().foreign() == 4);

        List<String> malformed = List.of(
                "no json",
                "5",
                "[]",
                "",
                "{\"serverToken\":\"" + TOKEN + "\"}",
                good.replace("\"method\":\"api.run\",", ""),
                good.replace("\"messageId\":\"m\",", ""),
                good.replace("\"api.run\"", "{}"),
                good.replace("[]", "[".repeat(80) + "]".repeat(80)),
                good.replace("[]", "[\"" + "x".repeat(1 << 20) + "\"]"),
                "{\"messageType\":\"chat\",\"serverToken\":\"" + TOKEN + "\",\"message\":1,\"sentAt\":1}",
                "{\"messageType\":\"chat\",\"serverToken\":\"" + TOKEN
                        + "\",\"message\":1,\"sentAt\":1e300,\"connection\":{\"id\":\"0\",\"room\":\"r\"}}",
                "{\"messageType\":\"doResponse\",\"serverToken\":\"" + TOKEN + "\"}");
        malformed.forEach(ActionheroChannel::send);
        eventually().until(() -> bridge.counts().malformed() == malformed.size());

        send("{\"messageType\":\"custom\",\"serverToken\":\"" + TOKEN + "\"}");
        assertThat(runs).hasValue(0);
        send(good);
        eventually().until(() -> bridge.counts().served() == 1);
        assertThat(runs).hasValue(1);
        assertThat(said).noneMatch(line -> line.contains("doResponse") && line.contains("shutdown"));
        assertThatThrownBy(() -> bridge.serve("api.run", request -> null)).hasMessageContaining("served already");
        for (String bad : List.of("api", "api.", "process.exit", "api.x()", "api.a b", "api.a;b", "eval('x')")) {
            assertThatThrownBy(() -> bridge.call(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> bridge.serve(bad, request -> null))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    final void aHandlerThatThrowsStopsNothingAndIsNotAnswered() {
        bridge.serve("api.broken", request -> {
            throw new StackOverflowError("of " + request.method());
        });
        bridge.serve("api.missing", request -> request.arg(3, String.class));
        bridge.serve("api.bytes", request -> new byte[1]);
        bridge.serve("api.huge", request -> "x".repeat(1 << 20));
        bridge.serve("api.good", request -> "good");
        for (String each : List.of("broken", "missing", "bytes", "huge", "good")) {
            for (int i = 0; i < 10; i++) {
                send(call("messageId\":\"" + each + "\"", "api." + each, ",\"args\":[]"));
            }
        }
        eventually()
                .until(() -> bridge.counts().served() == 10 && bridge.counts().failed() == 40);
        awaitSaid(".*\"messageId\":\"good\",\"response\":\"good\"}");
        assertThat(said).noneMatch(line -> line.matches(".*doResponse.*(broken|missing|bytes|huge).*"));
    }

    @Test
    final void theFirstAnswerWithTheIdOfTheQuestionCounts() throws Exception {
        CompletableFuture<Optional<User>> asked =
                bridge.call("api.users.find").with("ada").answer(User.class);
        String question = awaitSaid(".*\"method\":\"api\\.users\\.find\".*");
        String id = question.replaceAll(".*\"messageId\":\"([^\"]+)\".*", "$1");
        String answer = "{\"messageType\":\"doResponse\",\"serverId\":\"node\",\"serverToken\":\"" + TOKEN
                + "\",\"messageId\":\"" + id + "\",\"response\":{\"name\":\"ada\",\"age\":36}}";
        send(answer.replace(id, "another").replace("36", "1"));
        send(answer.replace(TOKEN, "forged").replace("36", "2"));
        eventually().until(() -> bridge.counts().foreign() == 1);
        assertThat(asked).isNotDone();
        send(answer);
        send(answer.replace("36", "3"));
        assertThat(asked.get(60, TimeUnit.SECONDS)).contains(new User("ada", 36));

        assertThat(answerOf9("[\"x\",null]")).contains("x");
        assertThat(answerOf9("[null]")).isEmpty();
        assertThat(answerOf9("[]")).isEmpty();
        assertThatThrownBy(() -> answerOf9("[\"this room exists\",false]"))
                .hasRootCauseInstanceOf(ClusterException.class)
                .hasMessageContaining("perhaps an error: [\"this room exists\",false]");
    }

    private Optional<String> answerOf9(String response) throws Exception {
        said.clear();
        CompletableFuture<Optional<String>> asked = old.call("api.x").answer(String.class);
        String id = awaitSaid(".*\"method\":\"api\\.x\".*").replaceAll(".*\"requestId\":\"([^\"]+)\".*", "$1");
        send("{\"messageType\":\"doResponse\",\"serverId\":\"node\",\"serverToken\":\"" + TOKEN + "\",\"requestId\":\""
                + id + "\",\"response\":" + response + "}");
        return asked.get(60, TimeUnit.SECONDS);
    }

    @Test
    final void withoutAnAnswerACallEndsAtItsTimeoutAndTheTokenIsNotInItsMessage() {
        assertThatThrownBy(() -> bridge.call("api.nobody")
                        .to("abc")
                        .within(Duration.ofMillis(50))
                        .answer(String.class)
                        .get(60, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(TransportTimeoutException.class)
                .hasMessageContaining("api.nobody at the holder of abc: no answer in 50 ms")
                .hasMessageNotContaining(TOKEN);
        assertThatThrownBy(() -> bridge.call("api.x").within(Duration.ZERO)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> bridge.call("api.x").with("x".repeat(1 << 20)).send())
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("limit is 1048576")
                .hasMessageNotContaining(TOKEN);
        assertThatThrownBy(() -> Actionhero.on(cluster, ActionheroFormat.V29).bridge(""))
                .hasMessageContaining("token is empty");
    }

    @Test
    final void theHolderOfAConnectionAloneRunsWhatIsForIt() throws Exception {
        bridge.serve("api.whoami", request -> "29 " + request.connectionId().orElse("anybody"));
        old.serve("api.whoami", request -> "9 " + request.connectionId().orElse("anybody"));
        Registration holding = bridge.hold("conn-29");
        Registration other = old.hold("conn-9");
        for (ActionheroBridge each : List.of(bridge, old)) {
            for (String version : List.of("29", "9")) {
                assertThat(each.call("api.whoami")
                                .to("conn-" + version)
                                .answer(String.class)
                                .get(60, TimeUnit.SECONDS))
                        .contains(version + " conn-" + version);
            }
        }
        assertThatThrownBy(() -> bridge.hold("conn-29")).hasMessageContaining("held already");
        holding.close();
        other.close();
        assertThatThrownBy(() -> bridge.call("api.whoami")
                        .to("conn-29")
                        .within(Duration.ofMillis(50))
                        .answer(String.class)
                        .get(60, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(TransportTimeoutException.class);
        assertThat(bridge.counts().refused()).isZero();
    }

    @Test
    final void whatIsTooMuchIsDroppedAndCountedAndTheRestRuns() {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        bridge.serve("api.slow", request -> {
            go.await();
            return runs.incrementAndGet();
        });
        int most = ActionheroThreads.CALLS + ActionheroThreads.WAITING_CALLS;
        for (int i = 0; i < most + 50; i++) {
            old.call("api.slow").send();
        }
        eventually().until(() -> bridge.counts().overflowed() == 50);
        go.countDown();
        eventually().until(() -> bridge.counts().served() == most);
        assertThat(runs).hasValue(most);
    }
}
