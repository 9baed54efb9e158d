package io.covey.cluster.core.local;

import io.covey.cluster.Gap;
import io.covey.cluster.Registration;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.MessageBus.Listener;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Who hears which channels of a namespace: found by what a channel starts with, up to each of its slashes. */
final class Subscriptions {
    private static final int MOST_WAITING = 100_000;
    private final ConcurrentMap<String, List<Subscription>> byPrefix = new ConcurrentHashMap<>();

    Registration add(LocalTransport transport, ChannelPattern pattern, Listener listener) {
        Subscription added = new Subscription(pattern, listener, transport.serial(), new AtomicLong());
        byPrefix.compute(pattern.prefix(), (prefix, known) -> {
            List<Subscription> list = known == null ? new CopyOnWriteArrayList<>() : known;
            list.add(added);
            return list;
        });
        return transport.keep(
                added.serial,
                () -> byPrefix.computeIfPresent(pattern.prefix(), (prefix, list) -> {
                    list.remove(added);
                    return list.isEmpty() ? null : list;
                }));
    }

    Delivery publish(String channel, Consumer<Listener> message) {
        ChannelPattern.exact(channel);
        boolean heard = deliver(channel, channel, message);
        for (int slash = channel.lastIndexOf('/'); slash >= 0; slash = channel.lastIndexOf('/', slash - 1)) {
            heard |= deliver(channel.substring(0, slash + 1), channel, message);
        }
        return heard ? Delivery.SOME : Delivery.NONE;
    }

    private boolean deliver(String prefix, String channel, Consumer<Listener> message) {
        boolean heard = false;
        for (Subscription subscription : byPrefix.getOrDefault(prefix, List.of())) {
            if (subscription.pattern.matches(channel)) {
                subscription.deliver(message);
                heard = true;
            }
        }
        return heard;
    }

    private record Subscription(ChannelPattern pattern, Listener listener, Serial serial, AtomicLong missed) {

        private void deliver(Consumer<Listener> message) {
            if (!serial.offer(() -> hear(message), MOST_WAITING)) {
                missed.incrementAndGet();
            }
        }

        private void hear(Consumer<Listener> message) {
            message.accept(listener);
            long lost = missed.getAndSet(0);
            if (lost > 0) {
                listener.onGap(new Gap(
                        pattern.text(),
                        OptionalLong.of(lost),
                        "the listener fell " + MOST_WAITING + " messages behind; the newest were dropped"));
            }
        }
    }
}
