package io.covey.cluster.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Rejection;
import io.covey.cluster.spi.Await;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WithoutSecurityTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String CHANNEL = "/cluster/test";

    private final Nodes nodes = new Nodes();

    @AfterEach
    void close() {
        nodes.close();
    }

    @Test
    void nodesWithoutSecurityHearEachOtherUnsignedAndANodeWithATokenHearsNone() {
        Cluster open = nodes.joinRemote("open", ClusterConfig.Builder::withoutSecurity);
        Cluster other = nodes.joinRemote("other", ClusterConfig.Builder::withoutSecurity);
        Cluster signed = nodes.joinRemote("signed", Optional.of(Nodes.TOKEN));
        List<String> unsignedHeard = hear(other);
        List<String> signedHeard = hear(signed);
        assertThat(other.tokens().ids()).isEmpty();

        publish(open, "open");
        publish(signed, "signed");

        await().atMost(SOON).untilAsserted(() -> assertThat(unsignedHeard).containsExactly("open", "signed"));
        await().atMost(SOON).untilAsserted(() -> assertThat(signedHeard).containsExactly("signed"));
        assertThat(signed.health().rejected().get(Rejection.UNSIGNED)).isPositive();
        assertThat(signed.health().rejected()).containsOnlyKeys(Rejection.values());
    }

    @Test
    void aTopicOfANodeWithATokenHearsNothingUnsigned() {
        Cluster open = nodes.joinRemote("open", ClusterConfig.Builder::withoutSecurity);
        Cluster signed = nodes.joinRemote("signed", Optional.of(Nodes.TOKEN));
        List<String> heard = new CopyOnWriteArrayList<>();
        signed.topic("/news", String.class).subscribe(text -> heard.add(text));
        open.topic("/news", String.class).publish("forged");
        signed.topic("/news", String.class).publish("true");
        await().atMost(SOON).untilAsserted(() -> assertThat(heard).containsExactly("true"));
    }

    @Test
    void aNamespaceThatIsSecuredToldOnOneNodeIsNotSpokenToByTopicsOfAnother() {
        Cluster signed =
                nodes.joinRemote("signed", config -> config.token(Nodes.TOKEN).secured("/admin"));
        Cluster untold = nodes.joinRemote("untold", Optional.of(Nodes.TOKEN));
        List<String> heard = new CopyOnWriteArrayList<>();
        Await.on(signed.bus().subscribe("/admin/keys", m -> heard.add(text(m.payload()))), SOON, "subscribe");
        untold.topic("/admin/keys", String.class).publish("forged");
        Await.on(signed.bus().publish("/admin/keys", 1, "true".getBytes(UTF_8)), SOON, "publish");
        await().atMost(SOON).untilAsserted(() -> assertThat(heard).containsExactly("true"));
        assertThat(signed.health().rejected().get(Rejection.MAC)).isEqualTo(1);
        assertThatThrownBy(() -> untold.bus().publish("/admin/keys", 1, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> hear(Cluster node) {
        List<String> heard = new CopyOnWriteArrayList<>();
        Await.on(node.bus().subscribe(CHANNEL, m -> heard.add(text(m.payload()))), SOON, "subscribe");
        return heard;
    }

    private static void publish(Cluster node, String text) {
        Await.on(node.bus().publish(CHANNEL, 1, text.getBytes(UTF_8)), SOON, "publish");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
