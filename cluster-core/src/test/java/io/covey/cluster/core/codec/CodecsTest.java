package io.covey.cluster.core.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import io.covey.cluster.Codec;
import io.covey.cluster.CodecException;
import io.covey.cluster.core.wire.Envelope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CodecsTest {

    record Shipment(String id, Instant at, Duration took, List<Integer> parts, Map<String, String> tags, int weight) {}

    interface Shape {}

    record Circle(int radius) implements Shape {}

    @Test
    void jsonWritesTimesAsIsoStringsAndReadsThemBack() {
        Codec<Shipment> codec = Codecs.of(Shipment.class);
        Shipment shipment = new Shipment(
                "s1",
                Instant.parse("2026-01-02T03:04:05.000000006Z"),
                Duration.ofMillis(1500),
                List.of(1, 2),
                Map.of(),
                7);
        byte[] bytes = codec.encode(shipment);
        assertThat(new String(bytes, UTF_8))
                .contains("\"2026-01-02T03:04:05.000000006Z\"")
                .contains("\"PT1.5S\"");
        assertThat(codec.decode(bytes)).isEqualTo(shipment);
        assertThat(codec.name()).isEqualTo("json:Shipment");
    }

    @Test
    void jsonOfAnotherVersionIsRead() {
        byte[] bytes = "{\"id\":\"s1\",\"added\":{\"later\":[1]}}".getBytes(UTF_8);
        assertThat(Codecs.of(Shipment.class).decode(bytes)).isEqualTo(new Shipment("s1", null, null, null, null, 0));
    }

    @Test
    void jsonDoesNotChooseTheClass() {
        byte[] bytes = "{\"@class\":\"io.covey.cluster.core.codec.CodecsTest$Circle\",\"radius\":1}".getBytes(UTF_8);
        assertThatThrownBy(() -> Codecs.of(Shape.class).decode(bytes)).isInstanceOf(CodecException.class);
        assertThat(Codecs.of(Object.class).decode(bytes)).isInstanceOf(Map.class);
    }

    @Test
    void whatIsNotJsonOfTheTypeIsRefused() {
        Codec<Circle> codec = Codecs.of(Circle.class);
        for (String text :
                List.of("", "null", "{", "[]", "{\"radius\":\"x\"}", "{\"radius\":1}{}", "[".repeat(100_000))) {
            assertThatThrownBy(() -> codec.decode(text.getBytes(UTF_8)))
                    .as(text)
                    .isInstanceOf(CodecException.class);
        }
    }

    @Test
    void bytesAndTextAreAsTheyAre() {
        byte[] bytes = {0, -1, 7};
        byte[] encoded = Codecs.of(byte[].class).encode(bytes);
        assertThat(encoded).isEqualTo(bytes).isNotSameAs(bytes);
        assertThat(Codecs.of(String.class).encode("grün")).isEqualTo("grün".getBytes(UTF_8));
        assertThat(Codecs.of(String.class).decode("grün".getBytes(UTF_8))).isEqualTo("grün");
        assertThatThrownBy(() -> Codecs.of(String.class).decode(bytes)).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> Codecs.of(String.class).encode("\ud800")).isInstanceOf(CodecException.class);
    }

    @Test
    void protobufMessagesAreProtobuf() {
        Envelope message = Envelope.newBuilder().setChannel("/a").setSeq(3).build();
        Codec<Envelope> codec = Codecs.of(Envelope.class);
        assertThat(codec.encode(message)).isEqualTo(message.toByteArray());
        assertThat(codec.decode(message.toByteArray())).isEqualTo(message);
        assertThatThrownBy(() -> codec.decode(new byte[] {1, 2, 3})).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> Codecs.of(Message.class))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("Message");
    }

    @Test
    void whatGoesWrongNamesThePlaceAndTheCodec() {
        assertThatThrownBy(() -> Codecs.decode(Codecs.of(Circle.class), "{".getBytes(UTF_8), "Cache c, key \"k\""))
                .isInstanceOf(CodecException.class)
                .hasMessageStartingWith("Cache c, key \"k\"")
                .hasMessageContaining("json:Circle");
    }
}
