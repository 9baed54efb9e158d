package io.covey.cluster.examples.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.Rejection;
import io.covey.cluster.examples.OnBothDrivers;
import io.covey.cluster.rpc.BuiltIn;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * Somebody without the token publishes a million frames with wrong signatures, where a node hears requests and where
 * another one hears their answers: both go on, and keep nothing.
 */
@Tag("long")
@Timeout(600)
final class FloodTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int FRAMES = 1_000_000;
    private static final int TOGETHER = 10_000;
    private static final long KEPT_AT_MOST = 32L << 20;

    @OnBothDrivers
    void wrongSignaturesByTheMillionLeaveNothingBehindAndCallsGoOn(String scheme) throws Exception {
        try (Backend backend = new Backend(scheme)) {
            Cluster ada = backend.join(backend.config("ada"));
            Cluster bob = backend.join(backend.config("bob"));
            Rpc.on(bob);
            Target target = Target.node(bob.self().id());
            try (PlainClient eve = new PlainClient(
                    backend.redis.port(), ada.config().transport().namespace())) {
                ping(ada, target);
                List<PlainClient.Heard> tape = eve.tape();
                PlainClient.Heard request = heardBy(bob, tape);
                PlainClient.Heard answer = heardBy(ada, tape);
                eve.hearNoMore();
                Random random = new Random(7);
                long heap = 0;
                for (int sent = 0; sent < FRAMES; sent += TOGETHER) {
                    PlainClient.Heard heard = sent / TOGETHER % 2 == 0 ? request : answer;
                    byte[] wrong = heard.frame();
                    wrong[wrong.length - 1 - random.nextInt(16)] ^= (byte) (1 + random.nextInt(255));
                    eve.publish(heard.channel(), wrong, TOGETHER);
                    ping(ada, target);
                    if (sent == FRAMES / 10) {
                        heap = heapInUse();
                    }
                }
                await().atMost(PATIENCE).until(() -> refused(ada) + refused(bob) >= FRAMES);
                assertThat(refused(ada)).isGreaterThanOrEqualTo(FRAMES / 2);
                assertThat(heapInUse() - heap).isLessThan(KEPT_AT_MOST);
                ping(ada, target);
                assertThat(bob.health().state().up()).isTrue();
                assertThat(ada.health().state().up()).isTrue();
            }
        }
    }

    private static PlainClient.Heard heardBy(Cluster node, List<PlainClient.Heard> tape) {
        return tape.stream()
                .filter(one -> one.channel().endsWith(node.self().id()))
                .findFirst()
                .orElseThrow();
    }

    private static long refused(Cluster node) {
        return node.health().rejected().get(Rejection.MAC)
                + node.health().messages().dropped();
    }

    private static void ping(Cluster from, Target target) throws Exception {
        assertThat(Rpc.on(from)
                        .call(target, BuiltIn.PING.within(PATIENCE), new byte[0])
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .value())
                .isEqualTo("pong");
    }

    private static long heapInUse() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
