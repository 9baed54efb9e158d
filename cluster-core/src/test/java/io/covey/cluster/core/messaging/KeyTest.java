package io.covey.cluster.core.messaging;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.covey.cluster.Secret;
import io.covey.cluster.core.wire.Envelope;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
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
    void aSignatureIsTheHmacOfThePlatformWhateverTheLength() throws GeneralSecurityException {
        byte[] secret = "a key of any thirty-two bytes...".getBytes(UTF_8);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        Key own = new Key("id", secret);
        for (int size = 0; size < 300; size++) {
            byte[] payload = new byte[size];
            Arrays.fill(payload, (byte) size);
            ByteBuffer head = ByteBuffer.allocate(6 + 4 + 2 + 4 + 4 + 2 + 4 + 1 + 8 + 8 + 4 + size)
                    .put("covey1".getBytes(UTF_8))
                    .putInt(2)
                    .put("id".getBytes(UTF_8))
                    .putInt(7)
                    .putInt(2)
                    .put("/a".getBytes(UTF_8))
                    .putInt(1)
                    .put("s".getBytes(UTF_8))
                    .putLong(42)
                    .putLong(1_700_000_000_000L)
                    .putInt(size)
                    .put(payload);
            assertThat(own.sign(new Letter("/a", "s", 7, payload, 1_700_000_000_000L), 42))
                    .as("of %s bytes", size)
                    .isEqualTo(mac.doFinal(head.array()));
        }
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
        assertThat(signed(envelope)).isTrue();
        assertThat(signed(envelope.clone().setHeaders(ByteString.copyFrom(new byte[] {3}))))
                .isFalse();
        assertThat(signed(envelope.clone().clearHeaders())).isFalse();
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
        Arrival arrival = Sealing.arrival(Envelope.newBuilder()
                .setKeyId(key.id())
                .setSender(letter.sender())
                .setChannel(letter.channel())
                .setKind(letter.kind())
                .setSeq(1)
                .setPayload(ByteString.copyFrom(letter.payload()))
                .setMac(ByteString.copyFrom(mac))
                .build());
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < 2_000; i++) {
            if (key.signed(arrival)) {
                throw new AssertionError("a wrong signature is taken for right");
            }
        }
        return threads.getCurrentThreadCpuTime() - before;
    }

    private boolean signed(Envelope.Builder envelope) {
        return key.signed(Sealing.arrival(envelope.build()));
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
