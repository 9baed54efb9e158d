package io.covey.cluster.core.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import com.sun.management.ThreadMXBean;
import io.covey.cluster.CodecException;
import io.covey.cluster.Rejection;
import io.covey.cluster.Secret;
import io.covey.cluster.core.codec.Codecs;
import io.covey.cluster.core.runtime.BackendClock;
import io.covey.cluster.core.wire.Envelope;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Frames that are made to be expensive: what they cost of processor and memory, by the counters of the thread. Time on the
 * wall is no measure of them, since it tells what else the machine does.
 */
class BombsTest {
    private static final String CHANNEL = "/cluster/test";
    private static final int LIMIT = 1 << 20;
    private static final Duration MOST_TIME = Duration.ofMillis(50);
    private static final int TRIES = 7;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final AtomicLong nanos = new AtomicLong();
    private final BackendClock clock = new BackendClock(nanos::get);
    private final Rejections rejections = new Rejections(nanos::get);
    private final KeyRing ring = KeyRing.of(List.of(Secret.of("0f1e2d3c4b5a69788796")), "covey", "node")
            .orElseThrow();
    private final Gate gate = new Gate(Optional.of(ring), LIMIT, clock, rejections);

    @Test
    void theLimitIsTheLastSizeThatIsLookedAt() {
        assertThat(gate.fits(CHANNEL, new byte[LIMIT - 1])).isTrue();
        assertThat(gate.fits(CHANNEL, new byte[LIMIT])).isTrue();
        assertThat(gate.fits(CHANNEL, new byte[LIMIT + 1])).isFalse();
        byte[] huge = new byte[64 << 20];
        cheap("64 MiB", 0, () -> assertThat(gate.fits(CHANNEL, huge)).isFalse());
        assertThat(rejections.counts().get(Rejection.SIZE)).isEqualTo(1 + TRIES);
    }

    @Test
    void nestedGroupsAreLeftAtTheSixteenth() {
        refused("groups", Sealing.frame(out -> {
            for (int i = 0; i < 10_000; i++) {
                out.writeTag(100, WireFormat.WIRETYPE_START_GROUP);
            }
        }));
    }

    @Test
    void nestedMessagesAreNotOpened() {
        byte[] inner = messages(10_000);
        refused("messages", Sealing.frame(out -> out.writeByteArray(30, inner)));
    }

    @Test
    void unknownFieldsLeaveNothingBehind() {
        refused("800 kB of small fields", Sealing.frame(out -> {
            for (int i = 0; i < 400_000; i++) {
                out.writeUInt32(9, 1);
            }
        }));
        refused("a packed field", Sealing.frame(out -> out.writeByteArray(9, new byte[LIMIT - 20])));
    }

    @Test
    void fieldsThatComeAgainAndAgainCostNoMoreThanTheirBytes() {
        for (int field : new int[] {
            Envelope.KEY_ID_FIELD_NUMBER,
            Envelope.PAYLOAD_FIELD_NUMBER,
            Envelope.SENDER_FIELD_NUMBER,
            Envelope.CHANNEL_FIELD_NUMBER,
            Envelope.MAC_FIELD_NUMBER
        }) {
            refused("field " + field, Sealing.frame(out -> {
                for (int i = 0; i < 10_000; i++) {
                    out.writeByteArray(field, "0123456789012345678901234567890123456789".getBytes(UTF_8));
                }
            }));
        }
    }

