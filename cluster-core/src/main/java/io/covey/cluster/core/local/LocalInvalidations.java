package io.covey.cluster.core.local;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.InvalidationSource;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** News of changed entries, told by whoever changes them, so that they are never late. */
final class LocalInvalidations implements InvalidationSource {
    private final LocalTransport transport;
    private final Watchers watchers;

    LocalInvalidations(LocalTransport transport, Watchers watchers) {
        this.transport = transport;
        this.watchers = watchers;
    }

    @Override
    public Tracking track(String prefix, Listener listener) {
        Runnable end = watchers.add(prefix, key -> listener.invalidated(List.of(key)));
        Registration registration = transport.keep(transport.serial(), end);
        listener.live();
        return new Tracking() {
            @Override
            public CompletionStage<Void> prove() {
                return transport.run(() -> {});
            }

            @Override
            public void close() {
                registration.close();
            }
        };
    }
}
