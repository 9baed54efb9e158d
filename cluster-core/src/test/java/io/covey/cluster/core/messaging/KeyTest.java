package io.covey.cluster.core.messaging;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.covey.cluster.Secret;
import io.covey.cluster.core.wire.Envelope;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class KeyTest {
    private final Key key = KeyRing.of(List.of(Secret.of("0f1e2d3c4b5a69788796")), "covey", "node")
            .orElseThrow()
            .signing();

    /** Computed by another implementation: {@code hmac} and {@code hashlib} of Python. */
    @Test
    void aSignatureIsWhatTheDesignSays() {
        Letter letter = new Letter("/cluster/test", "sender", 7, new byte[] {1, 2, 3}, 1_700_000_000_000L);
        assertThat(key.id()).isEqualTo("69f3f8488a1a");
        assertThat(HexFormat.of().formatHex(key.sign(letter, 42)))
                .isEqualTo("87feeaae773be685539a2618fa1c1c2a861583f20a8a32b5ec201797e0d5dba7");
    }

    @Test
    void headersAreSignedBehindThePayloadAndMessagesWithoutAreSignedAsEver() {
        Letter plain = new Letter("/a", "sender", 7, new byte[] {1, 2}, 0);
        Letter moved = new Letter("/a", "sender", 7, new byte[] {1}, new byte[] {2}, 0);
        Letter other = new Letter("/a", "sender", 7, new byte[] {1}, new byte[] {3}, 0);
        assertThat(key.sign(moved, 1)).isNotEqualTo(key.sign(plain, 1)).isNotEqualTo(key.sign(other, 1));
        Envelope.Builder envelope = Envelope.newBuilder()
                .setChannel("/a")
                .setSender("sender")
                .setKind(7)
                .setSeq(1)
                .setPayload(ByteString.copyFrom(new byte[] {1}))
                .setHeaders(ByteString.copyFrom(new byte[] {2}))
                .setMac(ByteString.copyFrom(key.sign(moved, 1)));
        assertThat(key.signed(envelope)).isTrue();
        assertThat(key.signed(envelope.clone().setHeaders(ByteString.copyFrom(new byte[] {3}))))
                .isFalse();
        assertThat(key.signed(envelope.clone().clearHeaders())).isFalse();
    }

    @Test
    void manyThreadsSignWithOneKey() {
        Set<String> signatures = ConcurrentHashMap.newKeySet();
        IntStream.range(0, 20_000).parallel().forEach(i -> {
            Letter letter = new Letter("/cluster/test", "sender", 7, new byte[i % 7], 0);
            signatures.add(i % 7 + HexFormat.of().formatHex(key.sign(letter, 1)));
        });
        assertThat(signatures).hasSize(7);
    }

    /** The best of many turns, by the processor time of the thread, since others may disturb any of them. */
    @Test
    void aWrongSignatureCostsTheSameWhereverItIsWrong() {
        Letter letter = new Letter("/cluster/test", "sender", 7, new byte[64], 0);
        byte[] right = key.sign(letter, 1);
        long first = Long.MAX_VALUE;
        long last = Long.MAX_VALUE;
        for (int turn = 0; turn < 50; turn++) {
            first = Math.min(first, nanosToRefuse(letter, right, 0));
            last = Math.min(last, nanosToRefuse(letter, right, right.length - 1));
        }
        assertThat(first).isCloseTo(last, Percentage.withPercentage(30));
    }

    private long nanosToRefuse(Letter letter, byte[] right, int wrongAt) {
        byte[] mac = right.clone();
        mac[wrongAt] ^= 1;
        Envelope.Builder envelope = Envelope.newBuilder()
                .setKeyId(key.id())
                .setSender(letter.sender())
                .setChannel(letter.channel())
                .setKind(letter.kind())
                .setSeq(1)
                .setPayload(ByteString.copyFrom(letter.payload()))
                .setMac(ByteString.copyFrom(mac));
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < 2_000; i++) {
            if (key.signed(envelope)) {
                throw new AssertionError("a wrong signature is taken for right");
            }
        }
        return threads.getCurrentThreadCpuTime() - before;
    }

    /** That no other comparison is near is what can be tested; that this one takes constant time is its promise. */
    @Test
    void signaturesAreComparedInConstantTime() {
        var classes = new ClassFileImporter().importClasses(Key.class, Gate.class, KeyRing.class, Secret.class);
        classes()
                .that()
                .haveSimpleName("Key")
                .should()
                .callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class)
                .check(classes);
        noClasses()
                .should()
                .callMethod(Arrays.class, "equals", byte[].class, byte[].class)
                .check(classes);
    }
}
