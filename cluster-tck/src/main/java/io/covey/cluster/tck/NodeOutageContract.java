package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.Gap;
import io.covey.cluster.Health;
import io.covey.cluster.History;
import io.covey.cluster.Lock;
import io.covey.cluster.NodeEvent;
import io.covey.cluster.NodeEvent.LeaseEnded;
import io.covey.cluster.NodeEvent.Leased;
import io.covey.cluster.Room;
import io.covey.cluster.Semaphore;
import io.covey.cluster.SignedBus;
import io.covey.cluster.Start;
import io.covey.cluster.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a node tells of a line to its backend that breaks, and of what it may have missed meanwhile. A transport that stays in
 * its process has no line and is up for as long as it is open: its harness puts a line before it, since all this is promised
 * by the node, of whatever its transport tells.
 */
public abstract class NodeOutageContract extends NodeContract {
    private static final Duration SHORT_BEAT = Duration.ofMillis(500);
    private static final History HISTORY = History.last(100);
    private static final String CHANNEL = "/news/tck";
    private static final String OTHER = "/news/other";
    private static final String SIGNED = "/cluster/tck";
    private static final String OTHER_SIGNED = "/cluster/tck/other";

    private LineHarness line;
    private Cluster near;
    private Cluster far;

    @Override
    protected abstract LineHarness harness() throws Exception;

    @BeforeEach
    final void joinNodes() {
        line = (LineHarness) backend();
        near = join("near");
        far = join("far", line.openBeside(), settings -> {});
    }

    private static Topic<String> topic(Cluster node, String channel) {
        return node.topic(channel, String.class);
    }

    private static Room<String> lobby(Cluster node) {
        return node.rooms().room("lobby", String.class);
    }

    @Test
    final void aLineThatIsLostAndItsReturnAreToldOnceEach() {
        List<Health.State> told = new CopyOnWriteArrayList<>();
        near.health().onChange(told::add);
        line.cut();
        eventually().atMost(PATIENCE).until(() -> !told.isEmpty());
        assertThat(told.get(0).up()).isFalse();
        assertThat(told.get(0).reason().orElseThrow()).isNotBlank().doesNotContain("\n");
        assertThat(near.health().state()).isEqualTo(told.get(0));
        assertThat(far.health().state().up()).isTrue();
        line.mend();
        eventually().atMost(PATIENCE).until(() -> told.size() == 2);
        assertThat(told.get(1).up()).isTrue();
        assertThat(told.get(1).reason()).isEmpty();
        assertThat(told.get(1).since()).isAfterOrEqualTo(told.get(0).since());
        assertThat(near.health().state()).isEqualTo(told.get(1));
    }

    @Test
    final void whatCouldNotBeRenewedForAsLongAsItsLeaseIsToldAsLostWhileTheLineIsCutAndOnceOnly()
            throws InterruptedException {
        Cluster holder = join("holder", settings -> settings.beat(SHORT_BEAT));
        List<NodeEvent> heard = new CopyOnWriteArrayList<>();
        holder.listen(heard::add);
        Lock.Held lock = holder.lock("l").tryLock(PATIENCE).orElseThrow();
        Semaphore.Permit permit = holder.semaphore("s", 1).tryAcquire(PATIENCE).orElseThrow();
        line.cut();
        eventually().atMost(PATIENCE).until(() -> ends(heard).size() == 2);
        assertThat(lock.stillMine()).isFalse();
        assertThat(permit.stillMine()).isFalse();
        line.mend();
        assertThat(far.lock("l").tryLock(PATIENCE)).isPresent();
        assertThat(far.semaphore("s", 1).tryAcquire(PATIENCE)).isPresent();
        lock.close();
        permit.close();
        assertThat(ends(heard)).extracting(LeaseEnded::kind).containsExactlyInAnyOrder(Leased.LOCK, Leased.PERMIT);
        assertThat(ends(heard)).allSatisfy(ended -> {
            assertThat(ended.lost()).isTrue();
            assertThat(ended.held()).isGreaterThan(SHORT_BEAT);
        });
    }

    private static List<LeaseEnded> ends(List<NodeEvent> heard) {
        return heard.stream()
                .filter(LeaseEnded.class::isInstance)
                .map(LeaseEnded.class::cast)
                .toList();
    }

    @Test
    final void aSubscriberWithAHistoryIsToldOfALostLineBeforeTheFirstThatNoHistoryHasAndAtOnceFromThenOn() {
        TopicLog log = new TopicLog();
        topic(near, CHANNEL).withHistory(HISTORY).subscribe(Start.now(), log);
        Topic<String> kept = topic(far, CHANNEL).withHistory(HISTORY);
        Topic<String> unkept = topic(far, CHANNEL);
        kept.publish("1");
        eventually().atMost(PATIENCE).until(() -> log.lines.equals(List.of("1")));
        whileCut(() -> kept.publish("2"));
        eventually().atMost(PATIENCE).until(() -> log.lines.contains("2"));
        assertThat(log.lines).containsExactly("1", "2");
        unkept.publish("3");
        eventually().atMost(PATIENCE).until(() -> log.lines.contains("3"));
        assertThat(log.lines).containsExactly("1", "2", "gap of ?", "3");
        whileCut(() -> {
            unkept.publish("lost");
            kept.publish("4");
        });
        eventually()
                .atMost(PATIENCE)
                .until(() -> log.lines.contains("4")
                        && log.lines.subList(4, log.lines.size()).contains("gap of ?"));
        assertThat(log.lines).doesNotContain("lost").containsOnlyOnce("1", "2", "3", "4");
    }

