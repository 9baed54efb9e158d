package io.covey.cluster.examples.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.NotSecuredException;
import io.covey.cluster.Secret;
import io.covey.cluster.Security;
import io.covey.cluster.examples.OnBothDrivers;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.Target;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Timeout;

/** Nodes that do not share the server token do not listen to each other. */
@Timeout(120)
final class TokenTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Procedure<String, String> GREET =
            Procedure.of("greet", String.class, String.class).within(Backend.ANSWER);

    @OnBothDrivers
    void callsAndMessagesSignedWithAnotherTokenReachNobody(String scheme) {
        try (Backend backend = new Backend(scheme)) {
            Cluster bob = backend.join(backend.config("bob"));
            Cluster ada = backend.join(backend.config("ada"));
            Cluster eve = backend.join(backend.config("eve").token(Secret.of("another token of eve's")));
            Collection<String> called = new ConcurrentLinkedQueue<>();
            Collection<String> heard = new ConcurrentLinkedQueue<>();
            Rpc.on(bob).serve(GREET, (name, caller) -> {
                called.add(name);
                return "hello " + name;
            });
            bob.topic("/news", String.class).subscribe(heard::add);

            eve.topic("/news", String.class).publish("eve");
            assertThat(Rpc.on(eve).call(Target.node(bob.self().id()), GREET, "eve"))
                    .failsWithin(PATIENCE)
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .asInstanceOf(InstanceOfAssertFactories.type(RpcException.class))
                    .extracting(RpcException::reason)
                    .isEqualTo(RpcException.Reason.TIMEOUT);

            ada.topic("/news", String.class).publish("ada");
            assertThat(Rpc.on(ada).call(Target.node(bob.self().id()), GREET.within(PATIENCE), "ada"))
                    .succeedsWithin(PATIENCE);
            await().atMost(PATIENCE).until(() -> !heard.isEmpty());
            assertThat(heard).containsExactly("ada");
            assertThat(called).containsExactly("ada");
        }
    }

    @OnBothDrivers
    void aNodeWithoutTokenHasNoCallsAndItsMessagesAreRefused(String scheme) {
        try (Backend backend = new Backend(scheme)) {
            Cluster bob = backend.join(backend.config("bob"));
            Collection<String> heard = new ConcurrentLinkedQueue<>();
            bob.topic("/news", String.class).subscribe(heard::add);
            try (Cluster mallory =
                    Cluster.join(withoutToken(backend.config("mallory").build()))) {
                assertThatThrownBy(() -> Rpc.on(mallory))
                        .isInstanceOf(NotSecuredException.class)
                        .hasMessageContaining("COVEY_TOKEN")
                        .message()
                        .doesNotContain("\n");
                mallory.topic("/news", String.class).publish("mallory");
            }
            bob.topic("/news", String.class).publish("bob");
            await().atMost(PATIENCE).until(() -> !heard.isEmpty());
            assertThat(heard).containsExactly("bob");
        }
    }

    /** Whatever the environment says. */
    private static ClusterConfig withoutToken(ClusterConfig config) {
        return new ClusterConfig(
                config.transport(),
                config.ready(),
                config.name(),
                config.metadata(),
                Security.none(),
                config.beat(),
                config.drain(),
                config.maxValueBytes(),
                config.maxFrameBytes());
    }
}
