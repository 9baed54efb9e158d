package io.covey.cluster.rpc;

import io.covey.cluster.rpc.wire.RpcOffer;
import io.covey.cluster.spi.Delivery;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the other nodes what this one serves: when that changes, and when they ask. */
final class OwnOffer {
    private static final Logger LOG = LoggerFactory.getLogger(OwnOffer.class);
    private static final int MOST_NAMES = 500;
    /** What is served together is told together. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final AtomicBoolean asks = new AtomicBoolean();
    private final AtomicLong dueAt = new AtomicLong(Ticker.NEVER);
    private final Post post;
    private final Supplier<List<String>> served;
    private final Ticker ticker;

    OwnOffer(Post post, Supplier<List<String>> served, Ticker ticker) {
        this.post = post;
        this.served = served;
        this.ticker = ticker;
    }

    /** Tells all others soon, and wants to hear from them. */
    void ask() {
        asks.set(true);
        changed();
    }

    /** Tells all others soon. */
    void changed() {
        long at = ticker.now() + PAUSE_NANOS;
        if (dueAt.compareAndSet(Ticker.NEVER, at)) {
            ticker.due(at);
        }
    }

    long tick(long now) {
        long at = dueAt.get();
        if (now < at) {
            return at;
        }
        dueAt.set(Ticker.NEVER);
        publish(Frames.EVERYONE, offer().setAsks(asks.getAndSet(false)).build());
        return dueAt.get();
    }

    /** Tells one that asked, also that it is nothing. */
    void tell(String node) {
        publish(Frames.inbox(node), offer().build());
    }

    /** Asks one that has never told. */
    void ask(String node, Runnable ifNobodyListens) {
        publish(Frames.inbox(node), offer().setAsks(true).build()).thenAccept(delivery -> {
            if (delivery == Delivery.NONE) {
                ifNobodyListens.run();
            }
        });
    }

    private RpcOffer.Builder offer() {
        List<String> names = served.get().stream()
                .filter(name -> !BuiltIn.NAMES.contains(name))
                .sorted()
                .toList();
        return RpcOffer.newBuilder()
                .addAllProcedure(names.subList(0, Math.min(names.size(), MOST_NAMES)))
                .setMore(names.size() > MOST_NAMES);
    }

    /** Whoever does not hear it asks this node in vain, or last. */
    private CompletionStage<Delivery> publish(String channel, RpcOffer offer) {
        return post.publish(channel, Frames.OFFER, offer.toByteArray()).exceptionally(thrown -> {
            LOG.debug("What this node serves was not told", thrown);
            return Delivery.UNKNOWN;
        });
    }
}
