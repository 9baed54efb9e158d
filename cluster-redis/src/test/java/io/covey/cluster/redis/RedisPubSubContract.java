package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Gap;
import io.covey.cluster.History;
import io.covey.cluster.Secret;
import io.covey.cluster.Topic;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.Address;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tck.FaultProxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What subscribers of nodes hear while links are killed, deaf or moved, for each driver. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class RedisPubSubContract {
    private static final Secret TOKEN = Secret.of("c0ffee00c0ffee00c0ffee00");
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final long END = -1;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @AfterEach
    final void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    @Test
    void noMessageIsLostUnreportedThoughLinksAreKilledAgainAndAgain() {
        storm(Duration.ofSeconds(2));
    }

    @Test
    @Tag("long")
    void noMessageIsLostUnreportedForHalfAMinute() {
        storm(Duration.ofSeconds(30));
    }

    /** Every 200 ms all connections of pub/sub are killed. */
    private void storm(Duration time) {
        RedisServer server = closing(RedisServer.start());
        Cluster publisher = join("publisher", server.uri(), drivers());
        Cluster subscriber = join("subscriber", server.uri(), drivers());
        History history = History.last(20_000);
        Heard plain = new Heard();
        Heard pattern = new Heard();
        Heard kept = new Heard();
        subscriber.topic("/storm/plain", Long.class).subscribe(plain);
        subscriber.topic("/storm/**", Long.class).subscribe(pattern.only("/storm/plain"));
        subscriber.topic("/kept", Long.class).withHistory(history).subscribe(kept);
        Heard mixed = new Heard();
        subscriber.topic("/mixed", Long.class).withHistory(history).subscribe(mixed);
        Topic<Long> toPlain = publisher.topic("/storm/plain", Long.class);
        Topic<Long> toKept = publisher.topic("/kept", Long.class).withHistory(history);
        Topic<Long> toMixed = publisher.topic("/mixed", Long.class);
        toMixed.publish(0L);
        eventually().until(() -> mixed.numbers().contains(0L));
        AtomicBoolean stop = new AtomicBoolean();
        Thread killer = new Thread(() -> {
            while (!stop.get()) {
                server.command("CLIENT", "KILL", "TYPE", "pubsub");
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
        });
        killer.start();
        long sent = 0;
        for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; sent++) {
            toPlain.publish(sent);
            toKept.publish(sent);
            (sent % 2 == 0 ? toMixed : toMixed.withHistory(history)).publish(1 + sent);
            LockSupport.parkNanos(1_000_000);
        }
        stop.set(true);
        eventually().until(() -> !killer.isAlive());
        // What was lost last is told by the next message, or by the link that is up again.
        eventually().until(() -> {
            toPlain.publish(END);
            toKept.publish(END);
            toMixed.publish(END);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            return plain.ended() && kept.ended() && pattern.ended() && mixed.ended();
        });
        System.out.println("Links of pub/sub killed every 200 ms for " + time.toSeconds() + " s: " + sent
                + " published, without a history " + plain.numbers().size() + " heard and " + plain.gaps
                + " gaps, with one " + kept.numbers().size() + " heard, half of them with one "
                + mixed.numbers().size() + " heard and " + mixed.gaps + " gaps");
        assertThat(plain.unreported()).isEmpty();
        assertThat(pattern.unreported()).isEmpty();
        assertThat(plain.gaps).isPositive();
        assertThat(kept.numbers()).isEqualTo(LongStream.range(0, sent).boxed().toList());
        assertThat(kept.gaps).isZero();
        assertThat(mixed.numbers()).doesNotHaveDuplicates().containsAll(odd(sent));
        assertThat(mixed.untold(sent)).isEmpty();
    }

    /** Those that were published with the history. */
    private static List<Long> odd(long sent) {
        return LongStream.range(0, sent)
                .filter(number -> number % 2 != 0)
                .map(number -> 1 + number)
                .boxed()
                .toList();
    }

    @Test
    @Tag("long")
    void aHalfOpenLinkIsNoticedWithinTwoHeartbeatsAndTheGapIsReported() {
        RedisServer server = closing(RedisServer.start());
        FaultProxy proxy = closing(new FaultProxy(server.port()));
        RedisUri half = RedisUri.parse(Address.through(proxy, server));
        RedisDriverFactory linksByProxy = (uri, connect, command, state) -> new LinksElsewhere(
                drivers().open(uri, connect, command, state),
                drivers().open(half, connect, Duration.ofMinutes(5), new Availability()));
        Cluster publisher = join("publisher", server.uri(), drivers());
        Cluster subscriber = join("subscriber", server.uri(), linksByProxy);
        History history = History.last(1000);
        Heard plain = new Heard();
        Heard kept = new Heard();
        subscriber.topic("/plain", Long.class).subscribe(plain);
        subscriber.topic("/kept", Long.class).withHistory(history).subscribe(kept);
        Topic<Long> toPlain = publisher.topic("/plain", Long.class);
        Topic<Long> toKept = publisher.topic("/kept", Long.class).withHistory(history);
        toPlain.publish(0L);
        toKept.publish(0L);
        eventually().until(() -> plain.numbers().size() == 1 && kept.numbers().size() == 1);
        CopyOnWriteArrayList<Boolean> states = new CopyOnWriteArrayList<>();
        closing(subscriber.transport().onState(state -> states.add(state.up()))::close);

        long cut = System.nanoTime();
        proxy.blackhole();
        toPlain.publish(1L);
        toKept.publish(1L);
        eventually().until(() -> states.contains(false));
        Duration noticed = Duration.ofNanos(System.nanoTime() - cut);
        System.out.println("Half-open link noticed after " + noticed.toMillis() + " ms");
        // Two heartbeats, and what a busy machine needs.
        assertThat(noticed).isLessThan(HEARTBEAT.multipliedBy(2).plusSeconds(10));
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(() -> System.nanoTime() - cut > Duration.ofSeconds(20).toNanos());
        proxy.reset();
        proxy.pass();
        eventually().until(() -> {
            toPlain.publish(END);
            toKept.publish(END);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            return plain.ended() && kept.ended();
        });
        assertThat(plain.unreported()).isEmpty();
        assertThat(plain.gaps).isPositive();
        assertThat(kept.numbers()).containsExactly(0L, 1L);
        assertThat(kept.gaps).isZero();
    }

    @Test
    @Tag("long")
    void aShardedSubscriptionFollowsItsSlot() {
        RedisCluster redis = closing(RedisCluster.start());
        Cluster publisher = join("publisher", redis.uri(), drivers());
        Cluster subscriber = join("subscriber", redis.uri(), drivers());
        String slot = new Keys("covey", "resque", 0, true).shard(ShardedMessageBus.number("/moving"));
        Topic<Long> toPlain = publisher.topic("/moving", Long.class).sharded();
        Heard plain = new Heard();
        subscriber.topic("/moving", Long.class).sharded().subscribe(plain);
        RedisServer first = redis.masterOf(slot);
        long next = 0;
        for (RedisServer node : redis.nodes()) {
            if (node == first) {
                continue;
            }
            for (int i = 0; i < 20; i++) {
                toPlain.publish(next++);
            }
            long heard = next - 1;
            eventually().until(() -> plain.numbers().contains(heard));
            redis.moveSlot(slot, node, () -> {});
            long probe = next++;
            eventually().ignoreExceptionsInstanceOf(TransportException.class).until(() -> {
                toPlain.publish(probe);
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                return plain.numbers().contains(probe);
            });
        }
        assertThat(plain.gaps).isPositive();
        assertThat(plain.unreported()).isEmpty();
    }

    @Test
    @Tag("long")
    void aShardedHistoryMovesWithItsSlotAndLosesNothing() {
        RedisCluster redis = closing(RedisCluster.start());
        Cluster publisher = join("publisher", redis.uri(), drivers());
        Cluster subscriber = join("subscriber", redis.uri(), drivers());
        History history = History.last(10_000);
        String slot = new Keys("covey", "resque", 0, true).shard(ShardedMessageBus.number("/kept"));
        Topic<Long> toKept =
                publisher.topic("/kept", Long.class).withHistory(history).sharded();
        Heard kept = new Heard();
        subscriber.topic("/kept", Long.class).withHistory(history).sharded().subscribe(kept);
        RedisServer first = redis.masterOf(slot);
        List<Long> answered = new ArrayList<>();
        long next = 0;
        for (RedisServer node : redis.nodes()) {
            if (node == first) {
                continue;
            }
            AtomicBoolean moved = new AtomicBoolean();
            Thread mover = new Thread(() -> {
                redis.moveSlot(slot, node, () -> {});
                moved.set(true);
            });
            mover.start();
            for (int after = 0; after < 50; after += moved.get() ? 1 : 0) {
                try {
                    toKept.publish(next);
                    answered.add(next);
                } catch (TransportException e) {
                    // Refused while the slot is on its way.
                }
                next++;
            }
        }
        eventually().until(() -> kept.numbers().containsAll(answered));
        assertThat(kept.numbers()).doesNotHaveDuplicates().isSorted();
    }

    private Cluster join(String name, String uri, RedisDriverFactory by) {
        TransportConfig config = TransportConfig.of(uri).withTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(9));
        Transport transport = RedisTransport.open(config, by, HEARTBEAT);
        return closing(Cluster.join(ClusterConfig.builder(uri)
                .name(name)
                .token(TOKEN)
                .transport(transport)
                .build()));
    }

    private <T extends AutoCloseable> T closing(T one) {
        opened.push(one);
        return one;
    }

    private static ConditionFactory eventually() {
        return Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(60));
    }

    /** What a subscriber heard, and between which numbers it was told of gaps. */
    private static final class Heard implements Topic.Listener<Long> {
        private static final long GAP = -2;

        private final Queue<Long> events = new ConcurrentLinkedQueue<>();
        private volatile String only = "";
        private volatile int gaps;

        Heard only(String channel) {
            only = channel;
            return this;
        }

        @Override
        public void onMessage(String channel, Long number) {
            if (only.isEmpty() || only.equals(channel)) {
                events.add(number);
            }
        }

        @Override
        public void onGap(Gap gap) {
            gaps++;
            events.add(GAP);
        }

        boolean ended() {
            return events.contains(END);
        }

        List<Long> numbers() {
            return events.stream().filter(event -> event >= 0).toList();
        }

        /**
         * Numbers that did not come though no gap was told before the first higher one. Some of those that came may have
         * waited until others were read from the history.
         */
        List<Long> untold(long last) {
            List<Long> all = List.copyOf(events);
            Set<Long> came = Set.copyOf(all);
            List<Long> untold = new ArrayList<>();
            for (long missing = 0; missing <= last; missing++) {
                if (!came.contains(missing)) {
                    long number = missing;
                    int higher = 0;
                    while (higher < all.size() && all.get(higher) <= number) {
                        higher++;
                    }
                    int lower = higher - 1;
                    while (lower >= 0 && (all.get(lower) < 0 || all.get(lower) > number)) {
                        lower--;
                    }
                    if (!all.subList(lower + 1, higher).contains(GAP)) {
                        untold.add(number);
                    }
                }
            }
            return untold;
        }

        /** Numbers behind which something is missing that no gap told of. */
        List<Long> unreported() {
            List<Long> unreported = new ArrayList<>();
            long last = -1;
            boolean told = false;
            for (long event : events) {
                if (event == GAP) {
                    told = true;
                } else if (event >= 0) {
                    if (event != last + 1 && !told) {
                        unreported.add(last);
                    }
                    last = event;
                    told = false;
                }
            }
            return unreported;
        }
    }
}