    @Test
    void aLengthThatIsALieReservesNothing() {
        refused("a GiB promised", Sealing.frame(out -> {
            out.writeTag(Envelope.PAYLOAD_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(1 << 30);
        }));
    }

    @Test
    void aLongNameIsRefusedBeforeItIsCompared() {
        refused(
                "a sender of 1 MB",
                Sealing.frame(out -> out.writeString(Envelope.SENDER_FIELD_NUMBER, "s".repeat(1_000_000))));
        refused("a channel of 1 MB", Sealing.frame(out -> {
            out.writeString(Envelope.SENDER_FIELD_NUMBER, "s");
            out.writeUInt64(Envelope.SEQ_FIELD_NUMBER, 1);
            out.writeString(Envelope.CHANNEL_FIELD_NUMBER, "c".repeat(1_000_000));
        }));
    }

    @Test
    void aPayloadOfTheLargestSizeWithAWrongSignatureIsRefused() {
        byte[] frame =
                Frame.write(new Letter(CHANNEL, "s", 1, new byte[LIMIT - 200], clock.millis()), 1, ring.signing());
        frame[frame.length - 1] ^= 1;
        refused("a signature", frame);
        assertThat(rejections.counts().get(Rejection.MAC)).isEqualTo(TRIES);
    }

    @Test
    void jsonOfMessagesIsBoundedInDepth() {
        byte[] deep = ("[".repeat(100_000) + "]".repeat(100_000)).getBytes(UTF_8);
        cheap(
                "deep JSON",
                20L << 20,
                () -> assertThatThrownBy(() -> Codecs.decode(Codecs.of(Object.class), deep, "Topic /a"))
                        .isInstanceOf(CodecException.class));
        byte[] number = ("[1e400," + "9".repeat(100_000) + "]").getBytes(UTF_8);
        cheap(
                "a long number",
                20L << 20,
                () -> assertThatThrownBy(() -> Codecs.decode(Codecs.of(Object.class), number, "Topic /a"))
                        .isInstanceOf(CodecException.class));
    }

    @Test
    void keysOfJsonThatCollideAreNoTrouble() {
        StringBuilder keys = new StringBuilder("{");
        for (int i = 0; i < 1 << 15; i++) {
            keys.append(i == 0 ? "\"" : ",\"");
            for (int bit = 0; bit < 15; bit++) {
                keys.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            keys.append("\":1");
        }
        byte[] json = keys.append('}').toString().getBytes(UTF_8);
        assertThat(json).hasSizeGreaterThan(LIMIT);
        long before = THREADS.getCurrentThreadCpuTime();
        Object decoded = Codecs.decode(Codecs.of(Object.class), json, "Topic /a");
        assertThat((Map<?, ?>) decoded).hasSize(1 << 15);
        assertThat(Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void wrongSignaturesByTheThousandLeaveNothingBehind() {
        wrongSignatures(20_000);
    }

    @Test
    @Tag("long")
    void wrongSignaturesByTheMillionLeaveNothingBehind() {
        wrongSignatures(1_000_000);
    }

    /** Every one from another sender, so that one that was remembered would count. */
    private void wrongSignatures(int count) {
        Random random = new Random(5);
        byte[] mac = new byte[Key.MAC_BYTES];
        long before = THREADS.getCurrentThreadAllocatedBytes();
        long heap = heapInUse();
        long busy = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < count; i++) {
            random.nextBytes(mac);
            byte[] frame = Sealing.frame(Envelope.newBuilder()
                    .setKeyId(ring.signing().id())
                    .setSender("s" + i)
                    .setChannel(CHANNEL)
                    .setSeq(1)
                    .setSentMs(clock.millis())
                    .setPayload(ByteString.copyFromUtf8("payload"))
                    .setMac(ByteString.copyFrom(mac))
                    .build());
            long start = THREADS.getCurrentThreadCpuTime();
            assertThat(gate.admit(CHANNEL, frame)).isEmpty();
            if (THREADS.getCurrentThreadCpuTime() - start > MOST_TIME.toNanos()) {
                // Now and then a machine charges a thread for what it did not do: the same frame is refused again.
                cheap(
                        "frame " + i,
                        64 << 10,
                        () -> assertThat(gate.admit(CHANNEL, frame)).isEmpty());
            }
        }
        busy = THREADS.getCurrentThreadCpuTime() - busy;
        heap = heapInUse() - heap;
        long each = (THREADS.getCurrentThreadAllocatedBytes() - before) / count;
        assertThat(rejections.counts().get(Rejection.MAC)).isGreaterThanOrEqualTo(count);
        assertThat(gate.senders()).isZero();
        assertThat(heap).as("bytes left behind by all").isLessThan(2 << 20);
        assertThat(Duration.ofNanos(busy / count))
                .as("processor time for one, with its making")
                .isLessThan(Duration.ofMillis(1));
        assertThat(each).as("bytes of garbage for one, with its making").isLessThan(16 << 10);
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

    private void refused(String what, byte[] frame) {
        assertThat(gate.fits(CHANNEL, frame)).as(what).isTrue();
        cheap(
                what,
                4L * frame.length + (64 << 10),
                () -> assertThat(gate.admit(CHANNEL, frame)).isEmpty());
        assertThat(gate.senders()).isZero();
    }

    /** The best of some tries: the first ones load classes, and others may be disturbed. */
    private static void cheap(String what, long bytes, Runnable check) {
        long time = Long.MAX_VALUE;
        long memory = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            long start = THREADS.getCurrentThreadCpuTime();
            check.run();
            time = Math.min(time, THREADS.getCurrentThreadCpuTime() - start);
            memory = Math.min(memory, THREADS.getCurrentThreadAllocatedBytes() - allocated);
        }
        assertThat(Duration.ofNanos(time)).as("processor time for %s", what).isLessThan(MOST_TIME);
        assertThat(memory).as("memory for %s", what).isLessThanOrEqualTo(bytes + (64 << 10));
    }

    /** Messages in messages, each of one field. */
    private static byte[] messages(int depth) {
        ByteArrayOutputStream reversed = new ByteArrayOutputStream();
        int size = 0;
        for (int i = 0; i < depth; i++) {
            int length = size;
            int bytes = CodedOutputStream.computeUInt32SizeNoTag(length);
            byte[] prefix = Sealing.bytes(out -> out.writeUInt32NoTag(length));
            for (int b = bytes - 1; b >= 0; b--) {
                reversed.write(prefix[b]);
            }
            reversed.write(5 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED);
            size += bytes + 1;
        }
        byte[] back = reversed.toByteArray();
        byte[] nested = new byte[back.length];
        for (int i = 0; i < back.length; i++) {
            nested[i] = back[back.length - 1 - i];
        }
        return nested;
    }
}
