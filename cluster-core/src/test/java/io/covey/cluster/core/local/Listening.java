package io.covey.cluster.core.local;

import io.covey.cluster.Gap;
import io.covey.cluster.spi.MessageBus;
import java.util.function.Consumer;

/** A listener of channels that fails at a gap. */
record Listening(Consumer<String> channels) implements MessageBus.Listener {

    @Override
    public void onMessage(String channel, byte[] message) {
        channels.accept(channel);
    }

    @Override
    public void onGap(Gap gap) {
        throw new AssertionError(gap);
    }
}
