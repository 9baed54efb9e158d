package io.covey.cluster.tck;

import io.covey.cluster.Gap;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.Place;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** Writes down what it hears, and whether it was called by two threads at once. */
final class Recorder implements MessageBus.Listener {
    final List<Heard> heard = new CopyOnWriteArrayList<>();
    final List<Gap> gaps = new CopyOnWriteArrayList<>();
    final List<String> ends = new CopyOnWriteArrayList<>();
    final List<Place> places = new CopyOnWriteArrayList<>();
    private final AtomicBoolean inCall = new AtomicBoolean();
    private volatile boolean overlapped;

    record Heard(String channel, byte[] message) {
        String text() {
            return new String(message, StandardCharsets.UTF_8);
        }
    }

    @Override
    public void onMessage(String channel, byte[] message) {
        overlapped |= !inCall.compareAndSet(false, true);
        heard.add(new Heard(channel, message));
        inCall.set(false);
    }

    @Override
    public void onMessage(String channel, byte[] message, Place place) {
        places.add(place);
        onMessage(channel, message);
    }

    @Override
    public void onGap(Gap gap) {
        gaps.add(gap);
    }

    @Override
    public void onEnd(String reason) {
        ends.add(reason);
    }

    boolean overlapped() {
        return overlapped;
    }

    List<String> texts() {
        return heard.stream().map(Heard::text).toList();
    }

    List<String> texts(String channel) {
        return heard.stream()
                .filter(h -> h.channel().equals(channel))
                .map(Heard::text)
                .toList();
    }
}
