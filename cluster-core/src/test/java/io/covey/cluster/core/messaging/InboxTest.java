package io.covey.cluster.core.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.covey.cluster.Backlog;
import io.covey.cluster.CodecException;
import io.covey.cluster.Gap;
import io.covey.cluster.Overflow;
import io.covey.cluster.Position;
import io.covey.cluster.SubscriptionStats;
import io.covey.cluster.core.runtime.BackendClock;
import io.covey.cluster.core.wire.Envelope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class InboxTest {
    private static final int MOST = 1000;
    private static final long UNREADABLE = 77_777;

    private final BackendClock clock = new BackendClock(System::nanoTime);
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final List<Long> heard = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private final Receiver receiver = new Receiver() {
        @Override
        public boolean wants(String channel) {
            return true;
        }

        @Override
        public Runnable open(Arrival arrival, Optional<Position> position) {
            long seq = arrival.seq();
            if (seq == UNREADABLE) {
                throw new CodecException("unreadable", new IllegalStateException());
            }
            return () -> {
                heard.add(seq);
                Runnable once = during;
                during = () -> {};
                once.run();
                if (seq == 3) {
                    throw new IllegalStateException("on purpose");
                }
                if (seq == 4) {
                    throw new AssertionError("on purpose");
                }
            };
        }

        @Override
        public boolean missesUnkept() {
            return true;
        }

        @Override
        public void onEnd(String reason) {
            ends.add(reason);
        }

        @Override
        public void onGap(Gap gap) {
            gaps.add(gap);
        }
    };
    private final Inbox inbox = inbox(Backlog.of(MOST));
    private Runnable during = () -> {};

    private Inbox inbox(Backlog backlog) {
        return inbox(backlog, Optional.of(later::add));
    }

    private Inbox inbox(Backlog backlog, Optional<Executor> sequence) {
        Gate gate = new Gate(Optional.empty(), 1 << 24, clock, new Rejections(System::nanoTime));
        return new Inbox(new Hearing("/a", gate, receiver, new Tally()), sequence, backlog, Optional.empty());
    }

    @Test
    void messagesComeInOrderAndAListenerThatThrowsHearsTheNext() {
        for (int seq = 1; seq <= 5; seq++) {
            inbox.onMessage("/a", frame(seq, 0));
        }
        run();
        assertThat(heard).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(gaps).isEmpty();
    }

    @Test
    void aHoleIsAnnouncedBeforeTheMessageBehindIt() {
        inbox.onMessage("/a", frame(1, 0));
        inbox.onMessage("/a", frame(4, 0));
        run();
        assertThat(heard).containsExactly(1L, 4L);
        assertThat(gaps).singleElement().satisfies(gap -> {
            assertThat(gap.channel()).isEqualTo("/a");
            assertThat(gap.missed()).isEqualTo(OptionalLong.of(2));
            assertThat(gap.hole()).contains(new Gap.Hole("s", 2, 3));
        });
    }

    @Test
    void whenItOverflowsTheOldestAreDroppedAndTheirNumberIsAnnouncedOnce() {
        inbox.onMessage("/a", frame(1, 0));
        run();
        for (int seq = 2; seq <= MOST + 8; seq++) {
            inbox.onMessage("/a", frame(seq, 0));
        }
        run();
        assertThat(heard).hasSize(MOST + 1).endsWith(MOST + 8L);
        assertThat(heard.get(1)).isEqualTo(9);
        assertThat(gaps).extracting(Gap::missed).containsExactly(OptionalLong.of(7));
    }

    @Test
    void itsBytesAreBoundedToo() {
        int size = 1 << 20;
        Inbox small = inbox(Backlog.of(MOST).bytes(10L * size + size / 2));
        for (int seq = 1; seq <= 70; seq++) {
            small.onMessage("/a", frame(seq, size));
        }
        run();
        assertThat(heard).hasSize(10).endsWith(70L);
        assertThat(gaps)
                .singleElement()
                .satisfies(gap -> assertThat(gap.missed()).hasValue(60));
    }

    @Test
    void whileASubscriberBlocksLittleMoreThanItsBytesIsKept() {
        int size = 1000;
        Inbox small = inbox(Backlog.of(MOST).bytes(32 * size));
        List<Integer> waiting = new ArrayList<>();
        during = () -> {
            for (int seq = 33; seq <= 100; seq++) {
                small.onMessage("/a", frame(seq, size));
            }
            waiting.add(small.stats().waiting());
        };
        for (int seq = 1; seq <= 32; seq++) {
            small.onMessage("/a", frame(seq, size));
        }
        run();
        assertThat(waiting.get(0)).isBetween(28, 34);
    }

    @Test
    void aMessageOverTheBoundOfBytesFindsRoomAlone() {
        Inbox small = inbox(Backlog.of(MOST).bytes(10));
        small.onMessage("/a", frame(1, 1000));
        run();
        small.onMessage("/a", frame(2, 1000));
        small.onMessage("/a", frame(3, 1000));
        run();
        assertThat(heard).containsExactly(1L, 3L);
        assertThat(gaps).extracting(Gap::missed).containsExactly(OptionalLong.of(1));
    }

    @Test
    void theNewestAreDroppedIfAskedForAndAnnouncedInTheirPlace() {
        Inbox newest = inbox(Backlog.of(2).whenFull(Overflow.DROP_NEWEST));
        for (int seq = 1; seq <= 5; seq++) {
            newest.onMessage("/a", frame(seq, 0));
        }
        later.remove().run();
        newest.onMessage("/a", frame(6, 0));
        run();
        assertThat(heard).containsExactly(1L, 2L, 6L);
        assertThat(gaps).extracting(Gap::missed).containsExactly(OptionalLong.of(3));
        assertThat(newest.stats().dropped()).isEqualTo(3);
    }

    @Test
    void aSubscriptionThatEndsWhenItIsFullHearsWhatWaitsAndThenThatItEnded() {
        List<String> closed = new ArrayList<>();
        Inbox ending = inbox(Backlog.of(2).whenFull(Overflow.END));
        ending.registration(() -> closed.add("closed"));
        for (int seq = 1; seq <= 5; seq++) {
            ending.onMessage("/a", frame(seq, 0));
        }
        run();
        ending.onMessage("/a", frame(6, 0));
        run();
        assertThat(heard).containsExactly(1L, 2L);
        assertThat(ends).singleElement().asString().contains("2 messages");
        assertThat(closed).isNotEmpty();
        assertThat(gaps).isEmpty();
    }

    @Test
    void itCountsWhatItHearsDropsRejectsAndCannotRead() {
        inbox.onMessage("/a", frame(1, 0));
        inbox.onMessage("/a", frame(1, 0));
        inbox.onMessage("/a", frame(4, 0));
        inbox.onMessage("/a", new byte[] {1, 2, 3});
        inbox.onMessage("/a", frame(UNREADABLE, 0));
        assertThat(inbox.stats().waiting()).isEqualTo(5);
        run();
        assertThat(inbox.stats()).isEqualTo(new SubscriptionStats(2, 0, 3, 2, 1, 0, 0));
        assertThat(gaps.get(2).hole()).contains(new Gap.Hole("s", UNREADABLE, UNREADABLE));
    }

    @Test
    void anEndOfTheTransportIsHeardBehindWhatWaits() {
        inbox.onMessage("/a", frame(1, 0));
        inbox.onEnd("refused");
        inbox.onMessage("/a", frame(2, 0));
        run();
        assertThat(heard).containsExactly(1L);
        assertThat(ends).containsExactly("refused");
    }

    @Test
    void aGapOfTheTransportIsPassedOnInItsPlace() {
        inbox.onMessage("/a", frame(1, 0));
        inbox.onGap(new Gap("/a", OptionalLong.empty(), "reconnected"));
        run();
        assertThat(gaps).extracting(Gap::reason).containsExactly("reconnected");
    }

    @Test
    void aGapThatWasDroppedItselfIsStillAnnounced() {
        inbox.onGap(new Gap("/a", OptionalLong.empty(), "reconnected"));
        for (int seq = 1; seq <= MOST; seq++) {
            inbox.onMessage("/a", frame(seq, 0));
        }
        run();
        assertThat(heard).hasSize(MOST);
        assertThat(gaps).extracting(Gap::missed).containsExactly(OptionalLong.empty());
    }

    @Test
    void aSubscriberThatNeverBlocksHearsWhereTheTransportCalls() {
        Inbox quick = inbox(Backlog.of(MOST), Optional.empty());
        quick.onMessage("/a", frame(3, 0));
        assertThat(heard).containsExactly(3L);
        quick.onGap(new Gap("/a", OptionalLong.empty(), "reconnected"));
        quick.onMessage("/a", frame(4, 0));
        quick.onMessage("/a", frame(5, 0));
        assertThat(heard).containsExactly(3L, 4L, 5L);
        assertThat(gaps).extracting(Gap::reason).containsExactly("reconnected");
        quick.registration(() -> {}).close();
        quick.onMessage("/a", frame(6, 0));
        assertThat(heard).hasSize(3);
        assertThat(later).isEmpty();
    }

    @Test
    void whatComesWhileItHearsIsHeardNextAndWithinItsBounds() {
        Inbox quick = inbox(Backlog.of(2), Optional.empty());
        during = () -> {
            for (int seq = 2; seq <= 5; seq++) {
                quick.onMessage("/a", frame(seq, 0));
            }
            assertThat(heard).containsExactly(1L);
        };
        quick.onMessage("/a", frame(1, 0));
        assertThat(heard).containsExactly(1L, 4L, 5L);
        assertThat(gaps).extracting(Gap::missed).containsExactly(OptionalLong.of(2));
    }

    @Test
    void whatWasTakenFromTheQueueAtOnceStillCountsAsWaiting() {
        List<Integer> left = new ArrayList<>();
        during = () -> left.add(inbox.stats().waiting());
        for (int seq = 1; seq <= 5; seq++) {
            inbox.onMessage("/a", frame(seq, 0));
        }
        run();
        assertThat(left).containsExactly(4);
        assertThat(inbox.stats().waiting()).isZero();
    }

    @Test
    void nothingIsHeardAfterTheEnd() {
        inbox.onMessage("/a", frame(1, 0));
        inbox.registration(() -> {}).close();
        inbox.onMessage("/a", frame(2, 0));
        run();
        assertThat(heard).isEmpty();
    }

    private void run() {
        for (Runnable task = later.poll(); task != null; task = later.poll()) {
            task.run();
        }
    }

    private static byte[] frame(long seq, int size) {
        return Sealing.frame(Envelope.newBuilder()
                .setChannel("/a")
                .setSender("s")
                .setSeq(seq)
                .setPayload(ByteString.copyFrom(new byte[size]))
                .build());
    }
}
