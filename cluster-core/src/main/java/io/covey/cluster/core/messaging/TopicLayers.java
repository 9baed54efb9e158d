package io.covey.cluster.core.messaging;

import com.google.protobuf.InvalidProtocolBufferException;
import io.covey.cluster.Registration;
import io.covey.cluster.TopicMiddleware;
import io.covey.cluster.core.wire.EnvelopeHeaders;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.Layers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What is done around the messages of topics, the first outside; and what travels with them for it. */
final class TopicLayers {
    static final byte[] NO_HEADERS = {};
    private static final int MOST = 16;
    private static final int MOST_CHARACTERS = 4096;

    private final Layers<TopicMiddleware> layers = new Layers<>();

    Registration add(TopicMiddleware middleware) {
        return layers.add(middleware);
    }

    CompletionStage<Delivery> publish(String channel, Function<byte[], CompletionStage<Delivery>> send) {
        List<TopicMiddleware> now = layers.now();
        return now.isEmpty() ? send.apply(NO_HEADERS) : publish(now, 0, channel, new HashMap<>(), send);
    }

    private static CompletionStage<Delivery> publish(
            List<TopicMiddleware> layers,
            int layer,
            String channel,
            Map<String, String> headers,
            Function<byte[], CompletionStage<Delivery>> send) {
        return layer == layers.size()
                ? send.apply(write(headers))
                : layers.get(layer)
                        .publish(channel, headers, changed -> publish(layers, layer + 1, channel, changed, send));
    }

    /** What hands a message to its subscriber. */
    Runnable delivery(Arrival arrival, Runnable subscriber) {
        List<TopicMiddleware> now = layers.now();
        if (now.isEmpty()) {
            return subscriber;
        }
        String channel = arrival.channel().text();
        Map<String, String> headers = read(arrival.headers());
        Runnable rest = subscriber;
        for (int i = now.size() - 1; i >= 0; i--) {
            TopicMiddleware outside = now.get(i);
            Runnable inside = rest;
            rest = () -> outside.deliver(channel, headers, inside);
        }
        return rest;
    }

    private static byte[] write(Map<String, String> headers) {
        if (headers.isEmpty()) {
            return NO_HEADERS;
        }
        int characters = characters(headers);
        if (headers.size() > MOST || characters > MOST_CHARACTERS) {
            throw new IllegalArgumentException("A message carries at most " + MOST + " headers of together "
                    + MOST_CHARACTERS + " characters, were " + headers.size() + " of " + characters
                    + "; it was not sent");
        }
        return EnvelopeHeaders.newBuilder().putAllHeader(headers).build().toByteArray();
    }

    /** Those of a message; who sends too many has none. */
    private static Map<String, String> read(byte[] bytes) {
        if (bytes.length == 0) {
            return Map.of();
        }
        try {
            Map<String, String> headers = EnvelopeHeaders.parseFrom(bytes).getHeaderMap();
            return headers.size() > MOST || characters(headers) > MOST_CHARACTERS ? Map.of() : Map.copyOf(headers);
        } catch (InvalidProtocolBufferException e) {
            return Map.of();
        }
    }

    private static int characters(Map<String, String> headers) {
        int characters = 0;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            characters += header.getKey().length() + header.getValue().length();
        }
        return characters;
    }
}