    @Test
    final void aListenerToARoomWithAHistoryIsToldOfALostLineIfSomebodySpeaksWithoutIt() {
        RoomLog log = new RoomLog();
        lobby(near).withHistory(HISTORY).listen(Start.now(), log);
        Room<String> kept = lobby(far).withHistory(HISTORY);
        lobby(far).join("ada");
        eventually().atMost(PATIENCE).until(() -> log.lines().contains("ada joined"));
        whileCut(() -> {
            lobby(far).join("bob");
            kept.say("ada", "1");
        });
        eventually().atMost(PATIENCE).until(() -> log.lines().containsAll(List.of("bob joined", "ada: 1")));
        assertThat(log.lines()).containsOnlyOnce("ada joined", "bob joined", "ada: 1");
        assertThat(gaps(log)).isZero();
        lobby(far).say("ada", "in passing");
        eventually().atMost(PATIENCE).until(() -> log.lines().contains("ada: in passing") && gaps(log) > 0);
        long before = gaps(log);
        whileCut(() -> lobby(far).say("ada", "lost"));
        eventually().atMost(PATIENCE).until(() -> gaps(log) > before);
        kept.say("ada", "2");
        eventually().atMost(PATIENCE).until(() -> log.lines().contains("ada: 2"));
        assertThat(log.lines()).doesNotContain("ada: lost");
    }

    private static long gaps(RoomLog log) {
        return log.lines().stream().filter("gap"::equals).count();
    }

    @Test
    final void aSignedSubscriptionIsLiveAgainAfterTheLineWasCutAndTellsTheGap() {
        Ear ear = new Ear();
        on(near.bus().subscribe(SIGNED, ear));
        on(far.bus().publish(SIGNED, 1, bytes("before")));
        eventually().atMost(PATIENCE).until(() -> ear.heard.equals(List.of("before")));
        whileCut(() -> on(far.bus().publish(SIGNED, 1, bytes("lost"))));
        eventually().atMost(PATIENCE).until(() -> !ear.gaps.isEmpty());
        hearsAgain(SIGNED, ear);
        assertThat(ear.heard).doesNotContain("lost");
        assertThat(ear.gaps).allSatisfy(gap -> {
            assertThat(gap.channel()).isEqualTo(SIGNED);
            assertThat(gap.reason()).isNotBlank().doesNotContain("\n");
        });
    }

    @Test
    final void aSignedSubscriptionThatTheBackendEndsIsToldSoAndTheOthersGoOn() {
        Ear ended = new Ear();
        Ear other = new Ear();
        on(near.bus().subscribe(SIGNED, ended));
        on(near.bus().subscribe(OTHER_SIGNED, other));
        refuse(SIGNED);
        eventually()
                .atMost(PATIENCE)
                .until(() -> ended.gaps.stream().anyMatch(gap -> gap.reason().contains("the subscription has ended")));
        hearsAgain(OTHER_SIGNED, other);
        assertThat(ended.heard).isEmpty();
        assertThat(other.gaps).noneMatch(gap -> gap.reason().contains("ended"));
    }

    private void hearsAgain(String channel, Ear ear) {
        eventually().atMost(PATIENCE).ignoreExceptions().until(() -> {
            on(far.bus().publish(channel, 1, bytes("after")));
            return ear.heard.contains("after");
        });
    }

    @Test
    final void aSubscriberWhomTheBackendRefusesFromNowOnHearsTheEndAndTheOthersGoOn() {
        TopicLog ended = new TopicLog();
        TopicLog other = new TopicLog();
        topic(near, CHANNEL).subscribe(ended);
        topic(near, OTHER).subscribe(other);
        refuse(CHANNEL);
        eventually().atMost(PATIENCE).until(() -> ended.lines.contains("end"));
        eventually().atMost(PATIENCE).ignoreExceptions().until(() -> {
            topic(far, OTHER).publish("after");
            return other.lines.contains("after");
        });
        assertThat(ended.lines).endsWith("end").containsOnlyOnce("end");
        assertThat(other.lines).doesNotContain("end");
    }

    private void refuse(String channel) {
        Skip.unless(line.refuse(channel), "the end of a subscription", "this backend cannot be brought to end one");
    }

    /** Does something of which the near node hears nothing. */
    private void whileCut(Runnable what) {
        line.cut();
        what.run();
        line.mend();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static final class Ear implements SignedBus.Listener {
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final List<Gap> gaps = new CopyOnWriteArrayList<>();

        @Override
        public void onMessage(SignedBus.Message message) {
            heard.add(new String(message.payload(), UTF_8));
        }

        @Override
        public void onGap(Gap gap) {
            gaps.add(gap);
        }
    }
}
