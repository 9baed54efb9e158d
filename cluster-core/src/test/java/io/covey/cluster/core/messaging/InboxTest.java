package io.covey.cluster.core.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.covey.cluster.Gap;
import io.covey.cluster.core.runtime.BackendClock;
import io.covey.cluster.core.wire.Envelope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class InboxTest {
    private final BackendClock clock = new BackendClock(System::nanoTime);
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final List<Long> heard = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final Receiver receiver = new Receiver() {
        @Override
        public boolean wants(String channel) {
            return true;
        }

        @Override
        public void onMessage(Envelope.Builder envelope) {
            heard.add(envelope.getSeq());
            if (envelope.getSeq() == 3) {
                throw new IllegalStateException("on purpose");
            }
        }

        @Override
        public void onGap(Gap gap) {
            gaps.add(gap);
        }
    };
    private final Inbox inbox = new Inbox(
            "/a", new Gate(Optional.empty(), 1 << 24, clock, new Rejections(System::nanoTime)), receiver, later::add);

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
        });
    }

    @Test
    void whenItOverflowsTheOldestAreDroppedAndTheirNumberIsAnnouncedOnce() {
        inbox.onMessage("/a", frame(1, 0));
        run();
        for (int seq = 2; seq <= Inbox.MOST_MESSAGES + 8; seq++) {
            inbox.onMessage("/a", frame(seq, 0));
        }
        run();
        assertThat(heard).hasSize(Inbox.MOST_MESSAGES + 1).endsWith(Inbox.MOST_MESSAGES + 8L);
        assertThat(heard.get(1)).isEqualTo(9);
        assertThat(gaps).extracting(Gap::missed).containsExactly(OptionalLong.of(7));
    }

    @Test
    void itsBytesAreBoundedToo() {
        int size = 1 << 20;
        for (int seq = 1; seq <= 70; seq++) {
            inbox.onMessage("/a", frame(seq, size));
        }
        run();
        assertThat((long) heard.size() * size).isLessThanOrEqualTo(Inbox.MOST_BYTES);
        assertThat(heard).endsWith(70L);
        assertThat(gaps)
                .singleElement()
                .satisfies(gap ->
                        assertThat(gap.missed().orElseThrow() + heard.size()).isEqualTo(70));
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
        for (int seq = 1; seq <= Inbox.MOST_MESSAGES; seq++) {
            inbox.onMessage("/a", frame(seq, 0));
        }
        run();
        assertThat(heard).hasSize(Inbox.MOST_MESSAGES);
        assertThat(gaps).extracting(Gap::missed).containsExactly(OptionalLong.empty());
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
