package io.covey.cluster.examples.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.Rejection;
import io.covey.cluster.Secret;
import io.covey.cluster.examples.OnBothDrivers;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;

/** Somebody at the server records what nodes say and publishes it again, as it was and changed: nothing runs of it. */
@Timeout(180)
final class ReplayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** From its end a frame has the kind, two bytes of the signature's tag and length, and 32 of the signature. */
    private static final int KIND_FROM_END = 35;

    private static final Procedure<String, String> GREET =
            Procedure.of("greet", String.class, String.class).within(Duration.ofSeconds(20));

    @OnBothDrivers
    void whatWasRecordedIsNotRunAgain(String scheme) throws Exception {
        try (Backend backend = new Backend(scheme)) {
            Cluster ada = backend.join(backend.config("ada"));
            try (PlainClient eve = new PlainClient(
                    backend.redis.port(), ada.config().transport().namespace())) {
                Cluster bob = backend.join(backend.config("bob"));
                Collection<String> ran = serve(bob);
                say(ada, bob, "once", ran);
                List<PlainClient.Heard> tape = eve.tape();
                long recorded = System.nanoTime();
                assertThat(tape).hasSizeGreaterThan(4);
                Set<String> channels =
                        tape.stream().map(PlainClient.Heard::channel).collect(Collectors.toSet());

                play(eve, tape);
                pass(recorded, Duration.ofSeconds(1));
                play(eve, tape);
                for (PlainClient.Heard one : tape) {
                    for (String channel : channels) {
                        eve.publish(channel, one.frame());
                    }
                    byte[] changed = one.frame().clone();
                    changed[changed.length - KIND_FROM_END] ^= 3;
                    eve.publish(one.channel(), changed);
                }
                say(ada, bob, "last", ran);
                assertThat(ran)
                        .containsExactlyInAnyOrder(
                                "once", "once to all", "once to hear", "last", "last to all", "last to hear");
                assertThat(bob.health().rejected().get(Rejection.REPLAY)).isPositive();
                assertThat(bob.health().rejected().get(Rejection.CHANNEL)).isPositive();
                assertThat(bob.health().rejected().get(Rejection.MAC)).isPositive();

                bob.close();
                pass(recorded, Duration.ofSeconds(3));
                Cluster again = backend.join(backend.config("bob"));
                Collection<String> ranAgain = serve(again);
                play(eve, tape);
                for (PlainClient.Heard one : tape) {
                    eve.publish(
                            one.channel().replace(bob.self().id(), again.self().id()), one.frame());
                }
                say(ada, again, "restarted", ranAgain);
                assertThat(ranAgain).containsExactlyInAnyOrder("restarted", "restarted to all", "restarted to hear");
                assertThat(again.health().rejected().get(Rejection.TIME)).isPositive();
            }
        }
    }

    @OnBothDrivers
    void whatIsForgedIsNotRun(String scheme) throws Exception {
        try (Backend backend = new Backend(scheme)) {
            Cluster ada = backend.join(backend.config("ada"));
            Cluster bob = backend.join(backend.config("bob"));
            Collection<String> ran = serve(bob);
            Cluster mallory = backend.join(backend.config("mallory").withoutSecurity());
            Cluster trudy = backend.join(backend.config("trudy").token(Secret.of("another token of trudy's")));
            String inbox = "/cluster/node/" + bob.self().id();
            try (PlainClient eve = new PlainClient(
                    backend.redis.port(), ada.config().transport().namespace())) {
                Random random = new Random(3);
                for (int i = 0; i < 200; i++) {
                    byte[] garbage = new byte[1 + random.nextInt(200)];
                    random.nextBytes(garbage);
                    garbage[0] = (byte) (i % 2);
                    eve.publish(inbox, garbage);
                    eve.publish("/news", garbage);
                }
                eve.publish(inbox, new byte[(1 << 20) + 1]);
                Procedure<String, String> briefly = GREET.within(Backend.ANSWER);
                for (Cluster forger : List.of(mallory, trudy)) {
                    forger.bus()
                            .publish(inbox, 1, "forged".getBytes(UTF_8))
                            .toCompletableFuture()
                            .get();
                    forger.topic("/news", String.class).publish("forged");
                    Rpc.on(forger).call(Target.node(bob.self().id()), briefly, "forged");
                    Rpc.on(forger).callAll(briefly, "forged");
                }
                say(ada, bob, "true", ran);
                assertThat(ran).containsExactlyInAnyOrder("true", "true to all", "true to hear");
                assertThat(bob.health().rejected())
                        .hasEntrySatisfying(
                                Rejection.SIZE, count -> assertThat(count).isPositive())
                        .hasEntrySatisfying(
                                Rejection.VERSION, count -> assertThat(count).isPositive())
                        .hasEntrySatisfying(
                                Rejection.PARSE, count -> assertThat(count).isPositive())
                        .hasEntrySatisfying(
                                Rejection.UNSIGNED, count -> assertThat(count).isPositive())
                        .hasEntrySatisfying(
                                Rejection.KEY, count -> assertThat(count).isPositive());
                assertThat(bob.health().state().up()).isTrue();
            }
        }
    }

    /** Answers, hears, and writes down what it was asked and told. */
    private static Collection<String> serve(Cluster node) {
        Collection<String> ran = new ConcurrentLinkedQueue<>();
        Rpc.on(node).serve(GREET, (name, caller) -> {
            ran.add(name);
            return "hello " + name;
        });
        node.topic("/news", String.class).subscribe(ran::add);
        return ran;
    }

    /** One of each; what was published before on a channel has been looked at when this returns. */
    private static void say(Cluster from, Cluster to, String what, Collection<String> ran) throws Exception {
        await().atMost(PATIENCE)
                .until(() -> from.members().refresh().stream()
                        .anyMatch(node -> node.id().equals(to.self().id())));
        Rpc rpc = Rpc.on(from);
        assertThat(rpc.call(Target.node(to.self().id()), GREET, what)
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .value())
                .isEqualTo("hello " + what);
        rpc.callAll(GREET, what + " to all");
        from.topic("/news", String.class).publish(what + " to hear");
        await().atMost(PATIENCE).until(() -> ran.containsAll(List.of(what + " to all", what + " to hear")));
    }

    private static void play(PlainClient client, List<PlainClient.Heard> tape) throws IOException {
        for (PlainClient.Heard one : new ArrayList<>(tape)) {
            client.publish(one.channel(), one.frame());
        }
    }

    /** Until a time is over. */
    private static void pass(long since, Duration time) {
        await().atMost(PATIENCE).until(() -> System.nanoTime() - since > time.toNanos());
    }
}
